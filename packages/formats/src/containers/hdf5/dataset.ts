import { type Box, chunksOf, copyBox, valuesIn } from './boxes.ts';
import type { ChunkCache } from './chunk-cache.ts';
import { type ChunkIndex, openChunkIndex } from './chunk-index.ts';
import type { Dataspace, FilterStep, Layout } from './dataset-messages.ts';
import type { Hdf5CompoundMember, Hdf5Type } from './datatype.ts';
import { Hdf5Fault } from './fault.ts';
import { filterName, undoFilters } from './filters.ts';
import type { GlobalHeaps } from './heaps.ts';
import { readRuns } from './runs.ts';
import type { AddressSpace } from './space.ts';
import { type Hdf5Value, ReadBudget, numbersOf, textsOf, valueOf } from './values.ts';

/** What the header of a dataset says. */
export interface DatasetParts {
  path: string;
  type: Hdf5Type;
  extent: Dataspace;
  layout: Layout;
  filters: FilterStep[];
  fill: Uint8Array | undefined;
  space: AddressSpace;
  heaps: GlobalHeaps;
  cache: ChunkCache;
}

/** Largest block read in one piece. */
const mostBytes = 1 << 30;
/** No codec of those read makes data smaller than this many times (deflate: 1,032). */
const mostRatio = 1100;
/** Bytes of a slab of `blocks`. */
const slabBytes = 8 << 20;
/** Chunks that are fetched at once. */
const atOnce = 4;

/**
 * An array of values. Nothing is read until asked, and then only the chunks or ranges the block lies in.
 * Values come row by row, the last axis fastest, in the byte order of the file (`type` says which).
 */
export class Hdf5Dataset {
  readonly path: string;
  readonly type: Hdf5Type;
  /** Lengths of the axes; empty for a single value. */
  readonly shape: readonly number[];
  /** Lengths the axes may grow to, `Infinity` without limit. */
  readonly maxShape: readonly number[];
  private readonly parts: DatasetParts;
  private index: Promise<ChunkIndex> | undefined;

  constructor(parts: DatasetParts) {
    this.parts = parts;
    this.path = parts.path;
    this.type = parts.type;
    this.shape = parts.extent.shape;
    this.maxShape = parts.extent.maxShape;
  }

  /** How many values there are; 0 for a null dataspace, 1 for a scalar. */
  get count(): number {
    return this.parts.extent.kind === 'null' ? 0 : valuesIn(this.shape);
  }

  /** How it is stored. */
  get storage(): Layout['class'] {
    return this.parts.layout.class;
  }

  /** Lengths of a chunk, where it has chunks. */
  get chunk(): readonly number[] | undefined {
    return this.parts.layout.class === 'chunked' ? this.parts.layout.chunk : undefined;
  }

  /** Names of the filters its chunks went through, in the order of writing. */
  get filters(): string[] {
    return this.parts.filters.map(filterName);
  }

  /** A column of records by name; `undefined` where it has none of this name or holds no records. */
  member(name: string): Hdf5CompoundMember | undefined {
    return this.type.class === 'compound' ? this.type.members.find((member) => member.name === name) : undefined;
  }

  /** @throws Hdf5Fault where it claims more values than its file can hold packed as tightly as can be */
  assertPlausible(): void {
    const bytes = this.count * this.type.size;
    const room = this.parts.layout.class === 'chunked' ? this.parts.space.size * mostRatio : this.parts.space.size;
    if (!(bytes <= room + (16 << 20)))
      throw new Hdf5Fault(
        'absurd',
        `${this.path} claims ${this.shape.join(' × ')} values of ${this.type.size} bytes in a file of ${this.parts.space.source.size} bytes`,
      );
  }

  /**
   * Bytes of a block, all of it where none is given.
   * @throws Hdf5Fault where a chunk is damaged, packed by a filter we do not have, or the block is larger than memory
   * @throws RangeError where the block is not inside the dataset
   */
  async read(box?: Box, signal?: AbortSignal): Promise<Uint8Array> {
    const { type, parts } = this;
    if (this.count === 0 && !box) return new Uint8Array(0);
    const wanted = this.checked(box);
    const bytes = valuesIn(wanted.count) * type.size;
    if (bytes > mostBytes || (bytes > 64 << 20 && bytes > parts.space.size * mostRatio))
      throw new Hdf5Fault('absurd', `${this.path}: ${wanted.count.join(' × ')} values at once are too many`);
    if (bytes === 0) return new Uint8Array(0);
    const out = new Uint8Array(bytes);
    const { layout } = parts;
    if (layout.class === 'virtual')
      throw new Hdf5Fault('unsupported', `${this.path} is put together of other datasets (a virtual dataset)`);
    if (layout.class === 'compact') this.fromMemory(layout.bytes, wanted, out);
    else if (layout.class === 'contiguous') await this.fromRuns(layout.address, wanted, out, signal);
    else await this.fromChunks(layout, wanted, out, signal);
    return out;
  }

