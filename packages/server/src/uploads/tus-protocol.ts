import { isUtf8 } from 'node:buffer';
import { type OtherDigests, startDigest } from '@micrarium/repository';
import { type HttpContext, requestBody } from '../http/context.ts';

/** Headers of every answer. */
export const protocol = {
  'tus-resumable': '1.0.0',
  'cache-control': 'no-store',
};
/** Algorithms of `Upload-Checksum`, by the names of the protocol. */
export const checksums = { sha1: 20, sha256: 32, md5: 16, crc32c: 4 } as const;
/** A piece with a checksum is held back until it is compared, so it may not be large. */
const checkedPieceLimit = 64 * 2 ** 20;
/** Media type of the bytes of an upload. */
export const uploadBytes = 'application/offset+octet-stream';

/** An answer of the protocol. Texts say what to do, never what the system said. */
export class TusRefusal extends Error {
  override readonly name = 'TusRefusal';
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** Keys whose values are looked up in the database and stand in names of files. */
const textKeys = new Set(['draft', 'path']);

/** `Upload-Metadata`: keys unique, values base64 or missing; draft and path text in UTF-8. @throws TusRefusal */
export function readUploadMetadata(header: string | undefined): Map<string, string> {
  const found = new Map<string, string>();
  for (const pair of (header ?? '').split(',').map((one) => one.trim())) {
    if (pair === '') continue;
    const [key = '', value = '', ...rest] = pair.split(' ');
    const isBase64 = value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
    if (key === '' || rest.length > 0 || found.has(key) || !isBase64)
      throw new TusRefusal(400, 'Upload-Metadata: keys once, each with a value in base64.');
    const bytes = Buffer.from(value, 'base64');
    // A replaced character would be another name than the client's, and a database keeps no NUL.
    if (textKeys.has(key) && (!isUtf8(bytes) || bytes.includes(0)))
      throw new TusRefusal(400, `Upload-Metadata: ${key} is text in UTF-8, without NUL.`);
    found.set(key, bytes.toString('utf8'));
  }
  return found;
}

/** A length or offset from a header; whole numbers only. */
export function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}

/** Media type of a request's body, without parameters. */
export const mediaTypeOf = (c: HttpContext) => (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase();

/**
 * The bytes of a request for an upload that takes `room` more. A checksum of them is kept with the file where they are all of it.
 * @throws TusRefusal for more of them (where the request says so, before any is taken), a checksum that is not understood, or another one
 */
export async function piecesOf(c: HttpContext, room: number): Promise<AsyncIterable<Uint8Array>> {
  const tooMany = new TusRefusal(413, 'More bytes came than Upload-Length says.');
  if (Number(c.req.header('content-length') ?? 0) > room) throw tooMany;
  const checksum = c.req.header('upload-checksum');
  if (checksum === undefined) return atMost(requestBody(c), room, tooMany);
  const [algorithm = '', text = '', ...rest] = checksum.split(' ');
  const expected = Buffer.from(text, 'base64');
  const length = Object.hasOwn(checksums, algorithm) ? checksums[algorithm as keyof typeof checksums] : undefined;
  if (length === undefined || rest.length > 0 || expected.length !== length || expected.toString('base64') !== text)
    throw new TusRefusal(400, 'Upload-Checksum: sha1, sha256, md5 or crc32c, and the digest in base64.');
  const tooLarge = new TusRefusal(413, 'A piece with Upload-Checksum may have 64 MiB: send it in several.');
  const parts: Uint8Array[] = [];
  const digest = startDigest(algorithm);
  const limit = Math.min(room, checkedPieceLimit);
  for await (const piece of atMost(requestBody(c), limit, room > checkedPieceLimit ? tooLarge : tooMany)) {
    parts.push(piece);
    digest.update(piece);
  }
  if (digest.hex() !== expected.toString('hex'))
    throw new TusRefusal(460, 'The piece does not have the digest stated; send it again.');
  return (async function* () {
    yield* parts;
  })();
}

/** The digest of a piece by which old systems know files, if the piece has one; it was compared by `piecesOf`. */
export function pieceDigest(c: HttpContext): OtherDigests {
  const [algorithm = '', text = ''] = (c.req.header('upload-checksum') ?? '').split(' ');
  if (algorithm !== 'md5' && algorithm !== 'crc32c') return {};
  return { [algorithm]: Buffer.from(text, 'base64').toString('hex') };
}

/** Passes pieces on and refuses more than `limit` bytes in all. */
async function* atMost(
  pieces: AsyncIterable<Uint8Array>,
  limit: number,
  refusal: TusRefusal,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > limit) throw refusal;
    yield piece;
  }
}
