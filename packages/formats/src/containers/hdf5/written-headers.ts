import {
  type Hdf5Column,
  type NumberKind,
  columnBytes,
  columnOffsets,
  recordBytes,
  typeMessage,
} from './written-types.ts';

/** A table of rows with named columns (a one-dimensional compound dataset). */
export interface Hdf5TableNode {
  columns: readonly Hdf5Column[];
  rows: number;
  /** Bytes of a record, where it has room behind its columns. */
  recordBytes?: number;
  /** Gives the rows as packed records, in order, in pieces of any size. Called once. */
  records(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** An array of numbers with one axis or two. */
export interface Hdf5ArrayNode {
  /** Lengths of the axes; the last runs fastest. */
  shape: readonly [number] | readonly [number, number];
  type: { kind: NumberKind };
  /** Gives the values as their bytes, in order, in pieces of any size. Called once. */
  records(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** A group with its members. */
export interface Hdf5GroupNode {
  members: ReadonlyMap<string, Hdf5Node>;
  /** Texts that stand at the group by name, UTF-8 of fixed length. */
  attributes?: Readonly<Record<string, string>>;
}

/** What a file is made of. */
export type Hdf5Node = Hdf5GroupNode | Hdf5TableNode | Hdf5ArrayNode;

/** Address of what is not there. */
export const undefinedAddress = undefined;

/** Bytes of a structure, written field by field. */
export class Fields {
  private bytes = new Uint8Array(640);
  private view = new DataView(this.bytes.buffer);
  private used = 0;

  private room(count: number): number {
    const at = this.used;
    this.used += count;
    if (this.used > this.bytes.length) {
      const larger = new Uint8Array(this.used * 2);
      larger.set(this.bytes);
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }

  u8(...values: number[]): this {
    return this.put(values);
  }

  put(bytes: ArrayLike<number>): this {
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
    return this;
  }

  u16(value: number): this {
    const at = this.room(2);
    this.view.setUint16(at, value, true);
    return this;
  }

  u32(value: number): this {
    const at = this.room(4);
    this.view.setUint32(at, value, true);
    return this;
  }

  /** A length or address below 2^53; `undefined` is the address of what is not there. */
  u64(value: number | undefined): this {
    if (value === undefined) return this.u32(0xffff_ffff).u32(0xffff_ffff);
    return this.u32(value % 2 ** 32).u32(Math.floor(value / 2 ** 32));
  }

  text(value: string): this {
    return this.put(new TextEncoder().encode(value));
  }

  /** NULs up to a multiple of eight, or to a given length. */
  pad(length = Math.ceil(this.used / 8) * 8): this {
    this.room(Math.max(0, length - this.used));
    return this;
  }

  done(): Uint8Array {
    return this.bytes.slice(0, this.used);
  }
}

function message(type: number, content: Uint8Array): Fields {
  const padded = new Fields()
    .u8(...content)
    .pad()
    .done();
  return new Fields()
    .u16(type)
    .u16(padded.length)
    .u8(0, 0, 0, 0)
    .u8(...padded);
}

function objectHeader(messages: readonly Fields[]): Uint8Array {
  const body = messages.map((one) => one.done());
  const length = body.reduce((sum, one) => sum + one.length, 0);
  const fields = new Fields().u8(1, 0).u16(messages.length).u32(1).u32(length).u32(0);
  for (const one of body) fields.put(one);
  return fields.done();
}

/** Bytes of the rows of a table, or of the values of an array. */
export function bytesOf(node: Hdf5TableNode | Hdf5ArrayNode): number {
  if ('columns' in node) return sizeOf(node) * node.rows;
  return node.shape.reduce((product, length) => product * length, columnBytes(node.type));
}

function sizeOf({ columns, recordBytes: size }: Hdf5TableNode): number {
  return size ?? recordBytes(columns);
}

/** Header of a group whose tree and heap of names lie at these addresses; its length does not depend on them. */
export function groupHeader({ attributes = {} }: Hdf5GroupNode, tree: number, heap: number): Uint8Array {
  return objectHeader([
    message(0x11, new Fields().u64(tree).u64(heap).done()),
    ...Object.entries(attributes).map(([name, text]) => message(0x0c, textAttribute(name, text))),
  ]);
}

/** Header of a table or array whose bytes begin at an address; its length does not depend on the address. */
export function datasetHeader(node: Hdf5TableNode | Hdf5ArrayNode, data: number): Uint8Array {
  const shape = 'columns' in node ? [node.rows] : node.shape;
  const type = 'columns' in node ? compoundType(node.columns, sizeOf(node)) : Uint8Array.from(typeMessage(node.type));
  const bytes = bytesOf(node);
  const extent = new Fields().u8(1, shape.length, 0, 0, 0, 0, 0, 0);
  for (const length of shape) extent.u64(length);
  return objectHeader([
    message(0x01, extent.done()),
    message(0x03, type),
    // Fill value: allocated late, written if set, the default.
    message(0x05, new Fields().u8(2, 2, 2, 1).u32(0).done()),
    message(
      0x08,
      new Fields()
        .u8(3, 1)
        .u64(bytes === 0 ? undefinedAddress : data)
        .u64(bytes)
        .done(),
    ),
  ]);
}

/** A text as an attribute of version 1, whose parts are each filled up to a multiple of eight. */
function textAttribute(name: string, text: string): Uint8Array {
  const [named, value] = [new TextEncoder().encode(`${name}\0`), new TextEncoder().encode(text)];
  // HDF5 has no text of no bytes.
  const type = Uint8Array.from(typeMessage({ kind: 'string', bytes: Math.max(1, value.length) }));
  const scalar = new Fields().u8(1, 0, 0, 0, 0, 0, 0, 0).done();
  return new Fields()
    .u8(1, 0)
    .u16(named.length)
    .u16(type.length)
    .u16(scalar.length)
    .put(named)
    .pad()
    .put(type)
    .pad()
    .put(scalar)
    .put(value.length > 0 ? value : [0])
    .done();
}

function compoundType(columns: readonly Hdf5Column[], size: number): Uint8Array {
  const fields = new Fields().u8(0x16).u16(columns.length).u8(0).u32(size);
  const offsets = columnOffsets(columns);
  for (const [i, { name, type }] of columns.entries()) {
    fields.put(new Fields().text(name).u8(0).pad().done()).u32(offsets[i]!);
    // Not an array: no dimensions, no permutation, four unused sizes.
    fields.u32(0).u32(0).u32(0).u64(0).u64(0).put(typeMessage(type));
  }
  return fields.done();
}
