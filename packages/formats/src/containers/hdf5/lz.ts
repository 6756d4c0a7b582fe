import { Hdf5Fault } from './fault.ts';

const broken = (name: string): Hdf5Fault => new Hdf5Fault('damaged', `a chunk packed with ${name} is damaged`);

/**
 * Unpacks a chunk of the LZ4 filter: u64 length, u32 length of a block, then blocks behind their u32 stored length,
 * all big-endian. Source: HDF Group, registered filter 32004 (H5Zlz4.c).
 */
export function unpackLz4(bytes: Uint8Array, limit: number): Uint8Array {
  if (bytes.length < 12) throw broken('lz4');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const total = Number(view.getBigUint64(0));
  const blockBytes = view.getUint32(8);
  // LZ4 makes nothing smaller than 255 times; what claims more is refused before memory is taken.
  if (total > limit || total > bytes.length * 256 || (blockBytes === 0 && total > 0)) throw broken('lz4');
  const out = new Uint8Array(total);
  let at = 12;
  for (let done = 0; done < total; ) {
    if (at + 4 > bytes.length) throw broken('lz4');
    const stored = view.getUint32(at);
    const wanted = Math.min(blockBytes, total - done);
    at += 4;
    if (at + stored > bytes.length) throw broken('lz4');
    const block = bytes.subarray(at, at + stored);
    if (stored === wanted) out.set(block, done);
    else lz4Block(block, out.subarray(done, done + wanted));
    at += stored;
    done += wanted;
  }
  return out;
}

/** One LZ4 block that fills `out`. Source: LZ4 Block Format Description. */
function lz4Block(bytes: Uint8Array, out: Uint8Array): void {
  let at = 0;
  let to = 0;
  const more = (first: number): number => {
    let length = first;
    if (first < 15) return length;
    for (let next = 255; next === 255; length += next) {
      if (at >= bytes.length) throw broken('lz4');
      next = bytes[at++]!;
    }
    return length;
  };
  while (at < bytes.length) {
    const token = bytes[at++]!;
    const literals = more(token >> 4);
    if (at + literals > bytes.length || to + literals > out.length) throw broken('lz4');
    out.set(bytes.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at >= bytes.length) break;
    const distance = bytes[at]! | ((bytes[at + 1] ?? 0) << 8);
    at += 2;
    const length = more(token & 15) + 4;
    if (distance === 0 || distance > to || to + length > out.length) throw broken('lz4');
    for (let n = 0; n < length; n++, to++) out[to] = out[to - distance]!;
  }
  if (to !== out.length) throw broken('lz4');
}

/** Unpacks a chunk of the LZF filter of h5py. Source: LibLZF, lzf_d.c. The unpacked length is not stored. */
export function unpackLzf(bytes: Uint8Array, limit: number): Uint8Array {
  // Three bytes give at most 264.
  const most = Math.min(limit, bytes.length * 88 + 264);
  const out = new Uint8Array(most);
  let at = 0;
  let to = 0;
  while (at < bytes.length) {
    const control = bytes[at++]!;
    if (control < 32) {
      const length = control + 1;
      if (at + length > bytes.length || to + length > most) throw broken('lzf');
      out.set(bytes.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    let length = control >> 5;
    if (length === 7) length += bytes[at++] ?? 0;
    const distance = ((control & 31) << 8) + (bytes[at++] ?? 0) + 1;
    if (distance > to || to + length + 2 > most) throw broken('lzf');
    for (let n = 0; n < length + 2; n++, to++) out[to] = out[to - distance]!;
  }
  return out.subarray(0, to);
}
