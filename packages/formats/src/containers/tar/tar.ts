import { joinedBytes } from '../../bytes/joined-bytes.ts';

/** A tar that cannot be taken apart: what is wrong, for people. */
export class TarError extends Error {
  override readonly name = 'TarError';
}

/** A file of a tar. */
export interface TarFile {
  /** As it stands in the tar: `/` between folders; nothing of it is trusted. */
  path: string;
  bytes: Uint8Array;
}

/** Bytes of a header, and what everything is filled up to. */
const block = 512;
const fatal = new TextDecoder('utf-8', { fatal: true });

/**
 * The files of a tar, in their order: ustar, its pax extension (path and size of the next file), and the long names of GNU tar. Folders are passed
 * over. A tar need not have its two empty blocks at the end.
 * Source: POSIX.1-2017, pax, sections "ustar Interchange Format" and "pax Extended Header".
 * @throws TarError for links, devices, sparse and global headers that would change what a file is, damaged headers, and one that ends early
 */
export function* filesOfTar(bytes: Uint8Array): Generator<TarFile> {
  let longPath: string | undefined;
  let longSize: number | undefined;
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < block) throw new TarError('the tar ends within a header');
    const header = bytes.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) return;
    const { path, size, kind } = readHeader(header, at);
    const bodySize = longSize !== undefined && kind !== 'x' && kind !== 'L' ? longSize : size;
    const start = at + block;
    if (bodySize > bytes.length - start) throw new TarError(`${longPath ?? path}: the tar ends within it`);
    const body = bytes.subarray(start, start + bodySize);
    at = start + Math.ceil(bodySize / block) * block;
    if (kind === 'x') {
      const more = readPax(body);
      longPath = more.get('path') ?? longPath;
      longSize = more.has('size') ? wholeNumber(more.get('size')!) : longSize;
      if ([...more.keys()].some((key) => key.startsWith('GNU.sparse')))
        throw new TarError('sparse files are not taken');
      continue;
    }
    if (kind === 'L') {
      longPath = textOf(body);
      continue;
    }
    // A global header says things of all files: times, owners, a comment; the commit of a repository's archive stands there.
    if (kind === 'g') continue;
    const name = longPath ?? path;
    longPath = undefined;
    longSize = undefined;
    if (kind === '5') continue;
    if (kind !== '0' && kind !== '\0' && kind !== '7')
      throw new TarError(`${name}: links and devices are not taken, only files`);
    yield { path: name, bytes: body };
  }
}

function readHeader(header: Uint8Array, at: number): { path: string; size: number; kind: string } {
  const stated = String.fromCharCode(...header.subarray(148, 156)).replace(/[ \0]/g, '');
  let sum = 0;
  for (let i = 0; i < block; i++) sum += i >= 148 && i < 156 ? 32 : header[i]!;
  if (!/^[0-7]{1,8}$/.test(stated) || sum !== Number.parseInt(stated, 8))
    throw new TarError(`not a tar header at byte ${at}: its checksum is wrong`);
  const isUstar = textOf(header.subarray(257, 262)) === 'ustar';
  const name = textOf(header.subarray(0, 100));
  // GNU tar has times where ustar has the first part of the path.
  const prefix = isUstar && header[263] === 0x30 ? textOf(header.subarray(345, 500)) : '';
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    size: octal(header.subarray(124, 136)),
    kind: String.fromCharCode(header[156]!),
  };
}

/** Octal digits with blanks or zeros around them; sizes above 8 GiB are written otherwise and are not for here. */
function octal(field: Uint8Array): number {
  const text = String.fromCharCode(...field).replace(/^[ \0]+|[ \0]+$/g, '');
  if (!/^[0-7]{0,12}$/.test(text)) throw new TarError('a number in a tar header is damaged');
  return text === '' ? 0 : Number.parseInt(text, 8);
}

/** The bytes up to the first zero, as UTF-8. */
function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  try {
    return fatal.decode(end < 0 ? field : field.subarray(0, end));
  } catch (cause) {
    throw new TarError('a name in the tar is not UTF-8', { cause });
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new TarError('a size in a pax header is no whole number');
  return Number(text);
}

/** Records `LENGTH KEY=VALUE\n`, the length being that of the whole record in bytes. */
function readPax(body: Uint8Array): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < body.length && body[at] !== 0; ) {
    const blank = body.indexOf(0x20, at);
    const length = blank < 0 ? 0 : wholeNumber(textOf(body.subarray(at, blank)));
    const equals = body.indexOf(0x3d, blank);
    const end = at + length;
    if (blank < 0 || equals < 0 || equals >= end || end > body.length || body[end - 1] !== 0x0a)
      throw new TarError('a pax header is damaged');
    found.set(textOf(body.subarray(blank + 1, equals)), textOf(body.subarray(equals + 1, end - 1)));
    at = end;
  }
  return found;
}

const encoder = new TextEncoder();

/** A tar of files, in the order given: ustar, with a pax header before a path that ustar has no room for. Times and owners are left out. */
export function tarOf(files: readonly TarFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const add = (path: string, kind: string, body: Uint8Array) => {
    parts.push(headerOf(path, kind, body.length), body, new Uint8Array(-body.length & (block - 1)));
  };
  for (const { path, bytes } of files) {
    const name = encoder.encode(path);
    const isPlain = name.length <= 100 && name.length === path.length;
    if (!isPlain) add('pax', 'x', paxRecord('path', path));
    add(isPlain ? path : 'file', '0', bytes);
  }
  parts.push(new Uint8Array(2 * block));
  return joinedBytes(parts);
}

function paxRecord(key: string, value: string): Uint8Array {
  const rest = encoder.encode(` ${key}=${value}\n`);
  let length = rest.length;
  // The length counts its own digits.
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return joinedBytes([encoder.encode(String(length)), rest]);
}

function headerOf(path: string, kind: string, size: number): Uint8Array {
  const header = new Uint8Array(block);
  const put = (at: number, text: string) => header.set(encoder.encode(text), at);
  put(0, path);
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${size.toString(8).padStart(11, '0')}\0`);
  put(136, '00000000000\0');
  put(148, '        ');
  put(156, kind);
  put(257, 'ustar\u000000');
  const sum = header.reduce((all, byte) => all + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return header;
}
