import { SaxesParser } from 'saxes';

/** 1 for the bytes `"`, `&` and `<`. */
const endsPlainText = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte === 34 || byte === 38 || byte === 60));

/**
 * Position of the closing double quote of an attribute value; -1 (more bytes needed) where it is not in the window,
 * -2 where the value has a `&` or `<` and must be read the slow way.
 */
export function findQuote(view: DataView, start: number): number {
  const limit = view.byteLength;
  let at = start;
  for (; at + 4 <= limit; at += 4) if (hasEnd(view.getInt32(at, true))) break;
  for (; at < limit; at++) {
    const byte = view.getUint8(at);
    if (endsPlainText[byte] === 1) return byte === 34 ? at : -2;
  }
  return -1;
}

/** Is one of the four bytes `"`, `&` or `<`? The first two differ in one bit. */
function hasEnd(word: number): boolean {
  const quotes = (word | 0x04040404) ^ 0x26262626;
  const less = word ^ 0x3c3c3c3c;
  return ((((quotes - 0x01010101) & ~quotes) | ((less - 0x01010101) & ~less)) & 0x80808080) !== 0;
}

/**
 * Position after so many double quotes, counted from `start`; 0 where a `<` or `>` comes first, or where they are not
 * all in the window.
 */
export function passQuotes(view: DataView, start: number, count: number): number {
  const limit = view.byteLength - 4;
  let left = count;
  for (let at = start; at <= limit; at += 4) {
    const word = view.getInt32(at, true);
    const quotes = word ^ 0x22222222;
    const angles = (word | 0x02020202) ^ 0x3e3e3e3e;
    if (((((quotes - 0x01010101) & ~quotes) | ((angles - 0x01010101) & ~angles)) & 0x80808080) === 0) continue;
    for (let i = 0; i < 4; i++) {
      const byte = view.getUint8(at + i);
      if (byte === 60 || byte === 62) return 0;
      if (byte === 34 && --left === 0) return at + i + 1;
    }
  }
  return 0;
}

/** Position after the `>` of the tag at `start`, minding quotes of both kinds; -1 where it is not in the window. */
export function tagEnd(bytes: Uint8Array, start: number, limit: number): number {
  let quote = 0;
  for (let at = start; at < limit; at++) {
    const byte = bytes[at]!;
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === 34 || byte === 39) quote = byte;
    else if (byte === 62) return at + 1;
  }
  return -1;
}

/** Position after `ending`, searched from `start`; -1 where it is not in the window. */
export function findAfter(bytes: Uint8Array, start: number, limit: number, ending: string): number {
  const last = ending.charCodeAt(ending.length - 1);
  for (
    let at = bytes.indexOf(last, start + ending.length - 1);
    at >= 0 && at < limit;
    at = bytes.indexOf(last, at + 1)
  ) {
    let matched = ending.length - 1;
    while (matched > 0 && bytes[at - ending.length + matched] === ending.charCodeAt(matched - 1)) matched--;
    if (matched === 0) return at + 1;
  }
  return -1;
}

/** Does the element name at `start` equal `name`, followed by a space, `/` or `>`? */
export function isElement(bytes: Uint8Array, start: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name.charCodeAt(i)) return false;
  const after = bytes[start + name.length]!;
  return after <= 32 || after === 47 || after === 62;
}

/** A start tag read with all the rules of XML. */
export interface Tag {
  name: string;
  attributes: ReadonlyMap<string, string>;
  selfClosed: boolean;
}

const regularTag = /^<([A-Za-z_][\w.:-]*)((?:\s+[A-Za-z_][\w.:-]*="[^"&<\r\n\t]*")*)\s*(\/?)>$/;
const regularAttribute = /\s([A-Za-z_][\w.:-]*)="([^"]*)"/g;

/**
 * Reads one start tag, by a pattern where it is regular and with saxes where it is not.
 * @returns the tag, or what is wrong with it as text
 */
export function readTag(text: string): Tag | string {
  const regular = regularTag.exec(text);
  if (regular) {
    const attributes = new Map<string, string>();
    for (const [, name, value] of regular[2]!.matchAll(regularAttribute)) {
      if (attributes.has(name!)) return `attribute ${name} occurs twice`;
      attributes.set(name!, value!);
    }
    return { name: regular[1]!, attributes, selfClosed: regular[3] === '/' };
  }
  return readTagWithSaxes(text);
}

function readTagWithSaxes(text: string): Tag | string {
  const parser = new SaxesParser({ fragment: true });
  let tag: Tag | undefined;
  let fault: string | undefined;
  parser.on('error', (error) => {
    fault ??= error.message;
  });
  parser.on('opentag', (found) => {
    const attributes = new Map<string, string>();
    for (const [name, value] of Object.entries(found.attributes)) attributes.set(name, value as string);
    tag = { name: found.name, attributes, selfClosed: found.isSelfClosing };
  });
  parser.write(text);
  return fault ?? tag ?? 'not a tag';
}
