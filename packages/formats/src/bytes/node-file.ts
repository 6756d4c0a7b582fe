import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ByteSource, ByteSourceError } from './byte-source.ts';
import { type FileEntry, type FileTree, fileTree } from './file-tree.ts';

/** A file on disk as a byte source: positioned reads on one handle, which the owner closes. */
export interface FileSource extends ByteSource {
  /** Gives the handle back; reads after it fail. Harmless when called twice. */
  close(): Promise<void>;
}

/**
 * Opens a file on disk. Reads never move a shared position, so any number may run at once.
 * @throws ByteSourceError where the file is missing, is not an ordinary file, or may not be read
 */
export async function fileSource(path: string, name = path.slice(path.lastIndexOf('/') + 1)): Promise<FileSource> {
  const { handle, about } = await openFile(path, name);
  let closed = false;
  return {
    name,
    size: about.size,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      const wanted = Math.max(0, Math.min(length, about.size - offset));
      return wanted === 0 ? new Uint8Array(0) : readFully(handle, offset, wanted, name, signal);
    },
    async close() {
      if (closed) return;
      closed = true;
      await handle.close();
    },
  };
}

async function openFile(path: string, name: string): Promise<{ handle: FileHandle; about: Stats }> {
  try {
    // Without waiting: opening a named pipe would otherwise never return.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const about = await handle.stat();
    if (about.isFile()) return { handle, about };
    await handle.close();
  } catch (cause) {
    throw new ByteSourceError(name, `cannot be opened (${codeOf(cause)})`, { cause });
  }
  throw new ByteSourceError(name, 'is not an ordinary file');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** One read may give fewer bytes than asked; only the end of the file ends the answer early. */
async function readFully(
  handle: FileHandle,
  offset: number,
  length: number,
  name: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    signal?.throwIfAborted();
    let got: number;
    try {
      got = (await handle.read(bytes, done, length - done, offset + done)).bytesRead;
    } catch (cause) {
      throw new ByteSourceError(name, `cannot be read (${codeOf(cause)})`, { cause });
    }
    if (got === 0) return bytes.slice(0, done);
    done += got;
  }
  return bytes;
}

/** Options of `openFolder`. */
export interface OpenFolderOptions {
  /** How many folders deep to look; 1 is the folder's own files only. Without limit where left out. */
  depth?: number;
  /**
   * Told of everything left out: links, devices, folders that cannot be listed, names that collide.
   * @param isLost it may be a file somebody means, which cannot be had
   */
  onSkipped?(path: string, reason: string, isLost: boolean): void;
}

/**
 * The files below a folder on disk. Links are not followed, devices and pipes are left out; names are normalised to
 * NFC. Nothing is opened until asked.
 */
export async function openFolder(path: string, options: OpenFolderOptions = {}): Promise<FileTree> {
  const { depth = Number.POSITIVE_INFINITY, onSkipped = () => undefined } = options;
  const found = new Map<string, FileEntry>();
  const waiting: { folder: string; disk: string; level: number }[] = [{ folder: '', disk: path, level: 1 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { folder, disk, level } = next;
    const listed = await readdir(disk, { withFileTypes: true }).catch((error: unknown) => {
      if (level === 1) throw new ByteSourceError(path, `cannot be listed (${codeOf(error)})`, { cause: error });
      onSkipped(folder, `cannot be listed (${codeOf(error)})`, true);
      return [];
    });
    for (const { name } of listed) {
      const entryPath = `${folder === '' ? '' : `${folder}/`}${name.normalize('NFC')}`;
      const entryDisk = join(disk, name);
      const about = await lstat(entryDisk).catch(() => undefined);
      if (about?.isDirectory()) {
        if (level < depth) waiting.push({ folder: entryPath, disk: entryDisk, level: level + 1 });
      } else if (about === undefined) onSkipped(entryPath, 'cannot be found by its name, which may be no UTF-8', true);
      else if (!about.isFile())
        onSkipped(entryPath, about.isSymbolicLink() ? 'is a link' : 'is not an ordinary file', false);
      else if (found.has(entryPath))
        onSkipped(entryPath, 'has the same name as another file once accents are normalised', true);
      else found.set(entryPath, diskEntry(entryPath, entryDisk, about));
    }
  }
  const name = path.replace(/\/+$/, '');
  return fileTree(name.slice(name.lastIndexOf('/') + 1), [...found.values()]);
}

/** One file on disk as an entry, whatever folder it lies in. @throws ByteSourceError where it is missing */
export async function fileEntry(path: string, entryPath: string): Promise<FileEntry> {
  const about = await stat(path).catch((cause: unknown) => {
    throw new ByteSourceError(entryPath, `cannot be opened (${codeOf(cause)})`, { cause });
  });
  return diskEntry(entryPath, path, about);
}

/** Most handles that stay open between reads; a folder of any size is walked with these. */
const mostIdleHandles = 32;

/** Open files between reads, oldest first. */
const idle = new Map<string, FileSource[]>();
let idleCount = 0;

function takeIdle(disk: string): FileSource | undefined {
  const sources = idle.get(disk);
  const source = sources?.pop();
  if (source) idleCount--;
  if (sources?.length === 0) idle.delete(disk);
  return source;
}

async function keepIdle(disk: string, source: FileSource): Promise<void> {
  const sources = idle.get(disk) ?? [];
  idle.delete(disk);
  idle.set(disk, [...sources, source]);
  idleCount++;
  while (idleCount > mostIdleHandles) {
    const oldest = idle.keys().next().value!;
    await takeIdle(oldest)!.close();
  }
}

/** The source borrows a handle for each read, so whoever forgets to close holds nothing. */
function diskEntry(entryPath: string, disk: string, about: Stats): FileEntry {
  const name = entryPath.slice(entryPath.lastIndexOf('/') + 1);
  const source: ByteSource = {
    name,
    size: about.size,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      const file = takeIdle(disk) ?? (await fileSource(disk, name));
      try {
        return await file.read(offset, Math.min(length, Math.max(0, about.size - offset)), signal);
      } finally {
        await keepIdle(disk, file);
      }
    },
  };
  return {
    path: entryPath,
    size: about.size,
    modifiedAt: about.mtimeMs,
    open: async () => source,
    async close() {
      for (let file = takeIdle(disk); file; file = takeIdle(disk)) await file.close();
    },
  };
}
