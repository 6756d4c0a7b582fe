import { mkdir, readFile, readlink, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ByteSource } from '@micrarium/formats';
import {
  BlobMissing,
  type BlobStore,
  digestsOfFile,
  digestsOfStream,
  type OnBytes,
  type StoredBlob,
  sideBySide,
} from '@micrarium/repository';
import { isNotThere, makeFolder, removeIfThere, syncFolder } from './durable-files.ts';
import { openFileSource } from './file-source.ts';

/** Where the bytes of a blob lie, and whether the place is the staging area. */
export interface BlobPlace {
  path: string;
  place: 'staged' | 'archived';
}

/**
 * Blobs below `<folder>/sha256/ab/cd/<hex>`; those that became part of a published object lie there instead, and a symbolic link
 * `<folder>/archived/ab/<hex>` says where. Those pointers can be made again from the inventories.
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

  /** The bytes are durable already: the upload area acknowledges nothing else. Here the name becomes so. */
  async adopt(stagedFile: string, blob: StoredBlob): Promise<void> {
    const target = this.fileOf('sha256', blob.sha256);
    const found = await this.find(blob.sha256);
    if (found !== undefined) {
      // The run that put it there may have been killed before its name was durable.
      await makeFolder(dirname(found.path));
      await syncFolder(dirname(found.path));
      await removeIfThere(stagedFile);
      return;
    }
    await makeFolder(dirname(target));
    if (blob.sha512 !== undefined) await this.noteSha512(blob.sha256, blob.sha512);
    await rename(stagedFile, target);
    await syncFolder(dirname(target));
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

  /** Where a blob lies below the root of the archive; `undefined` where it is only staged. @throws BlobMissing */
  async placeInArchive(sha256: string): Promise<string | undefined> {
    const { path, place } = await this.whereIs(sha256);
    return place === 'archived' ? relative(this.archiveRoot, path) : undefined;
  }

  /** SHA-512 of a blob: as computed with the first digest if that is less than a day old, else over the bytes as they lie now. @throws BlobMissing, BlobChanged */
  async sha512Of(sha256: string): Promise<string> {
    const noted = await this.notedSha512(sha256);
    if (noted !== undefined) return noted;
    const both = await digestsOf(await this.pathOf(sha256));
    if (both.sha256 !== sha256) throw new BlobChanged(sha256, both.sha256);
    await this.noteSha512(sha256, both.sha512);
    return both.sha512;
  }

  /**
   * Notes that blobs now lie in the archive (paths relative to its root), durably, and then frees their staged names. Pointers are symbolic
   * links: a name and its target become durable with one fsync of their folder, so ten thousand of them cost at most 256.
   */
  async moveToArchive<Moved extends { sha256: string }>(
    moved: readonly Moved[],
    archivePathOf: (one: Moved) => string,
  ): Promise<void> {
    const folders = new Set(moved.map(({ sha256 }) => dirname(this.fileOf('archived', sha256))));
    for (const folder of folders) await mkdir(folder, { recursive: true });
    await sideBySide(moved, async (one) => {
      const pointer = this.fileOf('archived', one.sha256);
      if (await isFile(pointer)) return;
      await removeIfThere(pointer);
      await symlink(relative(dirname(pointer), join(this.archiveRoot, archivePathOf(one))), pointer);
    });
    await sideBySide([...folders], syncFolder);
    await syncFolder(join(this.folder, 'archived'));
    await sideBySide(moved, async ({ sha256 }) => {
      await removeIfThere(this.fileOf('sha256', sha256));
      await removeIfThere(this.fileOf('sha512', sha256));
    });
  }

  /** Lets blobs be read from another place in the archive that holds them too, from one moment to the next, durably. */
  async pointTo(places: readonly { sha256: string; archivePath: string }[]): Promise<void> {
    for (const { sha256, archivePath } of places) {
      const pointer = this.fileOf('archived', sha256);
      await makeFolder(dirname(pointer));
      const beside = `${pointer}.new`;
      await removeIfThere(beside);
      await symlink(relative(dirname(pointer), join(this.archiveRoot, archivePath)), beside);
      await rename(beside, pointer);
      await syncFolder(dirname(pointer));
    }
  }

  /** Forgets where in the archive blobs lay that were destroyed there, and what is staged of them. */
  async forgetArchived(digests: readonly string[]): Promise<void> {
    for (const sha256 of digests) {
      await removeIfThere(this.fileOf('archived', sha256));
      await removeIfThere(this.fileOf('sha512', sha256));
    }
  }

  private async find(sha256: string): Promise<BlobPlace | undefined> {
    const staged = this.fileOf('sha256', sha256);
    const pointer = this.fileOf('archived', sha256);
    if (await isFile(staged)) return { path: staged, place: 'staged' };
    // A pointer whose target is gone does not count.
    if (await isFile(pointer)) return { path: join(dirname(pointer), await readlink(pointer)), place: 'archived' };
    return undefined;
  }

  private fileOf(area: 'sha256' | 'archived' | 'sha512', sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new BlobMissing(sha256);
    const folder = join(this.folder, area, sha256.slice(0, 2));
    return area === 'sha256' ? join(folder, sha256.slice(2, 4), sha256) : join(folder, sha256);
  }

  /** Not made durable: what a power cut leaves of it is not read as a digest, and then it is computed again. */
  private async noteSha512(sha256: string, sha512: string): Promise<void> {
    const file = this.fileOf('sha512', sha256);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify({ sha512, at: Date.now() }));
  }

  private async notedSha512(sha256: string): Promise<string | undefined> {
    try {
      const noted = JSON.parse((await this.readSmall(this.fileOf('sha512', sha256))) ?? '') as {
        sha512?: unknown;
        at?: unknown;
      };
      const isFresh = typeof noted.at === 'number' && Date.now() - noted.at < 86_400_000;
      return isFresh && typeof noted.sha512 === 'string' && /^[0-9a-f]{128}$/.test(noted.sha512)
        ? noted.sha512
        : undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
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

/** Both digests that a blob has, and its size. */
export interface BlobDigests {
  sha256: string;
  sha512: string;
  size: number;
}

const both = ['sha256', 'sha512'] as const;

/** SHA-256 and SHA-512 of a file, in one pass. @throws the system's error; what `onBytes` throws */
export async function digestsOf(path: string, onBytes?: OnBytes): Promise<BlobDigests> {
  const { size, digests } = await digestsOfFile(path, both, onBytes);
  return { sha256: digests[0]!, sha512: digests[1]!, size };
}

/** SHA-256 and SHA-512 of bytes that are read once. */
export async function digestsOfBytes(bytes: AsyncIterable<Uint8Array>): Promise<BlobDigests> {
  const { size, digests } = await digestsOfStream(bytes, both);
  return { sha256: digests[0]!, sha512: digests[1]!, size };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (isNotThere(error)) return false;
    throw error;
  }
}
