import { type ByteSource, readWindows } from '../../bytes/byte-source.ts';

/** Encodings a table may have. Latin-1 stands for Windows-1252, which holds it. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin-1';

/** Decides the encoding from the first bytes: a byte order mark, else UTF-8 where valid, else Latin-1. */
export function sniffEncoding(head: Uint8Array): TextEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return 'utf-8';
  } catch {
    return 'latin-1';
  }
}

/** Text of some bytes in an encoding, without a byte order mark; a character cut off at the end is dropped. */
export function decodeHead(head: Uint8Array, encoding: TextEncoding): string {
  return decoderFor(encoding).decode(head, { stream: true });
}

function decoderFor(encoding: TextEncoding): TextDecoder {
  return encoding === 'latin-1'
    ? new TextDecoder('windows-1252')
    : new TextDecoder(encoding, { fatal: encoding === 'utf-8' });
}

/** A piece of a text file. */
export interface TextWindow {
  text: string;
  /** Bytes of the file consumed so far. */
  bytesDone: number;
  /** Set on the first window that was not valid UTF-8 although the head was: from here on Latin-1 is read. */
  turnedLatin1?: boolean;
}

/**
 * Text of a file, window by window; memory is one window. A file whose head was UTF-8 but goes on otherwise is read
 * as Latin-1 from that window on.
 */
export async function* readText(
  source: ByteSource,
  encoding: TextEncoding,
  signal?: AbortSignal,
  windowBytes = 1 << 18,
): AsyncGenerator<TextWindow> {
  let decoder = decoderFor(encoding);
  let pending: Uint8Array = new Uint8Array(0);
  for await (const { offset, bytes } of readWindows(source, windowBytes, signal)) {
    if (bytes.length === 0) return;
    const bytesDone = offset + bytes.length;
    let text: string;
    let turnedLatin1 = false;
    try {
      text = decoder.decode(bytes, { stream: bytesDone < source.size });
      pending = encoding === 'utf-8' ? incompleteTail(bytes) : pending;
    } catch {
      decoder = new TextDecoder('windows-1252');
      turnedLatin1 = true;
      text = decoder.decode(pending, { stream: true }) + decoder.decode(bytes, { stream: true });
    }
    yield { text, bytesDone, ...(turnedLatin1 ? { turnedLatin1 } : {}) };
  }
}

/** Bytes at the end of a window that start a UTF-8 character and do not finish it. */
function incompleteTail(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? bytes.slice(bytes.length - back) : new Uint8Array(0);
    }
    if (byte < 0x80) break;
  }
  return new Uint8Array(0);
}
