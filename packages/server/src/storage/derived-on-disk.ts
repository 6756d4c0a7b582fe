import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import {
  type ByteSource,
  type FileSink,
  type FileSinkWriter,
  type LeftBehind,
  leftZipEntries,
} from '@micrarium/formats';
import type { DerivedStore } from '@micrarium/repository';
import { isNotThere, isTaken, makeFolder, syncFolder } from './durable-files.ts';
import { openFileSource } from './file-source.ts';

/**
 * Derived forms as folders `<folder>/ab/<key>/`, made in a work folder on the same file system and renamed into place.
 * Two makers of one key in this process share one run; of two processes the later finds the place taken and drops its own.
 */
export class DerivedOnDisk implements DerivedStore {
  private readonly folder: string;
  private readonly work: string;
  private readonly running = new Map<string, Promise<void>>();

  private constructor(folder: string, work: string) {
    this.folder = folder;
    this.work = work;
  }

  /** Opens the store and clears away what killed processes left in the work folder. Server and workers may have it open at once. */
  static async open(folder: string, work: string): Promise<DerivedOnDisk> {
    await makeFolder(folder);
    await makeFolder(work);
    for (const name of await readdir(work))
      if (isAbandoned(name) && !(await isRecentForm(join(work, name))))
        await rm(join(work, name), { recursive: true, force: true });
    return new DerivedOnDisk(folder, work);
  }

  build(
    key: string,
    make: (sink: FileSink, workFolder: string) => Promise<void>,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    const folder = this.folderOf(key);
    const inProgress = this.running.get(key);
    if (inProgress) return inProgress;
    const run = this.buildOnce(key, folder, make, options.signal).finally(() => this.running.delete(key));
    this.running.set(key, run);
    return run;
  }

  async pathOf(key: string, path: string): Promise<string | undefined> {
    const file = join(this.folderOf(key), safePath(path));
    try {
      return (await stat(file)).isFile() ? file : undefined;
    } catch (error) {
      if (isNotThere(error)) return undefined;
      throw error;
    }
  }

  async open(key: string, path: string): Promise<(ByteSource & { close(): Promise<void> }) | undefined> {
    const file = await this.pathOf(key, path);
    try {
      return file === undefined ? undefined : await openFileSource(file);
    } catch (error) {
      if (isNotThere(error)) return undefined;
      throw error;
    }
  }

  async list(key: string): Promise<{ path: string; size: number }[] | undefined> {
    const folder = this.folderOf(key);
    try {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      const sized = files.map(async (file) => ({
        path: relative(folder, file).split(sep).join('/'),
        size: (await stat(file)).size,
      }));
      return (await Promise.all(sized)).sort((a, b) => (a.path < b.path ? -1 : 1));
    } catch (error) {
      if (isNotThere(error)) return undefined;
      throw error;
    }
  }

  async drop(key: string): Promise<void> {
    const gone = join(this.work, workName());
    try {
      // One rename, so that nobody sees a form with half of its files.
      await rename(this.folderOf(key), gone);
    } catch (error) {
      if (isNotThere(error)) return;
      throw error;
    }
    await rm(gone, { recursive: true, force: true });
    atWork.delete(basename(gone));
  }

  private async buildOnce(
    key: string,
    folder: string,
    make: (sink: FileSink, workFolder: string) => Promise<void>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (await isFolder(folder)) return;
    const { work, isBegun } = await this.workFolder(key);
    try {
      await make(new FolderSink(work, isBegun), work);
      await syncTree(work);
      await makeFolder(dirname(folder));
      await rename(work, folder);
      await syncFolder(dirname(folder));
    } catch (error) {
      // Who stops the work wants it to go on later.
      if (signal?.aborted !== true) await rm(work, { recursive: true, force: true });
      if (isTaken(error) && (await isFolder(folder))) return;
      throw error;
    } finally {
      atWork.delete(basename(work));
    }
  }

