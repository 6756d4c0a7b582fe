import { type BigIntStats, statSync } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';

interface OpenFile {
  handle: FileHandle;
  /** Tells a file from another that took its place under the same name. */
  mark: string;
  size: number;
  readers: number;
  isEvicted: boolean;
}

/** A file in use: call `done` once. */
export interface HeldFile {
  file: { handle: FileHandle; size: number; mark: string };
  done(): void;
}

function markOf({ dev, ino, mtimeNs, size }: BigIntStats): string {
  return `${dev}/${ino}/${mtimeNs}/${size}`;
}

/**
 * Keeps the handles of hot files open. Each use still asks the file system whether the file is the same one, so that a
 * file that was deleted or replaced is never served from an old handle.
 */
export class OpenFiles {
  private readonly limit: number;
  private readonly files = new Map<string, OpenFile>();

  constructor(limit = 256) {
    this.limit = limit;
  }

  /**
   * Runs `use` with an open file, which stays open at least until `use` resolves.
   * @throws the system's error where there is no such file (`ENOENT`), or it is no file (`EISDIR`)
   */
  async with<Result>(path: string, use: (handle: FileHandle, size: number) => Promise<Result>): Promise<Result> {
    const release = await this.acquire(path);
    try {
      return await use(release.file.handle, release.file.size);
    } finally {
      release.done();
    }
  }

  /** As `with`, for uses that end later: call `done` once. */
  async acquire(path: string): Promise<HeldFile> {
    const found = await stat(path, { bigint: true });
    if (!found.isFile()) throw Object.assign(new Error('not a file'), { code: 'EISDIR' });
    const mark = markOf(found);
    let file = this.files.get(path);
    if (file && file.mark !== mark) {
      this.evict(path, file);
      file = undefined;
    }
    if (!file) {
      const opened = { handle: await open(path, 'r'), mark, size: Number(found.size), readers: 0, isEvicted: false };
      // Another request may have opened it meanwhile: one of the two is kept.
      const other = this.files.get(path);
      if (other && other.mark === mark) {
        await opened.handle.close();
        file = other;
      } else {
        if (other) this.evict(path, other);
        file = opened;
      }
    }
    return this.hold(path, file);
  }

  /**
   * As `acquire`, without waiting: for a file whose place on the disk was looked up a moment ago.
   * @returns `undefined` where it is not open, or another one is there now
   */
  acquireOpen(path: string): HeldFile | undefined {
    const file = this.files.get(path);
    try {
      return file && markOf(statSync(path, { bigint: true })) === file.mark ? this.hold(path, file) : undefined;
    } catch {
      return undefined;
    }
  }

  private hold(path: string, held: OpenFile): HeldFile {
    this.files.delete(path);
    this.files.set(path, held);
    held.readers++;
    if (this.files.size > this.limit) {
      const [oldest] = this.files;
      if (oldest) this.evict(...oldest);
    }
    let isDone = false;
    return {
      file: held,
      done: () => {
        if (isDone) return;
        isDone = true;
        held.readers--;
        if (held.isEvicted && held.readers === 0) void held.handle.close().catch(() => {});
      },
    };
  }

  /** Closes everything not in use. */
  close(): void {
    for (const [path, file] of this.files) this.evict(path, file);
  }

  private evict(path: string, file: OpenFile): void {
    if (this.files.get(path) === file) this.files.delete(path);
    if (file.isEvicted) return;
    file.isEvicted = true;
    if (file.readers === 0) void file.handle.close().catch(() => {});
  }
}

/** Handles of hot files, shared by all routes. */
export const openFiles = new OpenFiles();
