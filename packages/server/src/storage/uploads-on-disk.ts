import { createReadStream } from 'node:fs';
import { open, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type StagedUpload, type UploadArea, UploadMissing, UploadOffsetWrong } from '@micrarium/repository';
import { isNotThere, makeFolder, removeIfThere, syncFolder } from './durable-files.ts';

/** Unsynced bytes are never more than this, so a slow upload loses little work to a power cut. */
const syncEvery = 64 * 2 ** 20;

/** Uploads as files of one folder, named by upload id. */
export class UploadsOnDisk implements UploadArea {
  private readonly folder: string;
  private readonly writing = new Set<string>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Opens the area; makes the folder where it is not there. */
  static async open(folder: string): Promise<UploadsOnDisk> {
    await makeFolder(folder);
    return new UploadsOnDisk(folder);
  }

  pathOf(uploadId: string): string {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(uploadId)) throw new UploadMissing(uploadId);
    return join(this.folder, uploadId);
  }

  async create(uploadId: string): Promise<void> {
    // Nothing is acknowledged yet that a power cut could take: name and bytes become durable with the first append.
    await writeFile(this.pathOf(uploadId), '', { flag: 'a' });
  }

  async append(uploadId: string, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    const found = await this.get(uploadId);
    if (!found) throw new UploadMissing(uploadId);
    // One process owns the data folder, so a set in memory is lock enough.
    if (this.writing.has(uploadId)) throw new UploadOffsetWrong(uploadId, offset, found.size);
    this.writing.add(uploadId);
    try {
      return await this.appendAlone(uploadId, offset, bytes);
    } finally {
      this.writing.delete(uploadId);
    }
  }

  async get(uploadId: string): Promise<StagedUpload | undefined> {
    try {
      const { size, mtime } = await stat(this.pathOf(uploadId));
      return { uploadId, size, changedAt: mtime.toISOString() };
    } catch (error) {
      if (isNotThere(error) || error instanceof UploadMissing) return undefined;
      throw error;
    }
  }

  async *read(uploadId: string): AsyncGenerator<Uint8Array> {
    if (!(await this.get(uploadId))) throw new UploadMissing(uploadId);
    yield* createReadStream(this.pathOf(uploadId), { highWaterMark: 2 ** 20 });
  }

  async remove(uploadId: string): Promise<void> {
    await removeIfThere(this.pathOf(uploadId));
  }

  async *list(): AsyncGenerator<StagedUpload> {
    for (const name of await readdir(this.folder)) {
      const upload = await this.get(name);
      if (upload) yield upload;
    }
  }

  private async appendAlone(uploadId: string, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    const handle = await open(this.pathOf(uploadId), 'r+');
    try {
      const { size } = await handle.stat();
      if (size !== offset) throw new UploadOffsetWrong(uploadId, offset, size);
      let at = offset;
      let unsynced = 0;
      try {
        for await (const piece of bytes) {
          for (let done = 0; done < piece.length; ) {
            const { bytesWritten } = await handle.write(piece, done, piece.length - done, at);
            done += bytesWritten;
            at += bytesWritten;
          }
          unsynced += piece.length;
          if (unsynced < syncEvery) continue;
          await handle.datasync();
          unsynced = 0;
        }
      } finally {
        await handle.sync();
        if (offset === 0) await syncFolder(this.folder);
      }
      return at;
    } finally {
      await handle.close();
    }
  }
}
