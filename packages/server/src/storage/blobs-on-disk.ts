import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ByteSource } from '@micrarium/formats';
import { BlobMissing, type BlobStore, type StoredBlob } from '@micrarium/repository';
import { isNotThere, makeFolder, removeIfThere, replaceFile, syncFile, syncFolder } from './durable-files.ts';
import { openFileSource } from './file-source.ts';

/** Where the bytes of a blob lie, and whether the place is the staging area. */
export interface BlobPlace {
  path: string;
  place: 'staged' | 'archived';
}

/**
 * Blobs below `<folder>/sha256/ab/cd/<hex>`; those that became part of a published object lie there instead, and a small file
 * `<folder>/archived/ab/cd/<hex>` says where (path relative to the archive). Those pointers can be made again from the inventories.
 */
export class BlobsOnDisk implements BlobStore {
  private readonly folder: string;
  private readonly archiveRoot: string;

  private constructor(folder: string, archiveRoot: string) {
    this.folder = folder;
    this.archiveRoot = archiveRoot;
  }

  /** Opens the store; `archiveRoot` is the OCFL storage root that published blobs lie in. */
  static async open(folder: string, archiveRoot: string): Promise<BlobsOnDisk> {
    for (const part of ['sha256', 'archived', 'sha512']) await makeFolder(join(folder, part));
    return new BlobsOnDisk(folder, archiveRoot);
  }

  async adopt(stagedFile: string, blob: StoredBlob): Promise<void> {
    const target = this.fileOf('sha256', blob.sha256);
    if ((await this.find(blob.sha256)) !== undefined) {
      await removeIfThere(stagedFile);
      return;
    }
    await syncFile(stagedFile);
    await makeFolder(dirname(target));
    if (blob.sha512 !== undefined) await this.noteSha512(blob.sha256, blob.sha512);
    await rename(stagedFile, target);
    await syncFolder(dirname(target));
    await syncFolder(dirname(stagedFile));
  }

  async open(sha256: string): Promise<ByteSource & { close(): Promise<void> }> {
    return await openFileSource(await this.pathOf(sha256), sha256);
  }

  async pathOf(sha256: string): Promise<string> {
    return (await this.whereIs(sha256)).path;
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.find(sha256)) !== undefined;
  }

  async remove(sha256: string): Promise<void> {
    await removeIfThere(this.fileOf('sha256', sha256));
    if (!(await this.has(sha256))) await removeIfThere(this.fileOf('sha512', sha256));
  }

  /** The place of a blob. @throws BlobMissing */
  async whereIs(sha256: string): Promise<BlobPlace> {
    const place = await this.find(sha256);
    if (!place) throw new BlobMissing(sha256);
    return place;
  }

  /** SHA-512 of a blob: as computed with the first digest if that is less than a day old, else over the bytes as they lie now. @throws BlobMissing, BlobChanged */
  async sha512Of(sha256: string): Promise<string> {
    const noted = await this.readSmall(this.fileOf('sha512', sha256));
    const { sha512, at } = noted === undefined ? {} : (JSON.parse(noted) as { sha512?: string; at?: number });
    if (sha512 && at && Date.now() - at < 86_400_000) return sha512;
    const both = await digestsOf(await this.pathOf(sha256));
    if (both.sha256 !== sha256) throw new BlobChanged(sha256, both.sha256);
    await this.noteSha512(sha256, both.sha512);
    return both.sha512;
  }

  /** Notes that the bytes now lie in the archive (path relative to its root), durably, and frees the staged copy. */
  async moveToArchive(sha256: string, archivePath: string): Promise<void> {
    const pointer = this.fileOf('archived', sha256);
    const before = await this.readSmall(pointer);
    if (before === undefined || !(await isFile(join(this.archiveRoot, before)))) {
      await makeFolder(dirname(pointer));
      await replaceFile(pointer, archivePath);
    }
    await removeIfThere(this.fileOf('sha256', sha256));
    await removeIfThere(this.fileOf('sha512', sha256));
  }

  private async find(sha256: string): Promise<BlobPlace | undefined> {
    const staged = this.fileOf('sha256', sha256);
    if (await isFile(staged)) return { path: staged, place: 'staged' };
    const pointer = await this.readSmall(this.fileOf('archived', sha256));
    const archived = pointer === undefined ? undefined : join(this.archiveRoot, pointer);
    if (archived !== undefined && (await isFile(archived))) return { path: archived, place: 'archived' };
    // Between the two looks the blob may have moved from staging into the archive; never the other way.
    return pointer === undefined && (await isFile(staged)) ? { path: staged, place: 'staged' } : undefined;
  }

  private fileOf(area: 'sha256' | 'archived' | 'sha512', sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new BlobMissing(sha256);
    return join(this.folder, area, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  private async noteSha512(sha256: string, sha512: string): Promise<void> {
    const file = this.fileOf('sha512', sha256);
    await makeFolder(dirname(file));
    await replaceFile(file, JSON.stringify({ sha512, at: Date.now() }));
  }

  private async readSmall(path: string): Promise<string | undefined> {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (isNotThere(error)) return undefined;
      throw error;
    }
  }
}

/** The stored bytes are no longer those of the blob's digest. */
export class BlobChanged extends Error {
  override readonly name = 'BlobChanged';

  constructor(sha256: string, found: string) {
    super(`The stored bytes of ${sha256} have changed: their SHA-256 is now ${found}`);
  }
}

/** SHA-256 and SHA-512 of a file, in one pass. */
export async function digestsOf(path: string): Promise<{ sha256: string; sha512: string; size: number }> {
  const [short, long] = [createHash('sha256'), createHash('sha512')];
  let size = 0;
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Uint8Array>) {
    short.update(piece);
    long.update(piece);
    size += piece.length;
  }
  return { sha256: short.digest('hex'), sha512: long.digest('hex'), size };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (isNotThere(error)) return false;
    throw error;
  }
}
