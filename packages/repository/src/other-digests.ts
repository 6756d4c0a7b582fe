import type { OtherDigests } from './ports/study-store.ts';

const digits = { md5: 32, crc32c: 8 } as const;

/** Digests beside SHA-256 by which files are known elsewhere, by the names of RFC 9530 and of Google's storage. */
export const otherDigestNames = Object.keys(digits) as (keyof OtherDigests)[];

/** Those that there are; `undefined` where there are none. */
export function otherDigests({
  md5,
  crc32c,
}: {
  md5?: string | undefined;
  crc32c?: string | undefined;
}): OtherDigests | undefined {
  if (md5 === undefined && crc32c === undefined) return undefined;
  return { ...(md5 === undefined ? {} : { md5 }), ...(crc32c === undefined ? {} : { crc32c }) };
}

/** A digest as people state it, in hexadecimal or base64 (as buckets and headers have it); `undefined` for what is neither. */
export function readOtherDigest(name: keyof OtherDigests, text: string): string | undefined {
  const stated = text.trim();
  const isHex = stated.length === digits[name] && /^[0-9a-f]+$/i.test(stated);
  if (isHex) return stated.toLowerCase();
  const bytes = Buffer.from(stated, 'base64');
  return bytes.length * 2 === digits[name] && bytes.toString('base64') === stated ? bytes.toString('hex') : undefined;
}
