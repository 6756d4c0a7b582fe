import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, access, link, mkdir, open, rename, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { FileSink, FileSinkWriter } from '../tracks/track-reader.ts';
import { digestWriter, placeBelow } from './node-digest-writer.ts';

/** The target exists and may not be replaced. */
export class TargetExists extends Error {
  override readonly name = 'TargetExists';
  readonly path: string;

  constructor(path: string, options?: ErrorOptions) {
    super(`${path} exists already`, options);
    this.path = path;
  }
}

/** One file that was written. */
export interface WrittenFile {
  /** Path below the sink's folder; `''` for a sink of one file. */
  path: string;
  bytes: number;
  sha256: string;
}

/** A sink on disk that remembers what it wrote. Every file is flushed to the disk when it is closed. */
export interface DiskSink extends FileSink {
  readonly written: readonly WrittenFile[];
  /** Closes what a writer that failed left open. */
  abandon(): Promise<void>;
}

/**
 * A sink that writes files below a folder, making folders as needed; the path `''` is the target itself, as one file.
 * @throws TypeError for a path that is absolute or leaves the folder
 */
export function folderSink(target: string): DiskSink {
  const written: WrittenFile[] = [];
  const openHandles = new Set<FileHandle>();
  return {
    written,
    async create(path): Promise<FileSinkWriter> {
      const full = placeBelow(target, path);
      await mkdir(dirname(full), { recursive: true });
      const handle = await open(full, 'wx');
      openHandles.add(handle);
      return digestWriter(handle, { hash: createHash('sha256'), bytes: 0 }, (whole) => {
        openHandles.delete(handle);
        written.push({ path, ...whole });
      });
    },
    async abandon() {
      for (const handle of openHandles) await handle.close().catch(() => undefined);
      openHandles.clear();
    },
  };
}

/**
 * Writes a file or folder completely or not at all: into a temporary sibling, flushed to disk, then renamed. On any
 * failure nothing is left. Of two at once without `replace`, one succeeds and the other gets `TargetExists`.
 * @param write fills the sink; path `''` for one file, other paths for a folder
 * @throws TargetExists, or whatever `write` threw
 */
export async function writeCompletely(
  target: string,
  write: (sink: FileSink) => Promise<void>,
  options: {
    replace?: boolean;
    /** Told the path of the temporary sibling before it is made, so that somebody can remove it should we be killed; the answer is called when it is gone. */
    onTemporary?(path: string): () => void;
  } = {},
): Promise<readonly WrittenFile[]> {
  const full = resolve(target);
  const { replace = false } = options;
  if (!replace && (await exists(full))) throw new TargetExists(target);
  const mark = randomBytes(6).toString('hex');
  const temporary = join(dirname(full), `.${basename(full)}.${mark}.partial`);
  const isDone = options.onTemporary?.(temporary);
  const sink = folderSink(temporary);
  try {
    await write(sink);
    await sink.abandon();
    const isFile = sink.written.some(({ path }) => path === '');
    if (sink.written.length === 0) throw new Error('nothing was written');
    if (isFile) await putFile(temporary, full, target, replace);
    else await putFolder(temporary, full, target, replace, mark);
    await syncFolder(dirname(full));
  } catch (error) {
    await sink.abandon();
    await rm(temporary, { recursive: true, force: true });
    throw error;
  } finally {
    isDone?.();
  }
  return [...sink.written].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

async function putFile(temporary: string, full: string, target: string, replace: boolean): Promise<void> {
  if (replace) return rename(temporary, full);
  try {
    // Unlike rename, a hard link never replaces: the file system decides between two at once.
    await link(temporary, full);
  } catch (cause) {
    if (hasCode(cause, 'EEXIST')) throw new TargetExists(target, { cause });
    if (!hasCode(cause, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw cause;
    if (await exists(full)) throw new TargetExists(target, { cause });
    return rename(temporary, full);
  }
  await unlink(temporary);
}

async function putFolder(
  temporary: string,
  full: string,
  target: string,
  replace: boolean,
  mark: string,
): Promise<void> {
  try {
    // Renaming a folder onto one that holds files fails, so two at once cannot both succeed.
    return await rename(temporary, full);
  } catch (cause) {
    if (!hasCode(cause, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EISDIR')) throw cause;
    if (!replace) throw new TargetExists(target, { cause });
  }
  const old = join(dirname(full), `.${basename(full)}.${mark}.old`);
  await rename(full, old);
  try {
    await rename(temporary, full);
  } catch (error) {
    await rename(old, full);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some file systems cannot flush a folder; the files themselves are flushed.
    if (!hasCode(error, 'EINVAL', 'EPERM', 'ENOTSUP')) throw error;
  } finally {
    await handle.close();
  }
}