  /** The values of a block as numbers of double precision. */
  async numbers(box?: Box, signal?: AbortSignal): Promise<Float64Array> {
    const bytes = await this.read(box, signal);
    return numbersOf(this.type, bytes, bytes.length / this.type.size);
  }

  /** The values of a block as texts. */
  async texts(box?: Box, signal?: AbortSignal): Promise<string[]> {
    const bytes = await this.read(box, signal);
    return textsOf(this.type, bytes, bytes.length / this.type.size, this.parts.heaps);
  }

  /** The values of a block, of any type. */
  async values(box?: Box, signal?: AbortSignal): Promise<Hdf5Value[]> {
    const bytes = await this.read(box, signal);
    const out: Hdf5Value[] = [];
    const budget = new ReadBudget();
    for (let at = 0; at < bytes.length; at += this.type.size)
      out.push(await valueOf(this.type, bytes, at, this.parts.heaps, budget));
    return out;
  }

  /** One column of records as numbers, out of bytes that `read` or `blocks` gave. */
  columnNumbers(member: Hdf5CompoundMember, bytes: Uint8Array): Float64Array {
    return numbersOf(member.type, bytes, bytes.length / this.type.size, this.type.size, member.offset);
  }

  /** One column of records as texts, out of bytes that `read` or `blocks` gave. */
  columnTexts(member: Hdf5CompoundMember, bytes: Uint8Array): Promise<string[]> {
    const count = bytes.length / this.type.size;
    return textsOf(member.type, bytes, count, this.parts.heaps, this.type.size, member.offset);
  }

  /**
   * The whole dataset in slabs along its first axis, some megabytes at a time and cut where chunks end.
   * @yields number of the slab's first row, how many rows, and their bytes
   * @throws Hdf5Fault at once where the dataset claims more than its file can hold
   */
  async *blocks(signal?: AbortSignal): AsyncGenerator<{ first: number; rows: number; bytes: Uint8Array }> {
    this.assertPlausible();
    if (this.count === 0) return;
    const rows = this.shape[0] ?? 1;
    const rowBytes = valuesIn(this.shape.slice(1)) * this.type.size;
    const chunkRows = this.chunk?.[0] ?? 1;
    const fitting = Math.max(1, Math.floor(slabBytes / rowBytes));
    const step = fitting >= chunkRows ? fitting - (fitting % chunkRows) : fitting;
    for (let first = 0; first < rows; first += step) {
      const count = Math.min(step, rows - first);
      const rest = this.shape.slice(1);
      const box =
        this.shape.length === 0 ? undefined : { start: [first, ...rest.map(() => 0)], count: [count, ...rest] };
      yield { first, rows: count, bytes: await this.read(box, signal) };
    }
  }

  private checked(box: Box | undefined): Box {
    if (!box) return { start: this.shape.map(() => 0), count: this.shape };
    const { start, count } = box;
    const fits = this.shape.every((length, axis) => {
      const [from, many] = [start[axis] ?? -1, count[axis] ?? -1];
      return Number.isInteger(from) && Number.isInteger(many) && from >= 0 && many >= 0 && from + many <= length;
    });
    if (!fits || start.length !== this.shape.length || count.length !== this.shape.length)
      throw new RangeError(
        `${this.path}: ${count.join(' × ')} at ${start.join(', ')} is not in ${this.shape.join(' × ')}`,
      );
    return box;
  }

  private fromMemory(bytes: Uint8Array, { start, count }: Box, out: Uint8Array): void {
    if (bytes.length < valuesIn(this.shape) * this.type.size)
      throw new Hdf5Fault('damaged', `${this.path} is shorter than its shape says`);
    copyBox(
      bytes,
      this.shape,
      start,
      out,
      count,
      start.map(() => 0),
      count,
      this.type.size,
    );
  }

