import { BTreeTwo } from './b-tree-two.ts';
import { Cursor, utf8 } from './cursor.ts';
import { type Dataspace, parseDataspace } from './dataset-messages.ts';
import { type Hdf5Type, parseDatatype } from './datatype.ts';
import { Hdf5Fault } from './fault.ts';
import { FractalHeap } from './fractal-heap.ts';
import type { GlobalHeaps } from './heaps.ts';
import { type Message, messageType, readObjectHeader, sharedAt } from './object-header.ts';
import type { AddressSpace } from './space.ts';
import { type Hdf5Value, ReadBudget, isNumeric, numbersOf, textsOf, valueOf } from './values.ts';

/** Values of an attribute that are read at most; longer ones are cut for display. */
const mostValues = 1 << 20;

/** A named value at a group or dataset. */
export class Hdf5Attribute {
  readonly name: string;
  readonly type: Hdf5Type;
  readonly space: Dataspace;
  private readonly bytes: Uint8Array;
  private readonly heaps: GlobalHeaps;

  constructor(name: string, type: Hdf5Type, space: Dataspace, bytes: Uint8Array, heaps: GlobalHeaps) {
    this.name = name;
    this.type = type;
    this.space = space;
    this.bytes = bytes;
    this.heaps = heaps;
  }

  /** How many values it has. */
  get count(): number {
    return this.space.kind === 'null' ? 0 : this.space.shape.reduce((product, length) => product * length, 1);
  }

  /** All values in order, row by row; one for a scalar. */
  async values(): Promise<Hdf5Value[]> {
    const out: Hdf5Value[] = [];
    const budget = new ReadBudget();
    for (let n = 0; n < Math.min(this.count, mostValues); n++)
      out.push(await valueOf(this.type, this.bytes, n * this.type.size, this.heaps, budget));
    return out;
  }

  /** The values as numbers; empty where they are none. */
  numbers(): Float64Array {
    return isNumeric(this.type) ? numbersOf(this.type, this.bytes, this.count) : new Float64Array(0);
  }

  /**
   * The value as one text: a text as it is, a list of texts put together (Imaris writes one character each), numbers
   * with commas; `undefined` where it is neither.
   */
  async text(): Promise<string | undefined> {
    const { type } = this;
    if (type.class === 'string' || type.class === 'vlen-string')
      return (await textsOf(type, this.bytes, this.count, this.heaps)).join('');
    return isNumeric(type) ? Array.from(this.numbers()).join(', ') : undefined;
  }
}

/** All attributes of an object, those in its header and those in a heap. */
export async function readAttributes(
  space: AddressSpace,
  messages: readonly Message[],
  heaps: GlobalHeaps,
): Promise<Hdf5Attribute[]> {
  const found: Hdf5Attribute[] = [];
  for (const { type, bytes } of messages) {
    if (type === messageType.attribute) found.push(await parseAttribute(space, bytes, heaps));
    else if (type === messageType.attributeInfo)
      for await (const dense of denseAttributes(space, bytes)) found.push(await parseAttribute(space, dense, heaps));
  }
  return found;
}

async function* denseAttributes(space: AddressSpace, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const cursor = new Cursor(bytes, 'the list of attributes');
  cursor.version(0);
  if (cursor.u8() & 1) cursor.skip(2);
  const heapAt = cursor.address(space.addressBytes);
  const treeAt = cursor.address(space.addressBytes);
  if (heapAt === undefined || treeAt === undefined) return;
  const heap = await FractalHeap.open(space, heapAt);
  const tree = await BTreeTwo.open(space, treeAt);
  if (tree.type !== 8 || tree.recordBytes < 17)
    throw new Hdf5Fault('damaged', `attributes are listed by a tree of type ${tree.type}`);
  let count = 0;
  for await (const record of tree.records()) {
    if (++count > tree.total) throw new Hdf5Fault('damaged', 'attributes are listed without end');
    if (record[8]! & 2) throw new Hdf5Fault('unsupported', 'an attribute is shared through a table of the whole file');
    yield await heap.object(record.subarray(0, 8));
  }
}

/** Source: HDF5 File Format Specification 3.0, IV.A.2.m. */
async function parseAttribute(space: AddressSpace, bytes: Uint8Array, heaps: GlobalHeaps): Promise<Hdf5Attribute> {
  const cursor = new Cursor(bytes, 'an attribute');
  const version = cursor.version(1, 2, 3);
  const flags = cursor.u8();
  const [nameBytes, typeBytes, spaceBytes] = [cursor.u16(), cursor.u16(), cursor.u16()];
  if (version === 3) cursor.skip(1);
  const part = (length: number): Uint8Array => {
    const taken = cursor.take(length);
    // The oldest version fills its parts up to a multiple of 8.
    if (version === 1) cursor.skip(Math.min(cursor.left, (8 - (length % 8)) % 8));
    return taken;
  };
  const name = utf8(part(nameBytes));
  const typePart = part(typeBytes);
  const isShared = version > 1 && (flags & 1) !== 0;
  const type = parseDatatype(new Cursor(isShared ? await sharedType(space, typePart) : typePart, 'a datatype'));
  const shape = parseDataspace(new Cursor(part(spaceBytes), 'a dataspace'), space);
  const count = shape.kind === 'null' ? 0 : shape.shape.reduce((product, length) => product * length, 1);
  if (count * type.size > cursor.left)
    throw new Hdf5Fault('damaged', `the attribute ${name} claims ${count} values of ${type.size} bytes`);
  return new Hdf5Attribute(name, type, shape, cursor.take(count * type.size), heaps);
}

async function sharedType(space: AddressSpace, bytes: Uint8Array): Promise<Uint8Array> {
  const { address } = sharedAt(new Cursor(bytes, 'a shared datatype'), space);
  const message = (await readObjectHeader(space, address)).find(({ type }) => type === messageType.datatype);
  if (!message) throw new Hdf5Fault('damaged', 'a shared datatype is not where it is said to be');
  return message.bytes;
}
