import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Hdf5Dataset } from '../../containers/hdf5/dataset.ts';
import { type Hdf5Type } from '../../containers/hdf5/datatype.ts';
import { Hdf5Fault } from '../../containers/hdf5/fault.ts';
import { type Hdf5Node, type OpenHdf5, openHdf5 } from '../../containers/hdf5/open-hdf5.ts';
import { isNumeric } from '../../containers/hdf5/values.ts';

/** A column of a compound dataset. */
export interface Hdf5Member {
  name: string;
  offset: number;
  size: number;
  kind: 'string' | 'varstring' | 'int' | 'uint' | 'float' | 'other';
  type: Hdf5Type;
  /** Strings padded with blanks instead of NUL. */
  spacePadded: boolean;
}

/** A dataset of rows with named columns. */
export interface Hdf5Table {
  path: string;
  rows: number;
  rowBytes: number;
  members: Hdf5Member[];
  /** Lengths of the axes; usually one. */
  shape: readonly number[];
}

/** A piece of a table. */
export interface Slab {
  first: number;
  rows: number;
  bytes: Uint8Array;
  /** Texts of columns of variable length, by name. */
  texts: ReadonlyMap<string, string[]>;
}

/** The groups and tables of a BD5 file, read by ranges; every fault of the file is an `Hdf5Fault`. */
export class Hdf5File {
  private readonly file: OpenHdf5;
  private readonly nodes = new Map<string, Promise<Hdf5Node | undefined>>();
  private readonly signal: AbortSignal | undefined;

  private constructor(file: OpenHdf5, signal: AbortSignal | undefined) {
    this.file = file;
    this.signal = signal;
  }

  static async open(source: ByteSource, signal?: AbortSignal): Promise<Hdf5File> {
    const file = await openHdf5(source);
    if (file.missingBytes > 0)
      throw new Hdf5Fault('damaged', `the file ends ${file.missingBytes} bytes before it should`);
    return new Hdf5File(file, signal);
  }

  private node(path: string): Promise<Hdf5Node | undefined> {
    const slash = path.lastIndexOf('/');
    // Only groups are kept, which are few beside what lies in them.
    if (path === '/') return Promise.resolve(this.file.root);
    const parent = slash <= 0 ? '/' : path.slice(0, slash);
    let group = this.nodes.get(parent);
    if (!group) this.nodes.set(parent, (group = parent === '/' ? this.node('/') : this.node(parent)));
    return group.then((found) => found?.child(path.slice(slash + 1)));
  }

  /** Names directly below a group, as the file orders them; `undefined` where there is no group. */
  async names(path: string): Promise<string[] | undefined> {
    const node = await this.node(path);
    if ((await node?.kind()) !== 'group') return undefined;
    return (await node!.links()).map(({ name }) => name);
  }

  /** What lies at a path. */
  async typeOf(path: string): Promise<'group' | 'dataset' | 'other' | undefined> {
    try {
      const kind = await (await this.node(path))?.kind();
      return kind === 'type' ? 'other' : kind;
    } catch (error) {
      if (error instanceof Hdf5Fault) return undefined;
      throw error;
    }
  }

  /** Describes a compound dataset; `undefined` where the path is no such thing. */
  async table(path: string): Promise<Hdf5Table | undefined> {
    const dataset = await this.dataset(path);
    if (dataset?.type.class !== 'compound') return undefined;
    dataset.assertPlausible();
    const members = dataset.type.members.map(({ name, offset, type }): Hdf5Member => {
      const spacePadded = type.class === 'string' && type.padding === 'space-padded';
      return { name, offset, size: type.size, kind: kindOf(type), type, spacePadded };
    });
    return { path, rows: dataset.count, rowBytes: dataset.type.size, members, shape: dataset.shape };
  }

  private async dataset(path: string): Promise<Hdf5Dataset | undefined> {
    const node = await this.node(path);
    return (await node?.kind()) === 'dataset' ? node!.dataset() : undefined;
  }

  /** Rows of a table as bytes, some megabytes at a time. */
  async *slabs(table: Hdf5Table): AsyncGenerator<Slab> {
    const dataset = await this.dataset(table.path);
    if (!dataset) return;
    const inner = table.shape.slice(1).reduce((product, length) => product * length, 1);
    const variable = table.members.filter(({ kind }) => kind === 'varstring');
    for await (const { first, rows, bytes } of dataset.blocks(this.signal)) {
      const texts = new Map<string, string[]>();
      for (const { name } of variable) texts.set(name, await dataset.columnTexts(dataset.member(name)!, bytes));
      yield { first: first * inner, rows: rows * inner, bytes, texts };
    }
  }
}

function kindOf(type: Hdf5Type): Hdf5Member['kind'] {
  if (type.class === 'string') return 'string';
  if (type.class === 'vlen-string') return 'varstring';
  if (!isNumeric(type)) return 'other';
  if (type.class === 'float') return 'float';
  return type.class === 'integer' && type.signed ? 'int' : 'uint';
}
