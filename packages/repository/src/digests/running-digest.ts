import { createHash } from 'node:crypto';

/** A digest that is computed piece by piece. */
export interface RunningDigest {
  update(bytes: Uint8Array): void;
  /** Lower-case hex. To be asked for once. */
  hex(): string;
}

/** Eight tables of 256: slice-by-8 takes eight bytes a step. */
const tables = makeTables();

function makeTables(): Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    // The polynomial of Castagnoli (RFC 3720), mirrored.
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
    return c;
  });
  const all = [first];
  for (let t = 1; t < 8; t++) all.push(all[t - 1]!.map((value) => (value >>> 8) ^ first[value & 0xff]!));
  return all;
}

/** CRC-32C, which Node does not compute. Files of gigabytes are digested with it, in a thread that loads nothing else. */
class Crc32c implements RunningDigest {
  private sum = ~0;

  update(bytes: Uint8Array): void {
    const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ];
    let c = this.sum;
    let at = 0;
    for (const last = bytes.length - 8; at <= last; at += 8) {
      c ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      c =
        t7[c & 0xff]! ^
        t6[(c >>> 8) & 0xff]! ^
        t5[(c >>> 16) & 0xff]! ^
        t4[c >>> 24]! ^
        t3[bytes[at + 4]!]! ^
        t2[bytes[at + 5]!]! ^
        t1[bytes[at + 6]!]! ^
        t0[bytes[at + 7]!]!;
    }
    for (; at < bytes.length; at++) c = (c >>> 8) ^ t0[(c ^ bytes[at]!) & 0xff]!;
    this.sum = c;
  }

  hex(): string {
    return (~this.sum >>> 0).toString(16).padStart(8, '0');
  }
}

/**
 * Starts a digest.
 * @param algorithm as Node names it, or `crc32c`
 * @throws Error for an algorithm that there is not
 */
export function startDigest(algorithm: string): RunningDigest {
  if (algorithm === 'crc32c') return new Crc32c();
  const hash = createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
}

/** Digest of bytes that are all there, as lower-case hex. */
export function digestOfBytes(algorithm: string, bytes: Uint8Array): string {
  const digest = startDigest(algorithm);
  digest.update(bytes);
  return digest.hex();
}
