import type { HttpContext } from './context.ts';
import { Problem } from './problems.ts';

/** Digests a sender states, by algorithm as Node (or `crc32c`) names it: lower-case hex. */
export type StatedDigests = ReadonlyMap<string, string>;

/** Names of RFC 9530 with ours, and the bytes of a digest. MD5 and CRC-32C are no proof, but old systems know files by them. */
const known: ReadonlyMap<string, readonly [name: string, bytes: number]> = new Map([
  ['sha-256', ['sha256', 32]],
  ['sha-512', ['sha512', 64]],
  ['md5', ['md5', 16]],
  ['crc32c', ['crc32c', 4]],
]);

/**
 * Digests in `Content-Digest` and `Repr-Digest` (RFC 9530): of a body that is sent whole and not packed both are of the same bytes.
 * @throws Problem `request-invalid` for a header of which no digest is known here, or one that is not written as the standard has it
 */
export function statedDigests(c: HttpContext): StatedDigests {
  const found = new Map<string, string>();
  for (const header of ['Content-Digest', 'Repr-Digest']) {
    const told = c.req.header(header);
    if (told === undefined) continue;
    const digests = digestsIn(told);
    if (!digests)
      throw new Problem(
        'request-invalid',
        `${header}: sha-256=:BASE64:, or sha-512, md5, crc32c; several with commas.`,
      );
    for (const [name, digest] of digests) {
      if ((found.get(name) ?? digest) !== digest)
        throw new Problem('request-invalid', `Content-Digest and Repr-Digest state two different digests ${name}.`);
      found.set(name, digest);
    }
  }
  return found;
}

/** `undefined` where it is none, or none is known. Algorithms that are not known are passed over, as the standard has it. */
function digestsIn(header: string): [string, string][] | undefined {
  const found: [string, string][] = [];
  for (const member of header.split(',')) {
    const parts = /^\s*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):\s*$/.exec(member);
    if (!parts) return undefined;
    const [name, length] = known.get(parts[1]!) ?? [];
    if (name === undefined) continue;
    const bytes = Buffer.from(parts[2]!, 'base64');
    if (bytes.length !== length) return undefined;
    found.push([name, bytes.toString('hex')]);
  }
  return found.length > 0 ? found : undefined;
}