  /** A work folder for a form: the one in which a process that is gone, or a run that was stopped, began it, or a new one. */
  private async workFolder(key: string): Promise<{ work: string; isBegun: boolean }> {
    const name = `${process.pid}-${formMark}${key}`;
    atWork.add(name);
    const work = join(this.work, name);
    for (const other of await readdir(this.work)) {
      if (!other.endsWith(`-${formMark}${key}`) || (other !== name && !isAbandoned(other))) continue;
      try {
        if (other !== name) await rename(join(this.work, other), work);
        await keepArchives(work);
        return { work, isBegun: true };
      } catch (error) {
        if (!isNotThere(error)) throw error;
      }
    }
    await makeFolder(work);
    return { work, isBegun: false };
  }

  private folderOf(key: string): string {
    if (!isFormKey(key)) throw new DerivedKeyWrong(key);
    return join(this.folder, key.slice(0, 2), key);
  }
}

/** Work folders of this process that are in use. */
const atWork = new Set<string>();

/** In the name of a work folder: a form is being made there, which may be gone on with. */
const formMark = 'form-';
/** What was begun longer ago is not gone on with. */
const longestBegun = 7 * 24 * 3600_000;

/** Is it the work folder of a form that was begun not long ago? */
async function isRecentForm(folder: string): Promise<boolean> {
  if (!basename(folder).includes(`-${formMark}`)) return false;
  const about = await stat(folder).catch(() => undefined);
  return about !== undefined && Date.now() - about.mtimeMs < longestBegun;
}

/** Removes all but the archives, which are the only files that can be gone on with. */
async function keepArchives(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (!entry.isFile() || !entry.name.endsWith('.ozx'))
      await rm(join(folder, entry.name), { recursive: true, force: true });
}

/** A new work folder is named by the process that fills it, so that another one knows whether it is abandoned. */
function workName(): string {
  const name = `${process.pid}-${randomUUID()}`;
  atWork.add(name);
  return name;
}

function isAbandoned(name: string): boolean {
  const pid = Number(name.split('-')[0]);
  if (pid === process.pid) return !atWork.has(name);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

/** Is it a key as recipes make them? */
export function isFormKey(key: string): boolean {
  return /^[a-z0-9][a-z0-9-]{3,127}$/.test(key);
}

/** A key that no recipe makes. */
export class DerivedKeyWrong extends Error {
  override readonly name = 'DerivedKeyWrong';

  constructor(key: string) {
    super(`Not a key of a derived form: ${key.slice(0, 200)}`);
  }
}

/** Writes files below a folder. Paths stay inside it. */
export class FolderSink implements FileSink {
  private readonly folder: string;
  private readonly isBegun: boolean;
  private readonly continued = new Set<string>();

  /** @param isBegun an earlier run left files, which are replaced unless `left` was asked for them */
  constructor(folder: string, isBegun = false) {
    this.folder = folder;
    this.isBegun = isBegun;
  }

  async left(path: string, onBytes?: (bytes: Uint8Array) => void): Promise<LeftBehind | undefined> {
    const file = join(this.folder, safePath(path));
    if (!this.isBegun || !(await stat(file).catch(() => undefined))?.isFile()) return undefined;
    const source = await openFileSource(file);
    const { entries, end } = await leftZipEntries(source, onBytes).finally(() => source.close());
    await truncate(file, end);
    this.continued.add(path);
    return { files: entries.map((entry) => entry.path), entries };
  }

  async create(path: string): Promise<FileSinkWriter> {
    const file = join(this.folder, safePath(path));
    await makeFolder(dirname(file));
    const handle = await open(file, this.continued.has(path) ? 'a' : this.isBegun ? 'w' : 'wx');
    return {
      keepsNothing: true,
      write: (bytes) => writeAll(handle, bytes),
      async close() {
        try {
          await handle.sync();
        } finally {
          await handle.close();
        }
      },
    };
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await handle.write(bytes, done, bytes.length - done, null)).bytesWritten;
}

/** Does a relative path stay in its folder, and name something there? */
export function isInsidePath(path: string): boolean {
  const isPart = (part: string) => part !== '' && part !== '.' && part !== '..';
  return !path.includes('\0') && !path.includes('\\') && path.split('/').every(isPart);
}

/** A relative path below a folder: refuses to leave it. */
function safePath(path: string): string {
  if (!isInsidePath(path)) throw new DerivedKeyWrong(path);
  return join(...path.split('/'));
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await syncTree(join(folder, entry.name));
  await syncFolder(folder);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isNotThere(error)) return false;
    throw error;
  }
}
