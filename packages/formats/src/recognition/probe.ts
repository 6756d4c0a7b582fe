import type { FileEntry, FileTree } from '../bytes/file-tree.ts';
import type { Probe } from './descriptor.ts';

/** How many bytes recognition reads from the start of a file. */
export const probeBytes = 64 * 1024;

/**
 * Reads what recognition may look at: the first 64 KiB of a file, and the text of them where they are text.
 * @throws whatever the byte source throws (disk or network); never for what the bytes say
 */
export async function probeEntry(entry: FileEntry, tree: FileTree, signal?: AbortSignal): Promise<Probe> {
  const source = await entry.open();
  const head = await source.read(0, Math.min(probeBytes, source.size), signal);
  return { entry, head, text: textOf(head, source.size > head.length), source, tree };
}

/**
 * The bytes as text: a byte order mark is stripped, UTF-8 if valid, else Latin-1; `undefined` where they hold NUL
 * bytes. `cut`: the bytes end in the middle of a file, so an incomplete last character is no fault.
 */
export function textOf(bytes: Uint8Array, cut = false): string | undefined {
  const wide = wideText(bytes);
  if (wide !== undefined) return wide;
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * Text in UTF-16 with its byte order mark, as spreadsheets save “Unicode text”: tables only, since documents in XML and
 * JSON are read as UTF-8.
 */
function wideText(bytes: Uint8Array): string | undefined {
  const encoding = bytesAt(bytes, 0, [0xff, 0xfe])
    ? 'utf-16le'
    : bytesAt(bytes, 0, [0xfe, 0xff])
      ? 'utf-16be'
      : undefined;
  if (encoding === undefined) return undefined;
  const text = new TextDecoder(encoding).decode(bytes.subarray(0, bytes.length & ~1));
  return text.includes('\0') || text.includes('\uFFFD') || /^\s*[<{[]/.test(text) ? undefined : text;
}

/**
 * Does text that decoded look written by people or programs for reading? Control characters other than tab, line
 * feed, form feed, carriage return and escape may make up at most one in 500.
 * @param encoded may the text be of another encoding? Bytes of Shift JIS, read as Latin-1, fall on control characters above ASCII: those do not count then
 */
export function looksLikeText(text: string, encoded = false): boolean {
  const sample = text.slice(0, 8192);
  let odd = 0;
  for (let i = 0; i < sample.length; i++) {
    const code = sample.charCodeAt(i);
    if ((code < 32 && code !== 9 && code !== 10 && code !== 12 && code !== 13 && code !== 27) || code === 127) odd++;
    else if (!encoded && code >= 0x80 && code < 0xa0) odd++;
  }
  return odd <= sample.length / 500;
}

/** Do the bytes carry these at the offset? */
export function bytesAt(bytes: Uint8Array, offset: number, expected: readonly number[] | string): boolean {
  const wanted = typeof expected === 'string' ? Array.from(expected, (c) => c.charCodeAt(0)) : expected;
  return offset + wanted.length <= bytes.length && wanted.every((byte, i) => bytes[offset + i] === byte);
}

/** Offset of an ASCII text in bytes, -1 where it is not there. `wide`: as UTF-16, little endian. */
export function findAscii(bytes: Uint8Array, text: string, wide = false): number {
  const step = wide ? 2 : 1;
  const first = text.charCodeAt(0);
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let i = 1;
    while (i < text.length && bytes[at + i * step] === text.charCodeAt(i) && (!wide || bytes[at + i * step + 1] === 0))
      i++;
    if (i === text.length && (!wide || bytes[at + 1] === 0)) return at;
  }
  return -1;
}
