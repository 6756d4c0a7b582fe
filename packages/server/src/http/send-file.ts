import type { FileHandle } from 'node:fs/promises';
import type { HttpContext } from './context.ts';
import { OpenFiles } from './open-files.ts';
import { Problem } from './problems.ts';
import { matchesTag, rangeAsked } from './ranges.ts';

/** A file, or a part of one, to be sent. */
export interface FileToSend {
  /** On this machine. */
  path: string;
  /** Part of the file that is the resource (an entry of an archive); all of it where left out. */
  part?: { offset: number; size: number };
  /** Without quotes: a digest, or something that changes with the bytes. */
  tag: string;
  mediaType: string;
  /** Name the browser saves it under. */
  name: string;
  /** `immutable`: this address never gives other bytes. `private`: a draft, never kept anywhere. */
  cache: 'immutable' | 'private';
  /** Bytes of others are never shown on our origin: attachment and sandbox. Our own derived forms may be. */
  isFromDepositor: boolean;
}

const wholeReadLimit = 2 * 2 ** 20;
const pieceSize = 2 ** 20;
const files = new OpenFiles();

/** Media types a browser may show in place although a depositor sent them: pictures without script. */
const shownInPlace = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/tiff', 'text/plain', 'text/csv']);

/** RFC 8187: an ASCII name for old clients, the real one for all others. */
function disposition(kind: 'attachment' | 'inline', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const full = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `${kind}; filename="${plain}"; filename*=UTF-8''${full}`;
}

function headersOf(file: FileToSend): Record<string, string> {
  const isShown = !file.isFromDepositor || shownInPlace.has(file.mediaType.split(';')[0]!);
  return {
    'content-type': /^text\/(plain|csv)$/.test(file.mediaType) ? `${file.mediaType}; charset=utf-8` : file.mediaType,
    'accept-ranges': 'bytes',
    etag: `"${file.tag}"`,
    'cache-control': file.cache === 'immutable' ? 'public, max-age=31536000, immutable' : 'private, no-store',
    'content-disposition': disposition(isShown ? 'inline' : 'attachment', file.name),
    'x-content-type-options': 'nosniff',
    ...(file.isFromDepositor ? { 'content-security-policy': "sandbox; default-src 'none'" } : {}),
    ...(file.cache === 'immutable'
      ? { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }
      : {}),
    ...(file.cache === 'immutable' ? { 'access-control-expose-headers': 'Content-Range, ETag, Content-Length' } : {}),
  };
}

/** A stream of a part of an open file, read piece by piece as the client takes it. */
function streamOf(handle: FileHandle, start: number, length: number, done: () => void): ReadableStream<Uint8Array> {
  let at = start;
  const end = start + length;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const buffer = Buffer.allocUnsafe(Math.min(pieceSize, end - at));
          const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
          if (bytesRead === 0) throw new Error('The file became shorter while it was sent');
          at += bytesRead;
          controller.enqueue(new Uint8Array(buffer.buffer, buffer.byteOffset, bytesRead));
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

/**
 * Answers with a file: ranges (one at a time), `If-Range`, `If-None-Match`, `HEAD`. Up to 2 MiB are read at once, more
 * is streamed.
 * @throws Problem `range-outside`; `not-found` where the file is not there
 */
export async function sendFile(c: HttpContext, file: FileToSend): Promise<Response> {
  const opened = await files.acquire(file.path).catch((cause: unknown) => {
    throw new Problem('not-found', undefined, { cause });
  });
  let isHandedOn = false;
  try {
    const base = file.part?.offset ?? 0;
    const size = file.part?.size ?? opened.file.size;
    const headers = headersOf(file);
    if (matchesTag(c.req.header('if-none-match'), `"${file.tag}"`)) return new Response(null, { status: 304, headers });
    const condition = c.req.header('if-range');
    const asked =
      condition === undefined || condition.trim() === `"${file.tag}"`
        ? rangeAsked(c.req.header('range'), size)
        : undefined;
    if (asked === 'outside') {
      throw new Problem('range-outside', `The file has ${size} bytes.`, {
        headers: { 'content-range': `bytes */${size}` },
      });
    }
    const { start, end } = asked ?? { start: 0, end: size - 1 };
    const length = end - start + 1;
    headers['content-length'] = String(length);
    if (asked) headers['content-range'] = `bytes ${start}-${end}/${size}`;
    const status = asked ? 206 : 200;
    if (c.req.method === 'HEAD' || length === 0) return new Response(null, { status, headers });
    if (length <= wholeReadLimit) {
      const buffer = Buffer.allocUnsafe(length);
      for (let filled = 0; filled < length; ) {
        const { bytesRead } = await opened.file.handle.read(buffer, filled, length - filled, base + start + filled);
        if (bytesRead === 0) throw new Error(`${file.path} is shorter than its catalogue entry says`);
        filled += bytesRead;
      }
      return new Response(buffer, { status, headers });
    }
    isHandedOn = true;
    return new Response(streamOf(opened.file.handle, base + start, length, opened.done), { status, headers });
  } finally {
    if (!isHandedOn) opened.done();
  }
}
