import type { ByteSource } from '../../bytes/byte-source.ts';

interface Entry {
  start: number;
  size: number;
}

const endOfChain = 0xfffffffa;
const maxTableBytes = 256 << 20;

/**
 * Streams of an OLE compound file (MS-CFB) as sources of their own, read by ranges: only the tables of sectors and the
 * directory are fetched when it is opened. Names are taken without their folders.
 */
export class OleStreams {
  readonly #source: ByteSource;
  readonly #sector: number;
  readonly #next: Uint32Array;
  readonly #entries = new Map<string, Entry>();
  readonly #cutoff: number;
  #smallNext = new Uint32Array(0);
  #small: ByteSource | undefined;

  private constructor(source: ByteSource, sector: number, next: Uint32Array, cutoff: number) {
    this.#source = source;
    this.#sector = sector;
    this.#next = next;
    this.#cutoff = cutoff;
  }

  /** Opens a container; `undefined` where its tables are damaged. */
  static async open(source: ByteSource): Promise<OleStreams | undefined> {
    const head = await source.read(0, 512);
    if (head.length < 512) return undefined;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const shift = view.getUint16(0x1e, true);
    if (view.getUint32(0, true) !== 0xe011cfd0 || (shift !== 9 && shift !== 12)) return undefined;
    const sector = 2 ** shift;
    const next = await readTable(source, view, sector);
    if (!next) return undefined;
    const streams = new OleStreams(source, sector, next, view.getUint32(0x38, true));
    const directory = await streams.#whole(view.getUint32(0x30, true));
    if (!directory) return undefined;
    await streams.#readDirectory(directory, view.getUint32(0x3c, true));
    return streams;
  }

  async #readDirectory(directory: Uint8Array, smallTable: number): Promise<void> {
    const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength);
    for (let at = 0; at + 128 <= directory.length; at += 128) {
      const length = view.getUint16(at + 64, true);
      const entry = { start: view.getUint32(at + 116, true), size: view.getUint32(at + 120, true) };
      if (at === 0) this.#small = this.#chainSource('', entry);
      if (length < 2 || length > 64 || directory[at + 66] !== 2) continue;
      const name = new TextDecoder('utf-16le').decode(directory.subarray(at, at + length - 2));
      this.#entries.set(name, entry);
    }
    const table = await this.#whole(smallTable);
    if (table) this.#smallNext = new Uint32Array(table.slice().buffer);
  }

  /** The stream of a name; `undefined` where it is absent or its sectors are damaged. */
  stream(name: string): ByteSource | undefined {
    const entry = this.#entries.get(name);
    if (!entry) return undefined;
    if (entry.size >= this.#cutoff) return this.#chainSource(name, entry);
    const sectors = chainOf(this.#smallNext, entry.start);
    return (
      this.#small &&
      sectors &&
      piecedSource(
        name,
        this.#small,
        sectors.map((n) => n * 64),
        64,
        entry.size,
      )
    );
  }

  #chainSource(name: string, { start, size }: Entry): ByteSource | undefined {
    const sectors = chainOf(this.#next, start);
    const places = sectors?.map((n) => (n + 1) * this.#sector);
    return places && piecedSource(name, this.#source, places, this.#sector, size);
  }

  async #whole(start: number): Promise<Uint8Array | undefined> {
    const length = (chainOf(this.#next, start)?.length ?? 0) * this.#sector;
    if (length > maxTableBytes) return undefined;
    return this.#chainSource('', { start, size: length })?.read(0, length);
  }
}

/** Sectors of a chain; `undefined` where it runs in a circle or out of the table. */
function chainOf(next: Uint32Array, start: number): number[] | undefined {
  const sectors: number[] = [];
  for (let at = start; at < endOfChain; at = next[at]!) {
    if (at >= next.length || sectors.length > next.length) return undefined;
    sectors.push(at);
  }
  return sectors;
}

/** The table that says for each sector which one follows. Places of its own sectors beyond 109 are in a chain. */
async function readTable(source: ByteSource, head: DataView, sector: number): Promise<Uint32Array | undefined> {
  const most = Math.ceil(source.size / sector);
  const count = head.getUint32(0x2c, true);
  if (count > most || count * sector > maxTableBytes) return undefined;
  const places: number[] = [];
  for (let n = 0; n < 109 && places.length < count; n++) places.push(head.getUint32(0x4c + 4 * n, true));
  let more = head.getUint32(0x44, true);
  for (let seen = 0; more < endOfChain && places.length < count && seen < most; seen++) {
    const bytes = await source.read((more + 1) * sector, sector);
    if (bytes.length < sector) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + 4 < sector && places.length < count; at += 4) places.push(view.getUint32(at, true));
    more = view.getUint32(sector - 4, true);
  }
  const table = new Uint32Array((places.length * sector) / 4).fill(0xffffffff);
  for (const [n, place] of places.entries()) {
    const bytes = await source.read((place + 1) * sector, sector);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + 4 <= bytes.length; at += 4) table[(n * sector + at) / 4] = view.getUint32(at, true);
  }
  return table;
}

/** A source of pieces of one length; pieces that follow each other are read at once. */
function piecedSource(
  name: string,
  parent: ByteSource,
  places: readonly number[],
  piece: number,
  stated: number,
): ByteSource {
  const size = Math.min(stated, places.length * piece);
  return {
    name,
    size,
    async read(offset, length, signal) {
      const end = Math.min(size, offset + length);
      let out: Uint8Array | undefined;
      for (let at = offset; at < end; ) {
        let last = Math.floor(at / piece);
        const from = places[last]! + (at % piece);
        while ((last + 1) * piece < end && places[last + 1] === places[last]! + piece) last++;
        const stop = Math.min(end, (last + 1) * piece);
        const bytes = await parent.read(from, stop - at, signal);
        // All in one run, as planes mostly lie: nothing is put together.
        if (at === offset && stop === end) return bytes;
        out ??= new Uint8Array(end - offset);
        out.set(bytes, at - offset);
        if (bytes.length < stop - at) return out.subarray(0, at - offset + bytes.length);
        at = stop;
      }
      return out ?? new Uint8Array(0);
    },
  };
}
