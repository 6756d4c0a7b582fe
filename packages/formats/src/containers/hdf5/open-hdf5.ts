import type { ByteSource } from '../../bytes/byte-source.ts';
import { type Hdf5Attribute, readAttributes } from './attributes.ts';
import { ChunkCache } from './chunk-cache.ts';
import { Cursor } from './cursor.ts';
import { parseDataspace, parseFillValue, parseFilters, parseLayout, parseOldFillValue } from './dataset-messages.ts';
import { Hdf5Dataset } from './dataset.ts';
import { parseDatatype } from './datatype.ts';
import { Hdf5Fault } from './fault.ts';
import { GlobalHeaps } from './heaps.ts';
import { type Hdf5Link, readLinks } from './links.ts';
import { type Message, messageType, readObjectHeader } from './object-header.ts';
import type { AddressSpace } from './space.ts';
import { type Superblock, readSuperblock } from './superblock.ts';

const keptNodes = 2048;
/** Soft links that are followed one after another. */
const mostHops = 16;

/**
 * An open HDF5 file, read by ranges: nothing is fetched until it is asked for, and never the whole file. Works over
 * any byte source, in browsers and Node. Superblocks 0 to 3, old and new groups, all chunk indexes; filters gzip,
 * shuffle, fletcher32, lzf, lz4, zstd and blosc. Faults of the file are `Hdf5Fault`s; `issueOfFault` says them.
 *
 * ```ts
 * const file = await openHdf5(source);
 * for (const { name } of await file.root.links()) console.log(name);
 * const objects = await file.dataset('/data/0/object/0');
 * for await (const { bytes } of objects.blocks()) use(objects.columnNumbers(objects.member('x')!, bytes));
 * ```
 */
export class OpenHdf5 {
  readonly root: Hdf5Node;
  /** Version of the superblock, 0 to 3. */
  readonly version: number;
  /** Bytes before the HDF5 part: a user block, in MATLAB files 512. */
  readonly userBlockBytes: number;
  /** Bytes that the file is shorter than it says: it was cut off. */
  readonly missingBytes: number;
  private readonly shared: Shared;

  constructor(shared: Shared, { version, root, missingBytes }: Superblock) {
    this.shared = shared;
    this.version = version;
    this.missingBytes = missingBytes;
    this.userBlockBytes = shared.space.base;
    this.root = new Hdf5Node(shared, this, '/', root);
  }

  /** What lies at a path from the root; `undefined` where there is nothing, or only a link to another file. */
  async node(path: string): Promise<Hdf5Node | undefined> {
    return this.resolve(this.root, path, 0);
  }

  /** The object at an address, as object references name it. */
  nodeAt(address: number, path = `@${address}`): Hdf5Node {
    return this.shared.node(this, path, address);
  }

  /**
   * The dataset at a path.
   * @throws Hdf5Fault `missing` where there is none
   */
  async dataset(path: string): Promise<Hdf5Dataset> {
    const dataset = await (await this.node(path))?.dataset();
    if (!dataset) throw new Hdf5Fault('missing', `there is no dataset ${path}`);
    return dataset;
  }

  /** Keeps up to so many bytes of unpacked chunks, 32 MiB where nobody asked. For readers that come back to the same ones. */
  keepUnpacked(bytes: number): void {
    this.shared.cache.most = bytes;
  }

  /** Follows a path from a group; `..` and `.` have no meaning beyond being skipped. */
  async resolve(from: Hdf5Node, path: string, hops: number): Promise<Hdf5Node | undefined> {
    let node: Hdf5Node | undefined = path.startsWith('/') ? this.root : from;
    for (const name of path.split('/')) {
      if (name === '' || name === '.') continue;
      node = await node.child(name, hops);
      if (!node) return undefined;
    }
    return node;
  }
}

/** What all nodes of a file use. */
class Shared {
  readonly space: AddressSpace;
  readonly heaps: GlobalHeaps;
  readonly cache = new ChunkCache();
  private readonly nodes = new Map<number, Hdf5Node>();

  constructor(space: AddressSpace) {
    this.space = space;
    this.heaps = new GlobalHeaps(space);
  }

  /** The node of an address. The path it was first reached by stays its name only while it is kept. */
  node(file: OpenHdf5, path: string, address: number): Hdf5Node {
    const known = this.nodes.get(address);
    if (known?.path === path) return known;
    const node = new Hdf5Node(this, file, path, address);
    this.nodes.set(address, node);
    if (this.nodes.size > keptNodes) this.nodes.delete(this.nodes.keys().next().value!);
    return node;
  }
}

