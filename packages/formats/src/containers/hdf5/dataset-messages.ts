import { Cursor } from './cursor.ts';
import { Hdf5Fault } from './fault.ts';
import type { AddressSpace } from './space.ts';

/** Lengths of the axes of a dataset or attribute. */
export interface Dataspace {
  /** `null`: there are no values at all. `scalar`: one value without axes. */
  kind: 'null' | 'scalar' | 'simple';
  shape: number[];
  /** Lengths the axes may grow to; `Infinity` where they have no limit. */
  maxShape: number[];
}

/** Reads a dataspace message, versions 1 and 2. Source: HDF5 File Format Specification 3.0, IV.A.2.b. */
export function parseDataspace(cursor: Cursor, { lengthBytes }: AddressSpace): Dataspace {
  const version = cursor.version(1, 2);
  const rank = cursor.u8();
  const flags = cursor.u8();
  if (rank > 32) throw new Hdf5Fault('damaged', `a dataspace has ${rank} axes`);
  const kind = version === 2 ? cursor.u8() : rank === 0 ? 0 : 1;
  if (version === 1) cursor.skip(5);
  const shape = Array.from({ length: rank }, () => cursor.uint(lengthBytes));
  const maxShape = flags & 1 ? Array.from({ length: rank }, () => cursor.address(lengthBytes) ?? Infinity) : [...shape];
  if (shape.some((length) => !Number.isSafeInteger(length)))
    throw new Hdf5Fault('absurd', `a dataspace claims ${shape.join(' × ')} values`);
  return { kind: kind === 2 ? 'null' : rank === 0 ? 'scalar' : 'simple', shape, maxShape };
}

/** How chunks are found. */
export type ChunkIndexKind =
  | { kind: 'b-tree-1' }
  | { kind: 'single'; size: number | undefined; filterMask: number }
  | { kind: 'implicit' }
  | { kind: 'fixed-array' }
  | { kind: 'extensible-array' }
  | { kind: 'b-tree-2' };

/** Where the values of a dataset lie. */
export type Layout =
  | { class: 'compact'; bytes: Uint8Array }
  | { class: 'contiguous'; address: number | undefined; size: number | undefined }
  | {
      class: 'chunked';
      address: number | undefined;
      /** Lengths of a chunk along the axes of the dataset. */
      chunk: number[];
      index: ChunkIndexKind;
      /** Are chunks at the edges stored without filters? */
      plainEdges: boolean;
    }
  | { class: 'virtual' };

/** Reads a data layout message, versions 1 to 5. Source: HDF5 File Format Specification 3.0, IV.A.2.i. */
export function parseLayout(cursor: Cursor, space: AddressSpace): Layout {
  const version = cursor.version(1, 2, 3, 4, 5);
  if (version <= 2) return oldLayout(cursor, space);
  const kind = cursor.u8();
  if (kind === 0) return { class: 'compact', bytes: cursor.take(cursor.u16()) };
  if (kind === 1) {
    const address = cursor.address(space.addressBytes);
    return { class: 'contiguous', address, size: cursor.uint(space.lengthBytes) };
  }
  if (kind === 3) return { class: 'virtual' };
  if (kind !== 2) throw new Hdf5Fault('unsupported', `a dataset has a layout of class ${kind}`);
  return version === 3 ? chunkedThree(cursor, space) : chunkedFour(cursor, space);
}

function oldLayout(cursor: Cursor, space: AddressSpace): Layout {
  const rank = cursor.u8();
  const kind = cursor.u8();
  cursor.skip(5);
  const address = kind === 0 ? undefined : cursor.address(space.addressBytes);
  const lengths = Array.from({ length: rank }, () => cursor.u32());
  if (kind === 0) return { class: 'compact', bytes: cursor.take(cursor.u32()) };
  if (kind === 1) return { class: 'contiguous', address, size: undefined };
  return { class: 'chunked', address, chunk: chunkOf(lengths), index: { kind: 'b-tree-1' }, plainEdges: false };
}

function chunkedThree(cursor: Cursor, space: AddressSpace): Layout {
  const rank = cursor.u8();
  const address = cursor.address(space.addressBytes);
  const lengths = Array.from({ length: rank }, () => cursor.u32());
  return { class: 'chunked', address, chunk: chunkOf(lengths), index: { kind: 'b-tree-1' }, plainEdges: false };
}

