import { open, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type StagedUpload, type UploadArea, UploadMissing, UploadOffsetWrong } from '@micrarium/repository';
import type { DiskReserve } from './disk-reserve.ts';
import { isNotThere, isTaken, makeFolder, removeIfThere, syncFile, syncFolder } from './durable-files.ts';
import { bytesOfFile } from './file-bytes.ts';

/** Unsynced bytes are never more than this, so a slow upload loses little work to a power cut. */
const syncEvery = 64 * 2 ** 20;
const mostRemembered = 10_000;

/** Bytes written at once: they come from the network in pieces of 64 KiB, and each write costs a turn of the thread pool. */
const writtenAtOnce = 2 ** 20;

/** Pieces as large as are written at once; what came before a failure is given before the failure is. */
async function* gathered(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let failure: { of: unknown } | undefined;
  const taken = (): Uint8Array => {
    const [first] = waiting;
    const whole = waiting.length === 1 ? first! : Buffer.concat(waiting);
    [waiting, size] = [[], 0];
    return whole;
  };
  const pieces = bytes[Symbol.asyncIterator]();
  let isOver = false;
  try {
    for (;;) {
      const next = await pieces.next().catch((fault: unknown) => {
        failure = { of: fault };
        return undefined;
      });
      isOver = next === undefined || next.done === true;
      if (next === undefined || next.done === true) break;
      waiting.push(next.value);
      size += next.value.length;
      if (size >= writtenAtOnce) yield taken();
    }
    if (size > 0) yield taken();
    if (failure) throw failure.of;
  } finally {
    if (!isOver) await pieces.return?.();
  }
}

/** Uploads as files of one folder, named by upload id. */
export class UploadsOnDisk implements UploadArea {
  private readonly folder: string;
  private readonly writing = new Set<string>();
  /** Uploads whose names this process has made durable: an earlier one may have been killed before it did. */
  private readonly named = new Set<string>();
  /** Uploads whose bytes, as far as nobody is writing, are durable by what this process did. */
  private readonly sure = new Set<string>();

  private readonly reserve: DiskReserve | undefined;

  private constructor(folder: string, reserve: DiskReserve | undefined) {
    this.folder = folder;
    this.reserve = reserve;
  }

  /**
   * Opens the area; makes the folder where it is not there.
   * @param reserve room that uploads leave; left out, they fill the disk
   */
  static async open(folder: string, reserve?: DiskReserve): Promise<UploadsOnDisk> {
    await makeFolder(folder);
    return new UploadsOnDisk(folder, reserve);
  }

  pathOf(uploadId: string): string {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(uploadId)) throw new UploadMissing(uploadId);
    return join(this.folder, uploadId);
  }

  async create(uploadId: string): Promise<void> {
    // Nothing is acknowledged yet that a power cut could take: name and bytes become durable with the first append.
    try {
      await writeFile(this.pathOf(uploadId), '', { flag: 'ax' });
      this.remember(this.sure, uploadId);
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }

  async append(
    uploadId: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    onDurable?: (size: number) => Promise<void>,
  ): Promise<number> {
    const found = await this.get(uploadId);
    if (!found) throw new UploadMissing(uploadId);
    // One process owns the data folder, so a set in memory is lock enough.
    if (this.writing.has(uploadId)) throw new UploadOffsetWrong(uploadId, offset, found.size);
    this.writing.add(uploadId);
    try {
      return await this.appendAlone(uploadId, offset, bytes, onDurable);
    } finally {
      this.writing.delete(uploadId);
    }
  }

  /** What is told of an upload is promised: what a killed process wrote is made durable first. */
  async get(uploadId: string): Promise<StagedUpload | undefined> {
    if (this.sure.has(uploadId)) return await this.look(uploadId);
    const found = await this.look(uploadId);
    if (!found) return undefined;
    await syncFile(this.pathOf(uploadId));
    await this.makeNameDurable(uploadId);
    this.remember(this.sure, uploadId);
    return found;
  }

  private async look(uploadId: string): Promise<StagedUpload | undefined> {
    try {
      const { size, mtime } = await stat(this.pathOf(uploadId));
      return { uploadId, size, changedAt: mtime.toISOString() };
    } catch (error) {
      if (isNotThere(error) || error instanceof UploadMissing) return undefined;
      throw error;
    }
  }

  async *read(uploadId: string, from = 0): AsyncGenerator<Uint8Array> {
    if (!(await this.get(uploadId))) throw new UploadMissing(uploadId);
    yield* bytesOfFile(this.pathOf(uploadId), from);
  }

  async remove(uploadId: string): Promise<void> {
    await removeIfThere(this.pathOf(uploadId));
    this.named.delete(uploadId);
    this.sure.delete(uploadId);
  }

  async *list(): AsyncGenerator<StagedUpload> {
    for (const name of await readdir(this.folder)) {
      const upload = await this.look(name);
      if (upload) yield upload;
    }
  }

  private async appendAlone(
    uploadId: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    onDurable?: (size: number) => Promise<void>,
  ): Promise<number> {
    const handle = await open(this.pathOf(uploadId), 'r+');
    try {
      const { size } = await handle.stat();
      if (size !== offset) throw new UploadOffsetWrong(uploadId, offset, size);
      let at = offset;
      let durable = offset;
      const sync = async (call: () => Promise<void>) => {
        const end = at;
        await call();
        durable = end;
      };
      const write = async (piece: Uint8Array) => {
        for (let done = 0; done < piece.length; ) {
          const { bytesWritten } = await handle.write(piece, done, piece.length - done, at);
          done += bytesWritten;
          at += bytesWritten;
        }
      };
      let writing = Promise.resolve();
      try {
        try {
          for await (const piece of gathered(bytes)) {
            // The next bytes come while these are written.
            await writing;
            await this.reserve?.demand();
            writing = write(piece);
            // A failure is met where it is waited for.
            writing.catch(() => {});
            if (at - durable < syncEvery) continue;
            await writing;
            await sync(() => handle.datasync());
            // Only what the name is durable of is promised.
            await this.makeNameDurable(uploadId);
            await onDurable?.(durable);
          }
        } finally {
          try {
            await writing;
          } finally {
            await sync(() => handle.sync());
            await this.makeNameDurable(uploadId);
          }
        }
      } catch (error) {
        // After a failed sync the system may have dropped what it still shows: it is never trusted, but asked for again.
        if ((await handle.stat()).size > durable) await handle.truncate(durable).catch(() => this.remove(uploadId));
        throw error;
      }
      return at;
    } finally {
      await handle.close();
    }
  }

  private async makeNameDurable(uploadId: string): Promise<void> {
    if (this.named.has(uploadId)) return;
    await syncFolder(this.folder);
    this.remember(this.named, uploadId);
  }

  /** What is forgotten is made durable once more. */
  private remember(set: Set<string>, uploadId: string): void {
    if (set.size >= mostRemembered) set.clear();
    set.add(uploadId);
  }
}
