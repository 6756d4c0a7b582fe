/** Any value of a JSON document. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** An object of a JSON document. */
export interface JsonRecord {
  [key: string]: Json;
}

/** Is the value an object (no list, not null)? */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a list: itself, nothing for what is absent, else a list of one. */
export function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

/** The objects in a value that may be one or a list of them. */
export function recordsOf(value: Json | undefined): JsonRecord[] {
  return listOf(value).filter(isRecord);
}

/** A text, trimmed; numbers are written out; `undefined` for what is empty or no text. */
export function textOf(value: Json | undefined): string | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}

/** The texts in a value that may be one or a list of them. */
export function textsOf(value: Json | undefined): string[] {
  return listOf(value).flatMap((one) => textOf(one) ?? []);
}

/** The members that say something: without `undefined`, empty texts and empty lists. */
export function filled<T extends object>(members: { [Key in keyof T]: T[Key] | undefined }): T {
  const kept = Object.entries(members).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(kept) as T;
}

/** Are two JSON values the same? The order of members does not count. */
export function isSameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, index) => isSameJson(one, b[index]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSameJson(a[key], b[key]))
  );
}

/** Deepest nesting of a metadata document that is read; real ones stay under 20. */
export const deepestJson = 64;

/** How deep a text nests brackets, counted before it is parsed so that a hostile one costs no stack. */
export function depthOfJson(text: string): number {
  return walkBrackets(text, Number.POSITIVE_INFINITY).deepest;
}

/** The line in which a text first nests deeper than this. */
export function lineOfDepth(text: string, most: number): number {
  return walkBrackets(text, most).line;
}

/** Walks a text to its end, or to the bracket that nests deeper than `most`. */
function walkBrackets(text: string, most: number): { deepest: number; line: number } {
  let depth = 0;
  let deepest = 0;
  let line = 1;
  let isInText = false;
  for (let at = 0; at < text.length && deepest <= most; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) line++;
    if (isInText) {
      if (code === 0x5c) at++;
      else if (code === 0x22) isInText = false;
    } else if (code === 0x22) isInText = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return { deepest, line };
}
