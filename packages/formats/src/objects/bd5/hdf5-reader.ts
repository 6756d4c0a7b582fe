import { type ByteSource, readWindows } from '../../bytes/byte-source.ts';

/** A column of a compound dataset. */
export interface Hdf5Member {
  name: string;
  offset: number;
  size: number;
  kind: 'string' | 'varstring' | 'int' | 'uint' | 'float' | 'other';
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

/** The file cannot be read by the HDF5 library, or is larger than it can take. */
export class Hdf5Error extends Error {
  override readonly name = 'Hdf5Error';
  readonly reason: 'unreadable' | 'too-large' | 'absurd-size';

  constructor(reason: Hdf5Error['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Largest file taken: the library needs it whole in memory. */
export const maxHdf5Bytes = 1 << 30;

type Library = typeof import('h5wasm');
type Module = Awaited<Library['ready']>;

let instance: Promise<Module> | undefined;
let instances = 0;
let files = 0;

/** The library, loaded when first needed; loaded anew after an abort, which leaves its memory in an unknown state. */
async function library(): Promise<Module> {
  instance ??= (async () => {
    const fresh = instances++ === 0 ? undefined : `${import.meta.resolve('h5wasm')}?instance=${instances}`;
    const loaded = fresh ? ((await import(/* @vite-ignore */ fresh)) as Library) : await import('h5wasm');
    const module = await loaded.ready;
    silence(module);
    return module;
  })();
  try {
    return await instance;
  } catch (error) {
    instance = undefined;
    throw new Hdf5Error('unreadable', 'the HDF5 library could not be loaded', { cause: error });
  }
}

/** The library prints its own stack for every fault of a file; our issues say it once and in words. */
function silence(module: Module): void {
  // The typings leave out the table of open streams.
  const stderr = (module.FS as unknown as { getStream(fd: number): FS.FSStream | null }).getStream(2);
  if (!stderr) return;
  module.FS.close(stderr);
  // The lowest free descriptor is given, which is the one just closed.
  module.FS.open('/dev/null', 'w');
}

/** Does the source start with the HDF5 signature (at 0 or at a user block of 512, 1024 or 2048 bytes)? */
export async function hasHdf5Signature(source: ByteSource): Promise<boolean> {
  for (const at of [0, 512, 1024, 2048]) {
    const bytes = await source.read(at, 8);
    if (bytes.length === 8 && [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => bytes[i] === byte))
      return true;
  }
  return false;
}

/** An HDF5 file held open by the library; every fault of the file is an `Hdf5Error`. Close it when done. */
export class Hdf5File {
  private readonly module: Module;
  private readonly path: string;
  private readonly size: number;
  private readonly id: bigint;
  private readonly tables = new Map<string, Hdf5Table | undefined>();

  private constructor(module: Module, path: string, size: number, id: bigint) {
    this.module = module;
    this.path = path;
    this.size = size;
    this.id = id;
  }

  /** Copies a file into the library's memory and opens it. */
  static async open(source: ByteSource, signal?: AbortSignal): Promise<Hdf5File> {
    if (source.size > maxHdf5Bytes)
      throw new Hdf5Error('too-large', `the file has ${source.size} bytes; at most ${maxHdf5Bytes} can be read`);
    if (!(await hasHdf5Signature(source))) throw new Hdf5Error('unreadable', 'the HDF5 signature is missing');
    const module = await library();
    const path = `/file-${++files}.h5`;
    const stream = module.FS.open(path, 'w');
    try {
      for await (const { offset, bytes } of readWindows(source, 4 << 20, signal))
        module.FS.write(stream, bytes, 0, bytes.length, offset);
    } finally {
      module.FS.close(stream);
    }
    let id: bigint;
    try {
      id = guard('the file cannot be opened', () => module.open(path, module.H5F_ACC_RDONLY, false, -1, -1));
      if (id < 0n) throw new Hdf5Error('unreadable', 'the file cannot be opened');
    } catch (error) {
      discard(module, path);
      throw error;
    }
    return new Hdf5File(module, path, source.size, id);
  }

  /** Names directly below a group, as the file orders them; `undefined` where there is no group. */
  names(group: string): string[] | undefined {
    if (this.typeOf(group) !== 'group') return undefined;
    return guard(`${group} cannot be listed`, () => this.module.get_names(this.id, group, false));
  }

  /** What lies at a path. */
  typeOf(path: string): 'group' | 'dataset' | 'other' | undefined {
    try {
      const type = this.module.get_type(this.id, path);
      if (type === this.module.H5G_GROUP) return 'group';
      if (type === this.module.H5G_DATASET) return 'dataset';
      return type < 0 ? undefined : 'other';
    } catch (error) {
      forgetAfterAbort(error);
      return undefined;
    }
  }

  /** Describes a compound dataset; `undefined` where the path is no such thing. */
  table(path: string): Hdf5Table | undefined {
    if (!this.tables.has(path)) this.tables.set(path, this.describe(path));
    return this.tables.get(path);
  }

  private describe(path: string): Hdf5Table | undefined {
    if (this.typeOf(path) !== 'dataset') return undefined;
    const metadata = guard(`${path} cannot be described`, () => this.module.get_dataset_metadata(this.id, path));
    const { shape, size, compound_type: compound, chunks } = metadata;
    if (!compound || !shape) return undefined;
    const rows = shape.reduce((product, length) => product * length, 1);
    // Deflate cannot shrink by more than 1,032 times.
    if (rows * size > this.size * (chunks ? 1100 : 1))
      throw new Hdf5Error('absurd-size', `${path} promises ${rows} rows of ${size} bytes in a file of ${this.size}`);
    return { path, rows, rowBytes: size, members: compound.members.map(memberOf), shape };
  }

  /** Rows of a table as bytes, some megabytes at a time. The bytes are valid until the next one is asked for. */
  *slabs(table: Hdf5Table): Generator<{ first: number; rows: number; bytes: Uint8Array }> {
    const { module } = this;
    const { shape } = table;
    const inner = shape.slice(1).reduce((product, length) => product * length, 1);
    const step = Math.max(1, Math.floor((8 << 20) / Math.max(1, table.rowBytes * inner)));
    const outer = shape.length === 0 ? 1 : shape[0]!;
    const room = Math.min(step, outer) * inner * table.rowBytes;
    if (room === 0) return;
    const pointer = module._malloc(room);
    if (pointer === 0) throw new Hdf5Error('too-large', `${table.path} does not fit into memory`);
    try {
      for (let start = 0; start < outer; start += step) {
        const count = Math.min(step, outer - start);
        const counts = shape.length === 0 ? null : [BigInt(count), ...shape.slice(1).map(BigInt)];
        const offsets = shape.length === 0 ? null : [BigInt(start), ...shape.slice(1).map(() => 0n)];
        const strides = shape.length === 0 ? null : shape.map(() => 1n);
        const status = guard(`${table.path} cannot be read`, () =>
          module.get_dataset_data(this.id, table.path, counts, offsets, strides, BigInt(pointer)),
        );
        if (status < 0) throw new Hdf5Error('unreadable', `${table.path} cannot be read`);
        const rows = count * inner;
        const bytes = module.HEAPU8.slice(pointer, pointer + rows * table.rowBytes);
        yield { first: start * inner, rows, bytes };
      }
    } finally {
      module._free(pointer);
    }
  }

  /** Text at an address of the library's memory (strings of variable length). */
  textAt(address: number): string {
    return address === 0 || address >= this.module.HEAPU8.length ? '' : this.module.UTF8ToString(address);
  }

  /** Frees the memory the file took. */
  close(): void {
    try {
      this.module.close_file(this.id);
    } catch (error) {
      forgetAfterAbort(error);
    }
    discard(this.module, this.path);
  }
}

function memberOf(member: {
  name: string;
  offset: number;
  size: number;
  type: number;
  signed: boolean;
  vlen: boolean;
  strpad?: number;
}): Hdf5Member {
  const { name, offset, size, type, signed, vlen, strpad } = member;
  const known =
    type === 3
      ? vlen
        ? 'varstring'
        : 'string'
      : type === 0
        ? signed
          ? 'int'
          : 'uint'
        : type === 1
          ? 'float'
          : 'other';
  const fits =
    known === 'float'
      ? size === 4 || size === 8
      : known === 'int' || known === 'uint'
        ? [1, 2, 4, 8].includes(size)
        : true;
  return { name, offset, size, kind: fits ? known : 'other', spacePadded: strpad === 2 };
}

function guard<Value>(what: string, run: () => Value): Value {
  try {
    return run();
  } catch (error) {
    if (error instanceof Hdf5Error) throw error;
    forgetAfterAbort(error);
    throw new Hdf5Error('unreadable', what, { cause: error });
  }
}

/** A trap or abort inside WebAssembly leaves the library unusable: the next file gets a new one. */
function forgetAfterAbort(error: unknown): void {
  if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) instance = undefined;
}

function discard(module: Module, path: string): void {
  try {
    module.FS.unlink(path);
  } catch {
    // The library may be gone after an abort; its memory goes with it.
  }
}
