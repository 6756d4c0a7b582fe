/** CRC-32 (IEEE 802.3, as in zip and PNG). `previous` continues an earlier sum; 0 starts one. */
export type Crc32 = (bytes: Uint8Array, previous?: number) => number;

/** Eight tables of 256: slice-by-8 takes eight bytes a step. */
const tables = makeTables();

function makeTables(): Uint32Array[] {
  const first = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    first[n] = c >>> 0;
  }
  const all = [first];
  for (let t = 1; t < 8; t++) {
    const before = all[t - 1]!;
    all.push(before.map((value) => (value >>> 8) ^ first[value & 0xff]!));
  }
  return all;
}

function sliceBy8(bytes: Uint8Array, previous = 0): number {
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
  let c = ~previous;
  let i = 0;
  for (const last = bytes.length - 8; i <= last; i += 8) {
    c ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    c =
      t7[c & 0xff]! ^
      t6[(c >>> 8) & 0xff]! ^
      t5[(c >>> 16) & 0xff]! ^
      t4[c >>> 24]! ^
      t3[bytes[i + 4]!]! ^
      t2[bytes[i + 5]!]! ^
      t1[bytes[i + 6]!]! ^
      t0[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i++) c = (c >>> 8) ^ t0[(c ^ bytes[i]!) & 0xff]!;
  return ~c >>> 0;
}

let chosen: Crc32 = sliceBy8;

/** Registers a faster implementation (Node's `zlib.crc32`); `undefined` goes back to the built-in one. */
export function setCrc32(faster: Crc32 | undefined): void {
  chosen = faster ?? sliceBy8;
}

/** CRC-32 of bytes, as an unsigned 32-bit number. */
export const crc32: Crc32 = (bytes, previous = 0) => chosen(bytes, previous);
