import type { FileHandle } from 'node:fs/promises';
import type { HttpContext } from './context.ts';
import { openFiles } from './open-files.ts';
import { Problem } from './problems.ts';
import { matchesTag, rangeAsked } from './ranges.ts';

/** Bytes by range. */
export interface BytesToSend {
  size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A file to be sent. */
export interface FileToSend {
  /** On this machine; or bytes that lie elsewhere, such as an entry of an archive. */
  from: string | BytesToSend;
  /** Without quotes: a digest, or something that changes with the bytes. */
  tag: string;
  /** Hex SHA-256 of the whole file where it is known: header `Repr-Digest` (RFC 9530), of a part too. */
  sha256?: string;
  mediaType: string;
  /** Name the browser saves it under. */
  name: string;
  /** `immutable`: this address never gives other bytes. `derived`: made of such, may be made anew. `private`: never kept. */
  cache: 'immutable' | 'derived' | 'private';
  /** Bytes of others are never shown on our origin: attachment and sandbox. Our own derived forms may be. */
  isFromDepositor: boolean;
  /** Header `Link`: where the file belongs. */
  links?: string;
}

const wholeReadLimit = 2 * 2 ** 20;
const pieceSize = 2 ** 20;

const cacheControl = {
  immutable: 'public, max-age=31536000, immutable',
  derived: 'public, max-age=3600',
  private: 'private, no-store',
} as const;

/** Media types a browser may show in place although a depositor sent them: pictures without script. */
const shownInPlace = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/tiff', 'text/plain', 'text/csv']);

/** `Content-Disposition` (RFC 8187): an ASCII name for old clients, the real one for all others. */
export function disposition(kind: 'attachment' | 'inline', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const full = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `${kind}; filename="${plain}"; filename*=UTF-8''${full}`;
}

/** Value of `Repr-Digest` (RFC 9530): of the whole file, whatever part of it is sent. @param sha256 hex */
export function reprDigest(sha256: string): string {
  return `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`;
}

function headersOf(file: FileToSend): Record<string, string> {
  const isShown = !file.isFromDepositor || shownInPlace.has(file.mediaType.split(';')[0]!);
  return {
    'content-type': /^text\/(plain|csv)$/.test(file.mediaType) ? `${file.mediaType}; charset=utf-8` : file.mediaType,
    'accept-ranges': 'bytes',
    etag: `"${file.tag}"`,
    ...(file.sha256 === undefined ? {} : { 'repr-digest': reprDigest(file.sha256) }),
    'cache-control': cacheControl[file.cache],
    'content-disposition': disposition(isShown ? 'inline' : 'attachment', file.name),
    'x-content-type-options': 'nosniff',
    ...(file.links === undefined ? {} : { link: file.links }),
    ...(file.isFromDepositor ? { 'content-security-policy': "sandbox; default-src 'none'" } : {}),
    ...(file.cache !== 'private'
      ? { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }
      : {}),
    ...(file.cache === 'immutable'
      ? { 'access-control-expose-headers': 'Content-Range, ETag, Content-Length, Repr-Digest' }
      : {}),
  };
}

/** Reads from an open file; `undefined` where it ends too soon. */
function handleBytes(handle: FileHandle, size: number): BytesToSend {
  return {
    size,
    async read(offset, length) {
      const buffer = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
        if (bytesRead === 0) throw new Error('The file became shorter while it was sent');
        filled += bytesRead;
      }
      return new Uint8Array(buffer.buffer, buffer.byteOffset, length);
    },
  };
}

/** A stream of a range, read piece by piece as the client takes it. */
function streamOf(bytes: BytesToSend, start: number, length: number, done: () => void): ReadableStream<Uint8Array> {
  let at = start;
  const end = start + length;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = await bytes.read(at, Math.min(pieceSize, end - at));
          if (piece.length === 0) throw new Error('The file became shorter while it was sent');
          at += piece.length;
          controller.enqueue(piece);
          if (at >= end) {
            done();
            controller.close();
          }
        } catch (fault) {
          done();
          controller.error(fault);
        }
      },
      cancel: done,
    },
    { highWaterMark: 1 },
  );
}

interface Opened {
  bytes: BytesToSend;
  /** Where it lies, of a file on disk. */
  disk?: { file: string; mark: string; fd: number };
  done(): void;
}

async function openBytes(from: string | BytesToSend): Promise<Opened> {
  if (typeof from !== 'string') return { bytes: from, done: () => {} };
  const { file, done } = await openFiles.acquire(from).catch((cause: unknown) => {
    throw new Problem('not-found', undefined, { cause });
  });
  return {
    bytes: handleBytes(file.handle, file.size),
    disk: { file: from, mark: file.mark, fd: file.handle.fd },
    done,
  };
}

/** What of the file is asked for: `If-Range` with another tag asks for all. */
export function partAsked(c: HttpContext, tag: string, size: number): { start: number; end: number } | undefined {
  const condition = c.req.header('if-range');
  if (condition !== undefined && condition.trim() !== `"${tag}"`) return undefined;
  const asked = rangeAsked(c.req.header('range'), size);
  if (asked !== 'outside') return asked;
  throw new Problem('range-outside', `The file has ${size} bytes.`, {
    headers: { 'content-range': `bytes */${size}` },
  });
}

/**
 * Answers with a file: ranges (one at a time), `If-Range`, `If-None-Match`, `HEAD`. Behind a socket a file on disk goes to it
 * directly (`direct-answer.ts`); of others, up to 2 MiB are read at once, more is streamed.
 * @throws Problem `range-outside`; `not-found` where the file is not there
 */
export async function sendFile(c: HttpContext, file: FileToSend): Promise<Response> {
  const { bytes, disk, done } = await openBytes(file.from);
  let isHandedOn = false;
  try {
    const { size } = bytes;
    const headers = headersOf(file);
    if (matchesTag(c.req.header('if-none-match'), `"${file.tag}"`)) {
      // It has no representation that a digest could be of.
      delete headers['repr-digest'];
      return new Response(null, { status: 304, headers });
    }
    const asked = partAsked(c, file.tag, size);
    const { start, end } = asked ?? { start: 0, end: size - 1 };
    const length = end - start + 1;
    headers['content-length'] = String(length);
    if (asked) headers['content-range'] = `bytes ${start}-${end}/${size}`;
    const status = asked ? 206 : 200;
    if (c.req.method === 'HEAD' || length === 0) return new Response(null, { status, headers });
    if (c.env?.outgoing && disk) {
      isHandedOn = true;
      c.env.direct = { ...disk, size, start, length, status, etag: headers['etag']!, done };
      return new Response(null, { status, headers });
    }
    if (length <= wholeReadLimit)
      return new Response((await bytes.read(start, length)) as Uint8Array<ArrayBuffer>, { status, headers });
    isHandedOn = true;
    return new Response(streamOf(bytes, start, length, done), { status, headers });
  } finally {
    if (!isHandedOn) done();
  }
}
