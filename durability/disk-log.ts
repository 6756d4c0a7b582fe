import { existsSync, lstatSync, promises, readdirSync, readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/** One operation that changed what lies on the disk, or that made such changes durable. Paths are absolute. */
export type DiskOperation =
  | { op: 'mkdir' | 'create' | 'unlink' | 'rmdir'; path: string }
  | { op: 'write'; path: string; at: number; bytes: Uint8Array }
  | { op: 'truncate'; path: string; size: number }
  | { op: 'rename' | 'link'; from: string; to: string }
  | { op: 'symlink'; path: string; target: string }
  /** Makes durable what was done before the operation numbered `began`. */
  | { op: 'sync'; path: string; began: number }
  /** The system said that writing failed: what was pending may be dropped, though readers still see it. */
  | { op: 'sync-failed'; path: string }
  /** Something was promised to somebody from here on. */
  | { op: 'promise'; fact: string };

/** Kinds of calls a fault can hit. */
export type Call = 'open' | 'write' | 'sync' | 'rename' | 'link' | 'mkdir' | 'unlink';

/** Decides before each call whether it fails. @returns the system's code, such as `ENOSPC`; `undefined` lets it pass */
export type FaultPlan = (call: Call, path: string) => string | undefined;

/** A watch over everything that is written below one folder by this process. */
export interface DiskWatch {
  operations: DiskOperation[];
  /** How many calls a fault could have hit so far. */
  calls(): number;
  /** Notes that something is promised from now on. */
  promise(fact: string): void;
  /** Sets or ends the faults. */
  failBy(plan: FaultPlan | undefined): void;
  /** Gives the file system's functions back. */
  end(): void;
}

interface OpenFile {
  path: string;
  at: number;
}

const real = { ...promises };
/** Flags as text whose files are made where there are none. */
const making = new Set(['w', 'wx', 'w+', 'wx+', 'a', 'ax', 'a+']);
let watched: { root: string; log: DiskOperation[]; calls: number; plan: FaultPlan | undefined } | undefined;

function isWatched(path: unknown): path is string {
  return watched !== undefined && typeof path === 'string' && resolve(path).startsWith(watched.root);
}

function note(operation: DiskOperation): void {
  watched?.log.push(operation);
}

/** @throws an error as the system makes it, where the plan says so */
function gate(call: Call, path: string): void {
  if (!watched) return;
  watched.calls++;
  const code = watched.plan?.(call, path);
  if (code === undefined) return;
  throw Object.assign(new Error(`${code}: by the plan of a test, ${call} '${path}'`), { code, syscall: call, path });
}

function bytesOf(data: unknown): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data as Uint8Array);
}

const isPieces = (data: unknown): data is AsyncIterable<Uint8Array> =>
  typeof data === 'object' && data !== null && Symbol.asyncIterator in data;

type Handle = Awaited<ReturnType<typeof promises.open>>;

async function open(path: string, flags: string | number = 'r', mode?: number): Promise<Handle> {
  if (!isWatched(path)) return await real.open(path, flags, mode);
  gate('open', path);
  const wasThere = existsSync(path);
  const handle = await real.open(path, flags, mode);
  const isMaking = typeof flags === 'string' && making.has(flags);
  if (isMaking && !wasThere) note({ op: 'create', path });
  else if (isMaking && flags.toString().startsWith('w')) note({ op: 'truncate', path, size: 0 });
  return watchHandle(handle, { path, at: 0 });
}

