/** Bytes asked for: `start` to `end`, both included; `undefined` for all; `'outside'` where the file has none of them. */
export type RangeAsked = { start: number; end: number } | undefined | 'outside';

/**
 * Reads a `Range` header (RFC 9110, 14.2). A header that is no byte range, or asks for several, is answered with all, as
 * the rule allows.
 */
export function rangeAsked(header: string | undefined | null, size: number): RangeAsked {
  const found = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '');
  if (!found) return undefined;
  const [, first = '', last = ''] = found;
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const count = Number(last);
    return count === 0 || size === 0 ? 'outside' : { start: Math.max(0, size - count), end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'outside' : { start, end };
}

/** Is one of the entity tags in an `If-None-Match` header this one (weak comparison)? */
export function matchesTag(header: string | undefined | null, tag: string): boolean {
  return (header ?? '').split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag);
}
