import type { ByteSource } from '../../bytes/byte-source.ts';

/** The container is damaged: what is wrong, for people. */
export class OleError extends Error {
  override readonly name = 'OleError';
}

const lastSector = 0xfffffffa;

/**
 * Reads one stream of an OLE compound file (MS-CFB) by its name. Every chain of sectors is followed no further than the
 * file has sectors.
 * @returns `undefined` where there is no such stream
 * @throws OleError where the container is damaged
 */
export async function readOleStream(
  source: ByteSource,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const bytes = await source.read(0, source.size, signal);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 512 || view.getUint32(0, true) !== 0xe011cfd0) throw new OleError('no OLE header');
  const shift = view.getUint16(0x1e, true);
  if (shift !== 9 && shift !== 12) throw new OleError(`sectors of 2^${shift} bytes`);
  const file = new OleFile(bytes, view, shift);
  const directory = file.chain(view.getUint32(0x30, true));
  const entries = new DataView(directory.buffer);
  for (let at = 0; at + 128 <= directory.length; at += 128) {
    const length = entries.getUint16(at + 64, true);
    if (length < 2 || length > 64 || directory[at + 66] !== 2) continue;
    const name = new TextDecoder('utf-16le').decode(directory.subarray(at, at + length - 2));
    if (!names.includes(name)) continue;
    const start = entries.getUint32(at + 116, true);
    const size = entries.getUint32(at + 120, true);
    if (size > bytes.length) throw new OleError(`stream ${name} claims ${size} of ${bytes.length} bytes`);
    const isSmall = size < view.getUint32(0x38, true);
    return isSmall ? file.small(start, size, directory) : file.chain(start).subarray(0, size);
  }
  return undefined;
}

class OleFile {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly sectorBytes: number;
  private readonly table: Uint32Array;

  constructor(bytes: Uint8Array, view: DataView, shift: number) {
    this.bytes = bytes;
    this.view = view;
    this.sectorBytes = 2 ** shift;
    this.table = this.readTable();
  }

  /** Bytes of a chain of sectors. */
  chain(start: number): Uint8Array {
    const sectors: number[] = [];
    for (let at = start; at < lastSector; at = this.table[at] ?? lastSector) {
      if (sectors.length > this.table.length) throw new OleError('a chain of sectors runs in a circle');
      sectors.push(at);
    }
    const out = new Uint8Array(sectors.length * this.sectorBytes);
    for (const [i, sector] of sectors.entries()) {
      const from = (sector + 1) * this.sectorBytes;
      if (from >= this.bytes.length) throw new OleError(`sector ${sector} lies behind the end of the file`);
      out.set(this.bytes.subarray(from, from + this.sectorBytes), i * this.sectorBytes);
    }
    return out;
  }

  /** Bytes of a stream that lies in the small sectors of the root entry. */
  small(start: number, size: number, directory: Uint8Array): Uint8Array {
    const root = this.chain(new DataView(directory.buffer).getUint32(116, true));
    const table = this.chain(this.view.getUint32(0x3c, true));
    const next = new DataView(table.buffer);
    const unit = 2 ** this.view.getUint16(0x20, true);
    const out = new Uint8Array(size);
    let filled = 0;
    for (let at = start; filled < size; at = next.getUint32(at * 4, true)) {
      if (at >= lastSector || at * 4 + 4 > table.length || unit < 1)
        throw new OleError('a small stream ends before its size');
      const part = root.subarray(at * unit, Math.min((at + 1) * unit, at * unit + size - filled));
      if (part.length === 0) throw new OleError('a small stream lies behind the end');
      out.set(part, filled);
      filled += part.length;
    }
    return out;
  }

  private readTable(): Uint32Array {
    const perSector = this.sectorBytes / 4;
    const most = Math.ceil(this.bytes.length / this.sectorBytes);
    const places: number[] = [];
    for (let i = 0; i < 109; i++) places.push(this.view.getUint32(0x4c + i * 4, true));
    let more = this.view.getUint32(0x44, true);
    for (let seen = 0; more < lastSector && seen <= most; seen++) {
      const at = (more + 1) * this.sectorBytes;
      if (at + this.sectorBytes > this.bytes.length) break;
      for (let i = 0; i < perSector - 1; i++) places.push(this.view.getUint32(at + i * 4, true));
      more = this.view.getUint32(at + this.sectorBytes - 4, true);
    }
    const used = places.filter((place) => place < lastSector && (place + 1) * this.sectorBytes < this.bytes.length);
    const table = new Uint32Array(Math.min(used.length, most) * perSector).fill(0xffffffff);
    for (const [n, place] of used.slice(0, most).entries()) {
      const at = (place + 1) * this.sectorBytes;
      const count = Math.min(perSector, Math.floor((this.bytes.length - at) / 4));
      for (let i = 0; i < count; i++) table[n * perSector + i] = this.view.getUint32(at + i * 4, true);
    }
    return table;
  }
}