/** The handle's own functions are replaced by ones that note and may fail. */
function watchHandle(handle: Handle, file: OpenFile): Handle {
  const { path } = file;
  const own = {
    write: handle.write.bind(handle) as (...values: unknown[]) => Promise<{ bytesWritten: number; buffer: Uint8Array }>,
    sync: handle.sync.bind(handle),
    datasync: handle.datasync.bind(handle),
    truncate: handle.truncate.bind(handle),
    writeFile: handle.writeFile.bind(handle),
  };
  const put = async (bytes: Uint8Array, at: number) => {
    try {
      gate('write', path);
    } catch (fault) {
      // A disk that fills up takes a part before it says so.
      const half = bytes.subarray(0, Math.floor(bytes.length / 2));
      if (half.length > 0) {
        await own.write(half, 0, half.length, at);
        note({ op: 'write', path, at, bytes: half.slice() });
      }
      throw fault;
    }
    for (let done = 0; done < bytes.length; )
      done += (await own.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
    note({ op: 'write', path, at, bytes: bytes.slice() });
  };
  const sync = (call: () => Promise<void>) => async () => {
    const began = watched?.log.length ?? 0;
    try {
      gate('sync', path);
    } catch (fault) {
      note({ op: 'sync-failed', path });
      throw fault;
    }
    await call();
    note({ op: 'sync', path, began });
  };
  return Object.assign(handle, {
    write: async (buffer: Uint8Array, offset = 0, length = buffer.length - offset, position?: number | null) => {
      const at = position ?? file.at;
      await put(buffer.subarray(offset, offset + length), at);
      file.at = at + length;
      return { bytesWritten: length, buffer };
    },
    writeFile: async (data: unknown) => {
      for await (const piece of isPieces(data) ? data : [data]) {
        const bytes = bytesOf(piece);
        await put(bytes, file.at);
        file.at += bytes.length;
      }
    },
    truncate: async (size = 0) => {
      await own.truncate(size);
      note({ op: 'truncate', path, size });
    },
    sync: sync(own.sync),
    datasync: sync(own.datasync),
  });
}

/** Everything below a path, deepest first. */
function tree(path: string): { path: string; isFolder: boolean }[] {
  if (!existsSync(path) && !isLink(path)) return [];
  if (!lstatSync(path).isDirectory()) return [{ path, isFolder: false }];
  return [...readdirSync(path).flatMap((name) => tree(join(path, name))), { path, isFolder: true }];
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

const replacements = {
  open,
  async mkdir(path: string, options?: { recursive?: boolean }) {
    if (!isWatched(path)) return await real.mkdir(path, options);
    gate('mkdir', path);
    const first = await real.mkdir(path, options);
    const made: string[] = [];
    if (options?.recursive !== true) made.push(path);
    else if (first !== undefined)
      for (let folder = path; folder.length >= first.length; folder = dirname(folder)) made.unshift(folder);
    for (const folder of made) note({ op: 'mkdir', path: folder });
    return first;
  },
  async writeFile(path: string, data: unknown, options?: { flag?: string }) {
    if (!isWatched(path)) return await real.writeFile(path, data as string, options);
    const handle = await open(path, options?.flag ?? 'w');
    try {
      await handle.writeFile(data as string);
    } finally {
      await handle.close();
    }
  },
  async copyFile(from: string, to: string, mode?: number) {
    if (!isWatched(to)) return await real.copyFile(from, to, mode);
    gate('open', to);
    const wasThere = existsSync(to);
    await real.copyFile(from, to, mode);
    note(wasThere ? { op: 'truncate', path: to, size: 0 } : { op: 'create', path: to });
    note({ op: 'write', path: to, at: 0, bytes: readFileSync(to) });
  },
  async rename(from: string, to: string) {
    if (!isWatched(to)) return await real.rename(from, to);
    gate('rename', to);
    await real.rename(from, to);
    note({ op: 'rename', from, to });
  },
  async link(from: string, to: string) {
    if (!isWatched(to)) return await real.link(from, to);
    gate('link', to);
    await real.link(from, to);
    note({ op: 'link', from, to });
  },
  async symlink(target: string, path: string) {
    if (!isWatched(path)) return await real.symlink(target, path);
    gate('link', path);
    await real.symlink(target, path);
    note({ op: 'symlink', path, target });
  },
  async unlink(path: string) {
    if (!isWatched(path)) return await real.unlink(path);
    gate('unlink', path);
    await real.unlink(path);
    note({ op: 'unlink', path });
  },
  async rmdir(path: string) {
    if (!isWatched(path)) return await real.rmdir(path);
    gate('unlink', path);
    await real.rmdir(path);
    note({ op: 'rmdir', path });
  },
  async rm(path: string, options?: { recursive?: boolean; force?: boolean }) {
    if (!isWatched(path)) return await real.rm(path, options);
    gate('unlink', path);
    const below = tree(path);
    await real.rm(path, options);
    for (const one of below) note({ op: one.isFolder ? 'rmdir' : 'unlink', path: one.path });
  },
};

/**
 * Watches every write of this process below a folder: the functions of `node:fs/promises` are replaced for everybody until the watch ends.
 * One watch at a time.
 */
export function watchDisk(root: string): DiskWatch {
  if (watched) throw new Error('The disk is being watched already');
  const state = { root: resolve(root), log: [] as DiskOperation[], calls: 0, plan: undefined as FaultPlan | undefined };
  watched = state;
  Object.assign(promises, replacements);
  syncBuiltinESMExports();
  return {
    operations: state.log,
    calls: () => state.calls,
    promise: (fact) => void state.log.push({ op: 'promise', fact }),
    failBy(plan) {
      state.plan = plan;
    },
    end() {
      Object.assign(promises, real);
      syncBuiltinESMExports();
      watched = undefined;
    },
  };
}
