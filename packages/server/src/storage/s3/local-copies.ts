import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { removeIfThere } from '../durable-files.ts';
import type { Bucket } from './bucket.ts';

/**
 * Copies of objects on this machine, for programs that need a path (the questions by SQL, a converter). Objects named here never change, so a
 * copy is right as long as it is there; those used longest ago go when there are too many bytes.
 */
export class LocalCopies {
  private readonly bucket: Bucket;
  private readonly folder: string;
  private readonly mostBytes: number;
  private readonly coming = new Map<string, Promise<string>>();

  constructor(bucket: Bucket, folder: string, mostBytes: number) {
    this.bucket = bucket;
    this.folder = folder;
    this.mostBytes = mostBytes;
  }

  /** Path of a copy of an object, fetched where it is not there. @throws ObjectStorageFault */
  async of(key: string, size: number): Promise<string> {
    const coming = this.coming.get(key);
    if (coming) return await coming;
    const run = this.fetch(key, size).finally(() => this.coming.delete(key));
    this.coming.set(key, run);
    return await run;
  }

  private async fetch(key: string, size: number): Promise<string> {
    const extension = /\.[A-Za-z0-9]{1,10}$/.exec(key)?.[0] ?? '';
    const path = join(this.folder, createHash('sha256').update(key).digest('hex') + extension);
    const found = await stat(path).catch(() => undefined);
    if (found?.size === size) {
      await utimes(path, new Date(), new Date()).catch(() => {});
      return path;
    }
    await mkdir(this.folder, { recursive: true });
    await this.makeRoom(size);
    const part = `${path}.${randomUUID()}.part`;
    try {
      const file = await open(part, 'wx');
      try {
        for await (const piece of this.bucket.stream(key, 0, size)) await file.writeFile(piece);
      } finally {
        await file.close();
      }
      await rename(part, path);
    } catch (error) {
      await removeIfThere(part);
      throw error;
    }
    return path;
  }

  private async makeRoom(size: number): Promise<void> {
    const kept: { path: string; size: number; usedAt: number }[] = [];
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      const about = await stat(path).catch(() => undefined);
      if (about?.isFile()) kept.push({ path, size: about.size, usedAt: about.mtimeMs });
    }
    let sum = size + kept.reduce((all, one) => all + one.size, 0);
    for (const one of kept.sort((a, b) => a.usedAt - b.usedAt)) {
      // What another process is fetching at this moment is not old.
      if (sum <= this.mostBytes || Date.now() - one.usedAt < 60_000) break;
      await rm(one.path, { force: true });
      sum -= one.size;
    }
  }
}