function chunkedFour(cursor: Cursor, space: AddressSpace): Layout {
  const flags = cursor.u8();
  const rank = cursor.u8();
  const bytes = cursor.u8();
  if (bytes < 1 || bytes > 8) throw new Hdf5Fault('damaged', `the lengths of a chunk take ${bytes} bytes`);
  const lengths = Array.from({ length: rank }, () => cursor.uint(bytes));
  const kind = cursor.u8();
  let index: ChunkIndexKind;
  if (kind === 1) {
    const isFiltered = (flags & 2) !== 0;
    index = {
      kind: 'single',
      size: isFiltered ? cursor.uint(space.lengthBytes) : undefined,
      filterMask: isFiltered ? cursor.u32() : 0,
    };
  } else if (kind === 2) index = { kind: 'implicit' };
  else if (kind === 3) index = skipped(cursor, 1, { kind: 'fixed-array' });
  else if (kind === 4) index = skipped(cursor, 5, { kind: 'extensible-array' });
  else if (kind === 5) index = skipped(cursor, 6, { kind: 'b-tree-2' });
  else throw new Hdf5Fault('unsupported', `the chunks of a dataset are listed by an index of type ${kind}`);
  const address = cursor.address(space.addressBytes);
  return { class: 'chunked', address, chunk: chunkOf(lengths), index, plainEdges: (flags & 1) !== 0 };
}

/** The index's own header repeats its parameters; those are used. */
function skipped(cursor: Cursor, bytes: number, index: ChunkIndexKind): ChunkIndexKind {
  cursor.skip(bytes);
  return index;
}

/** The last length is the size of a value, not an axis. */
function chunkOf(lengths: number[]): number[] {
  const chunk = lengths.slice(0, -1);
  if (lengths.length < 2 || lengths.length > 33 || chunk.some((length) => length < 1))
    throw new Hdf5Fault('damaged', `a dataset has chunks of ${chunk.join(' × ')} values`);
  return chunk;
}

/** One step of the pipeline chunks went through when they were written. */
export interface FilterStep {
  /** Number registered with the HDF Group. */
  id: number;
  name: string;
  isOptional: boolean;
  /** Values the filter was called with. */
  parameters: number[];
}

/** Reads a filter pipeline message, versions 1 and 2. Source: HDF5 File Format Specification 3.0, IV.A.2.l. */
export function parseFilters(cursor: Cursor): FilterStep[] {
  const version = cursor.version(1, 2);
  const count = cursor.u8();
  if (version === 1) cursor.skip(6);
  return Array.from({ length: count }, () => {
    const id = cursor.u16();
    const nameBytes = version === 1 || id >= 256 ? cursor.u16() : 0;
    const flags = cursor.u16();
    const values = cursor.u16();
    const name = new TextDecoder('windows-1252').decode(cursor.take(nameBytes)).replace(/\0[\s\S]*$/, '');
    const parameters = Array.from({ length: values }, () => cursor.u32());
    if (version === 1 && values % 2 === 1) cursor.skip(4);
    return { id, name, isOptional: (flags & 1) !== 0, parameters };
  });
}

/** Bytes of the value that stands where nothing was written; `undefined` means zeros. */
export function parseFillValue(cursor: Cursor): Uint8Array | undefined {
  const version = cursor.version(1, 2, 3);
  if (version === 3) return cursor.u8() & 0x20 ? nonEmpty(cursor.take(cursor.u32())) : undefined;
  cursor.skip(2);
  const isDefined = cursor.u8() !== 0;
  return version === 1 || isDefined ? nonEmpty(cursor.take(valueSize(cursor))) : undefined;
}

/** Old versions write a size of -1 where there is no value. */
function valueSize(cursor: Cursor): number {
  const size = cursor.u32();
  return size === 0xffffffff ? 0 : size;
}

/** The same for the old message, which is nothing but the value. */
export function parseOldFillValue(cursor: Cursor): Uint8Array | undefined {
  return nonEmpty(cursor.take(valueSize(cursor)));
}

function nonEmpty(bytes: Uint8Array): Uint8Array | undefined {
  return bytes.length > 0 ? bytes : undefined;
}