  /** Values that lie in one piece. */
  private async fromRuns(address: number | undefined, box: Box, out: Uint8Array, signal?: AbortSignal): Promise<void> {
    const { space, layout } = this.parts;
    if (address === undefined) return this.fillWith(out);
    const total = valuesIn(this.shape) * this.type.size;
    if (layout.class === 'contiguous' && layout.size !== undefined && layout.size < total)
      throw new Hdf5Fault('damaged', `${this.path} is shorter than its shape says`);
    const read = (offset: number, length: number): Promise<Uint8Array> =>
      space.data(address + offset, length, this.path, signal);
    await readRuns(this.shape, this.type.size, box, out, read);
  }

  private async fromChunks(
    layout: Extract<Layout, { class: 'chunked' }>,
    box: Box,
    out: Uint8Array,
    signal?: AbortSignal,
  ): Promise<void> {
    const { chunk, address } = layout;
    if (chunk.length !== this.shape.length)
      throw new Hdf5Fault('damaged', `${this.path} has ${this.shape.length} axes and chunks of ${chunk.length}`);
    const chunkBytes = valuesIn(chunk) * this.type.size;
    if (chunkBytes > mostBytes)
      throw new Hdf5Fault('absurd', `${this.path} has chunks of ${chunk.join(' × ')} values, too large to unpack`);
    const places = chunksOf(box, chunk);
    const work = async (): Promise<void> => {
      for (const place of places) {
        signal?.throwIfAborted();
        const bytes =
          address === undefined ? undefined : await this.chunkAt(layout, address, place, chunkBytes, signal);
        this.paste(bytes, place, chunk, box, out);
      }
    };
    const workers = chunkBytes > slabBytes ? 1 : atOnce;
    await Promise.all(Array.from({ length: workers }, work));
  }

  private paste(
    bytes: Uint8Array | undefined,
    place: readonly number[],
    chunk: readonly number[],
    box: Box,
    out: Uint8Array,
  ): void {
    const origin = place.map((n, axis) => n * chunk[axis]!);
    const from = origin.map((at, axis) => Math.max(at, box.start[axis]!));
    const count = from.map(
      (at, axis) => Math.min(origin[axis]! + chunk[axis]!, box.start[axis]! + box.count[axis]!) - at,
    );
    const inChunk = from.map((at, axis) => at - origin[axis]!);
    const inBox = from.map((at, axis) => at - box.start[axis]!);
    if (bytes) copyBox(bytes, chunk, inChunk, out, box.count, inBox, count, this.type.size);
    else if (this.parts.fill) {
      const filled = new Uint8Array(valuesIn(count) * this.type.size);
      this.fillWith(filled);
      copyBox(
        filled,
        count,
        count.map(() => 0),
        out,
        box.count,
        inBox,
        count,
        this.type.size,
      );
    }
  }

  /** An unpacked chunk; `undefined` where it was never written. */
  private async chunkAt(
    layout: Extract<Layout, { class: 'chunked' }>,
    address: number,
    place: number[],
    chunkBytes: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const { space, filters, cache } = this.parts;
    this.index ??= openChunkIndex(space, address, layout.index, {
      shape: this.shape,
      maxShape: this.maxShape,
      chunk: layout.chunk,
      chunkBytes,
      valueBytes: this.type.size,
    });
    const stored = await (await this.index).find(place);
    if (!stored) return undefined;
    const isEdge = place.some((n, axis) => (n + 1) * layout.chunk[axis]! > this.shape[axis]!);
    const steps = layout.plainEdges && isEdge ? [] : filters;
    return cache.get(stored.address, chunkBytes, async () => {
      const packed = await space.data(stored.address, stored.size, `a chunk of ${this.path}`, signal);
      const bytes = await undoFilters(packed, steps, stored.filterMask, chunkBytes);
      if (bytes.length < chunkBytes)
        throw new Hdf5Fault('damaged', `a chunk of ${this.path} has ${bytes.length} of its ${chunkBytes} bytes`);
      return bytes;
    });
  }

  private fillWith(out: Uint8Array): void {
    const { fill } = this.parts;
    if (fill?.length !== this.type.size || fill.every((byte) => byte === 0)) return;
    for (let at = 0; at < out.length; at += fill.length) out.set(fill, at);
  }
}
