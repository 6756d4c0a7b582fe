import type { ByteSource } from '../../bytes/byte-source.ts';
import { AttributeRows, needsMore, numberOfText, type SlotKind } from './attribute-rows.ts';
import { viewOf } from './decimal.ts';
import { findAfter, isElement, readTag, tagEnd } from './tags.ts';
import { xmlWindows } from './windows.ts';

/** Kinds of the attributes that occur in a sample of elements, in order of appearance. */
export type SeenAttributes = Map<string, { kind: Extract<SlotKind, 'float' | 'int' | 'string'>; count: number }>;

const sampledElements = 5000;

/** Reads the attributes of the elements `name` in a stretch of text; what is cut off or malformed at its ends is passed. */
export function seenAttributes(bytes: Uint8Array, name: 'Spot' | 'Edge', encoding: string): SeenAttributes {
  const rows = new AttributeRows(1, 'survey', encoding);
  const decoder = new TextDecoder(encoding);
  const view = viewOf(bytes);
  let sampled = 0;
  for (let open = bytes.indexOf(60); open >= 0 && sampled < sampledElements; open = bytes.indexOf(60, open + 1)) {
    if (!isElement(bytes, open + 1, name)) continue;
    sampled++;
    const end = rows.readTag(bytes, view, open + 1 + name.length);
    if (end === needsMore) break;
    if (end >= 0) continue;
    const stop = tagEnd(bytes, open + 1, bytes.length);
    const tag = stop < 0 ? 'cut off' : readTag(decoder.decode(bytes.subarray(open, stop)));
    if (typeof tag !== 'string') for (const [key, value] of tag.attributes) rows.setText(key, value);
  }
  const seen: SeenAttributes = new Map();
  for (const slot of rows.slots)
    if (slot.filled > 0)
      seen.set(slot.name, { kind: slot.whole ? 'int' : slot.numeric ? 'float' : 'string', count: slot.filled });
  return seen;
}

/** Joins two samples: a kind holds only where both agree on it. */
export function joinSeen(a: SeenAttributes, b: SeenAttributes): SeenAttributes {
  const joined: SeenAttributes = new Map(a);
  for (const [name, { kind, count }] of b) {
    const before = joined.get(name);
    const wider =
      before === undefined || before.kind === kind
        ? kind
        : before.kind === 'string' || kind === 'string'
          ? 'string'
          : 'float';
    joined.set(name, { kind: wider, count: count + (before?.count ?? 0) });
  }
  return joined;
}

/** What stands behind the object list: settings and image, and the last elements as a sample. */
export interface FileTail {
  bytes: Uint8Array;
  /** Verbatim `<Settings>...</Settings>`. */
  settings?: string;
  /** Attributes of ImageData. */
  image?: ReadonlyMap<string, string>;
}

/** Reads the end of the file, further back until the settings are in it, 32 MiB at most. */
export async function readTail(source: ByteSource, encoding: string, signal?: AbortSignal): Promise<FileTail> {
  for (let length = 1 << 20; ; length *= 4) {
    const start = Math.max(0, source.size - length) & ~1;
    const raw = await source.read(start, source.size - start, signal);
    const bytes = await asScanned(source, raw);
    const open = lastElement(bytes, 'Settings');
    const close = open < 0 ? -1 : findAfter(bytes, open, bytes.length, '</Settings>');
    if (close >= 0) {
      const settings = new TextDecoder(encoding).decode(bytes.subarray(open, close));
      const image = imageData(settings);
      return { bytes, settings, ...(image ? { image } : {}) };
    }
    if (start === 0 || length >= 1 << 25) return { bytes };
  }
}

async function asScanned(source: ByteSource, raw: Uint8Array): Promise<Uint8Array> {
  const head = await source.read(0, 4);
  const wide = head[1] === 0 || (head[0] === 0xff && head[1] === 0xfe) ? 'utf-16le' : undefined;
  const label = wide ?? (head[0] === 0 || (head[0] === 0xfe && head[1] === 0xff) ? 'utf-16be' : undefined);
  return label === undefined ? raw : new TextEncoder().encode(new TextDecoder(label).decode(raw));
}

function lastElement(bytes: Uint8Array, name: string): number {
  for (let open = bytes.lastIndexOf(60); open >= 0; open = open === 0 ? -1 : bytes.lastIndexOf(60, open - 1))
    if (isElement(bytes, open + 1, name)) return open;
  return -1;
}

/** Attributes of `ImageData` in the settings. */
export function imageData(settings: string): ReadonlyMap<string, string> | undefined {
  const found = /<ImageData\s(?:[^>"']|"[^"]*"|'[^']*')*>/.exec(settings);
  const tag = found ? readTag(found[0]) : undefined;
  return typeof tag === 'object' ? tag.attributes : undefined;
}

/**
 * Does any object have a z other than 0? Looks for the letter Z of `POSITION_Z="..."` from an offset on and stops at
 * the first such value, or where the edges begin (`EDGE_Z_LOCATION`).
 */
export async function hasDepth(source: ByteSource, windowBytes: number, signal?: AbortSignal): Promise<boolean> {
  const windows = await xmlWindows(source, windowBytes, signal);
  // A value cut off by the end of a window is seen again, whole, at the start of the next.
  let overlap = 0;
  for (let bytes = await windows.next(); bytes; bytes = await windows.next(overlap)) {
    for (let at = bytes.indexOf(90); at >= 0; at = bytes.indexOf(90, at + 1)) {
      const verdict = depthAt(bytes, at);
      if (verdict !== undefined) return verdict;
    }
    overlap = Math.min(256, bytes.length);
  }
  return false;
}

/** What the Z at a position says: `true` a depth, `false` the edges have begun, `undefined` nothing. */
function depthAt(bytes: Uint8Array, at: number): boolean | undefined {
  if (endsWith(bytes, at, 'EDGE_')) return startsAt(bytes, at, 'Z_LOCATION="') ? false : undefined;
  if (!endsWith(bytes, at, 'POSITION_')) return undefined;
  let cursor = at + 1;
  while (bytes[cursor] === 32 || bytes[cursor] === 10 || bytes[cursor] === 13 || bytes[cursor] === 9) cursor++;
  if (bytes[cursor] !== 61) return undefined;
  cursor++;
  while (bytes[cursor] === 32 || bytes[cursor] === 10 || bytes[cursor] === 13 || bytes[cursor] === 9) cursor++;
  const quote = bytes[cursor];
  if (quote !== 34 && quote !== 39) return undefined;
  const end = bytes.indexOf(quote, cursor + 1);
  if (end < 0 || end - cursor > 200) return undefined;
  if (end === cursor + 4 && startsAt(bytes, cursor + 1, '0.0')) return undefined;
  const text = new TextDecoder('latin1').decode(bytes.subarray(cursor + 1, end));
  const value = numberOfText(text);
  return value === undefined ? text.includes('&') || undefined : value !== 0 ? true : undefined;
}

function endsWith(bytes: Uint8Array, end: number, text: string): boolean {
  return end >= text.length && startsAt(bytes, end - text.length, text);
}

function startsAt(bytes: Uint8Array, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}
