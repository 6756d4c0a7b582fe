import { Cursor, bytesForLimit } from './cursor.ts';
import { Hdf5Fault } from './fault.ts';
import type { AddressSpace } from './space.ts';

interface Child {
  address: number;
  records: number;
}

interface Node {
  records: Uint8Array[];
  /** One more than records; none in a leaf. */
  children: Child[];
}

const keptNodes = 256;

/**
 * A B-tree of version 2: dense links and attributes, chunks of datasets with several growing axes. Nodes are read
 * when they are needed. Source: HDF5 File Format Specification 3.0, III.A.2.
 */
export class BTreeTwo {
  readonly type: number;
  readonly recordBytes: number;
  /** Records of the whole tree, as its header says. */
  readonly total: number;
  private readonly space: AddressSpace;
  private readonly nodeBytes: number;
  private readonly depth: number;
  private readonly root: Child | undefined;
  /** Bytes of "records of a child" and, by depth, of "records below a child". */
  private readonly countBytes: number;
  private readonly totalBytes: number[];
  private readonly nodes = new Map<number, Promise<Node>>();

  private constructor(space: AddressSpace, header: Cursor) {
    this.space = space;
    header.signature('BTHD').version(0);
    this.type = header.u8();
    this.nodeBytes = header.u32();
    this.recordBytes = header.u16();
    this.depth = header.u16();
    header.skip(2);
    const address = header.address(space.addressBytes);
    const records = header.u16();
    this.total = header.uint(space.lengthBytes);
    this.root = address === undefined ? undefined : { address, records };
    if (this.recordBytes === 0 || this.nodeBytes < 10 + this.recordBytes || this.depth > 32)
      throw new Hdf5Fault('damaged', 'a B-tree has nodes that hold nothing');
    if (this.total * this.recordBytes > space.size)
      throw new Hdf5Fault('absurd', `a B-tree claims ${this.total} records`);
    const leafMost = Math.floor((this.nodeBytes - 10) / this.recordBytes);
    this.countBytes = bytesForLimit(leafMost);
    this.totalBytes = [0];
    for (let level = 1, below = leafMost; level <= this.depth; level++) {
      const pointer = space.addressBytes + this.countBytes + this.totalBytes[level - 1]!;
      const most = Math.floor((this.nodeBytes - 10 - pointer) / (this.recordBytes + pointer));
      below = (most + 1) * below + most;
      this.totalBytes.push(bytesForLimit(below));
    }
  }

  static async open(space: AddressSpace, address: number): Promise<BTreeTwo> {
    const length = 22 + space.addressBytes + space.lengthBytes;
    return new BTreeTwo(space, await space.checked(address, length, 'the header of a B-tree'));
  }

  /** All records in order. */
  async *records(): AsyncGenerator<Uint8Array> {
    if (this.root) yield* this.below(this.root, this.depth);
  }

  private async *below(child: Child, level: number): AsyncGenerator<Uint8Array> {
    const { records, children } = await this.node(child, level);
    for (const [n, record] of records.entries()) {
      if (level > 0) yield* this.below(children[n]!, level - 1);
      yield record;
    }
    if (level > 0) yield* this.below(children[records.length]!, level - 1);
  }

  /**
   * A record by its place in the order of the tree.
   * @param compare below 0 where what is sought comes before the record, above 0 where it comes after
   */
  async find(compare: (record: Uint8Array) => number): Promise<Uint8Array | undefined> {
    let child = this.root;
    for (let level = this.depth; child; level--) {
      const { records, children }: Node = await this.node(child, level);
      let low = 0;
      let high = records.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        const order = compare(records[middle]!);
        if (order === 0) return records[middle];
        if (order < 0) high = middle;
        else low = middle + 1;
      }
      child = level > 0 ? children[low] : undefined;
    }
    return undefined;
  }

  /** A level below 0 cannot be asked for, so that nodes that refer to each other end. */
  private node(child: Child, level: number): Promise<Node> {
    let node = this.nodes.get(child.address);
    if (node) this.nodes.delete(child.address);
    else node = this.readNode(child, level);
    this.nodes.set(child.address, node);
    if (this.nodes.size > keptNodes) this.nodes.delete(this.nodes.keys().next().value!);
    return node;
  }

  private async readNode({ address, records }: Child, level: number): Promise<Node> {
    const { space, recordBytes, countBytes } = this;
    const pointer = level === 0 ? 0 : space.addressBytes + countBytes + this.totalBytes[level - 1]!;
    const length = 10 + records * recordBytes + (level === 0 ? 0 : (records + 1) * pointer);
    if (length > this.nodeBytes) throw new Hdf5Fault('damaged', `a node of a B-tree claims ${records} records`);
    const cursor = await space.checked(address, length, 'a node of a B-tree');
    cursor.signature(level === 0 ? 'BTLF' : 'BTIN').version(0);
    cursor.skip(1);
    const found = Array.from({ length: records }, () => cursor.take(recordBytes));
    const children: Child[] = [];
    for (let n = 0; level > 0 && n <= records; n++) {
      const at = cursor.address(space.addressBytes);
      const count = cursor.uint(countBytes);
      cursor.skip(this.totalBytes[level - 1]!);
      if (at === undefined) throw new Hdf5Fault('damaged', 'a node of a B-tree lacks a child');
      children.push({ address: at, records: count });
    }
    return { records: found, children };
  }
}