/** A group, a dataset or a named type. */
export class Hdf5Node {
  readonly path: string;
  /** Address of its object header: equal for two paths of the same object. */
  readonly address: number;
  private readonly shared: Shared;
  private readonly file: OpenHdf5;
  private messages: Promise<Message[]> | undefined;
  private members: Promise<Map<string, Hdf5Link>> | undefined;

  constructor(shared: Shared, file: OpenHdf5, path: string, address: number) {
    this.shared = shared;
    this.file = file;
    this.path = path;
    this.address = address;
  }

  private header(): Promise<Message[]> {
    this.messages ??= readObjectHeader(this.shared.space, this.address);
    return this.messages;
  }

  /** What it is. */
  async kind(): Promise<'group' | 'dataset' | 'type' | 'other'> {
    const types = new Set((await this.header()).map(({ type }) => type));
    if (types.has(messageType.layout)) return 'dataset';
    if (types.has(messageType.symbolTable) || types.has(messageType.linkInfo) || types.has(messageType.link))
      return 'group';
    return types.has(messageType.datatype) ? 'type' : 'other';
  }

  /** Names directly below a group, in the order the file lists them; none for other nodes. */
  async links(): Promise<Hdf5Link[]> {
    return [...(await this.linkMap()).values()];
  }

  private linkMap(): Promise<Map<string, Hdf5Link>> {
    this.members ??= this.header()
      .then((messages) => readLinks(this.shared.space, messages))
      .then((links) => new Map((links ?? []).map((link) => [link.name, link])));
    return this.members;
  }

  /** What lies under a name of this group; soft links are followed. */
  async child(name: string, hops = 0): Promise<Hdf5Node | undefined> {
    const target = (await this.linkMap()).get(name)?.target;
    if (!target || target.kind === 'external') return undefined;
    if (target.kind === 'hard') {
      const path = this.path === '/' ? `/${name}` : `${this.path}/${name}`;
      return this.shared.node(this.file, path, target.address);
    }
    if (hops >= mostHops) throw new Hdf5Fault('damaged', `the links at ${this.path} lead in a circle`);
    return this.file.resolve(this, target.path, hops + 1);
  }

  /** All attributes. */
  async attributes(): Promise<Hdf5Attribute[]> {
    return readAttributes(this.shared.space, await this.header(), this.shared.heaps);
  }

  /** One attribute by name. */
  async attribute(name: string): Promise<Hdf5Attribute | undefined> {
    return (await this.attributes()).find((attribute) => attribute.name === name);
  }

  /** Its values; `undefined` where it is no dataset. */
  async dataset(): Promise<Hdf5Dataset | undefined> {
    const messages = await this.header();
    const { space, heaps, cache } = this.shared;
    const cursor = (type: number): Cursor | undefined => {
      const found = messages.find((message) => message.type === type);
      return found && new Cursor(found.bytes, `the header of ${this.path}`);
    };
    const layout = cursor(messageType.layout);
    if (!layout) return undefined;
    const extent = cursor(messageType.dataspace);
    const type = cursor(messageType.datatype);
    if (!extent || !type) throw new Hdf5Fault('damaged', `${this.path} lacks its shape or type`);
    if (cursor(messageType.externalFiles))
      throw new Hdf5Fault('unsupported', `the values of ${this.path} lie in other files`);
    const filters = cursor(messageType.filters);
    const fill = cursor(messageType.fillValue);
    const oldFill = cursor(messageType.oldFillValue);
    return new Hdf5Dataset({
      path: this.path,
      type: parseDatatype(type),
      extent: parseDataspace(extent, space),
      layout: parseLayout(layout, space),
      filters: filters ? parseFilters(filters) : [],
      fill: fill ? parseFillValue(fill) : oldFill && parseOldFillValue(oldFill),
      space,
      heaps,
      cache,
    });
  }
}

/**
 * Opens an HDF5 file: reads its superblock, nothing more.
 * @throws Hdf5Fault where it is no HDF5 file or its beginning is damaged
 */
export async function openHdf5(source: ByteSource): Promise<OpenHdf5> {
  const superblock = await readSuperblock(source);
  return new OpenHdf5(new Shared(superblock.space), superblock);
}
