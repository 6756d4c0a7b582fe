import type { Issue } from '@micrarium/model';
import { exchangeIssue } from './exchange.ts';

/** Encodings tried where a text is not UTF-8: those spreadsheets save in, in Japan and in western Europe. */
const others = ['shift_jis', 'windows-1252'] as const;

/**
 * The text of a metadata file. UTF-8 and UTF-16 with their marks are read without a word; what is neither is read in the
 * encoding that fits, and said, with the line, because a letter may be wrong.
 */
export function decodeMetadataText(bytes: Uint8Array, file: string): { text: string; issues: Issue[] } {
  const mark =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  if (mark !== undefined) return { text: new TextDecoder(mark).decode(bytes), issues: [] };
  const utf8 = decoded('utf-8', bytes);
  if (utf8 !== undefined) return { text: utf8, issues: [] };
  const encoding = others.find((one) => looksRight(decoded(one, bytes))) ?? 'windows-1252';
  const text = new TextDecoder(encoding).decode(bytes);
  const line = lineOfFault(bytes);
  return {
    text,
    issues: [
      exchangeIssue('metadata-encoding', `Line ${line} is not UTF-8; the file was read as ${encoding}`, {
        where: { file, line },
      }),
    ],
  };
}

function decoded(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Kana or several ideographs in a row: bytes of a western text make them only one by one. */
const looksRight = (text: string | undefined): boolean =>
  text !== undefined &&
  (/[\u3040-\u30ff]/.test(text) || /[\u4e00-\u9fff]{2}/.test(text) || !/[\u0080-\uffff]/.test(text));

/** Line of the first byte that is no UTF-8. The decoder replaces it by U+FFFD, which a sound text before it has not. */
function lineOfFault(bytes: Uint8Array): number {
  const before = new TextDecoder().decode(bytes).split('\ufffd', 1)[0] ?? '';
  return before.split('\n').length;
}
