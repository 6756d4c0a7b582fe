import type { ByteSource } from '@micrarium/formats';
import {
  BlobMissing,
  type BlobStore,
  digestsOfStream,
  sideBySide,
  type StoredBlob,
  UploadMissing,
} from '@micrarium/repository';
import { BlobChanged, digestsOfBytes } from '../blobs-on-disk.ts';
import type { Locks } from '../locks.ts';
import { type Bucket, isMissing, type PartSource } from './bucket.ts';
import { bucketSource } from './bucket-source.ts';
import type { LocalCopies } from './local-copies.ts';
import type { UploadPart, UploadsInBucket } from './uploads-in-bucket.ts';

/** Where the bytes of a blob lie in the bucket. */
export interface BlobObject {
  key: string;
  size: number;
  place: 'staged' | 'archived';
}

/** Milliseconds for which the place of a blob is not asked for again. */
const rememberedFor = 60_000;
const mostKnown = 20_000;
/** Seconds an address to download from is good for. */
const presignedSeconds = 3600;

/**
 * Blobs as objects `blobs/sha256/ab/cd/<hex>`; those that became part of a published object lie there instead, and a small object
 * `blobs/archived/ab/<hex>` says where. Those pointers can be made again from the inventories.
 */
export class BlobsInBucket implements BlobStore {
  readonly isElsewhere = true;
  private readonly bucket: Bucket;
  private readonly uploads: UploadsInBucket;
  private readonly copies: LocalCopies;
  private readonly locks: Locks;
  /** What is published moves no more, but where a study that was purged held what another one holds too, maybe by another process. */
  private readonly archived = new Map<string, { place: BlobObject; until: number }>();

  constructor(bucket: Bucket, uploads: UploadsInBucket, copies: LocalCopies, locks: Locks) {
    this.bucket = bucket;
    this.uploads = uploads;
    this.copies = copies;
    this.locks = locks;
  }

  async adopt(stagedFile: string, blob: StoredBlob): Promise<void> {
    const uploadId = stagedFile.slice(stagedFile.lastIndexOf('/') + 1);
    // Two uploads of the same bytes: the second finds what the first has stored.
    await this.locks.hold(`blob ${blob.sha256}`, async () => {
      if (!(await this.has(blob.sha256))) await this.takeIn(uploadId, blob);
    });
    await this.uploads.remove(uploadId).catch((error: unknown) => {
      if (!(error instanceof UploadMissing)) throw error;
    });
  }

  async open(sha256: string): Promise<ByteSource & { close(): Promise<void> }> {
    const { key, size } = await this.whereIs(sha256);
    return bucketSource(this.bucket, key, size, sha256);
  }

  /** Path of a copy on this machine, fetched where there is none. */
  async pathOf(sha256: string): Promise<string> {
    const { key, size } = await this.whereIs(sha256);
    return await this.copies.of(key, size);
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.find(sha256)) !== undefined;
  }

  async remove(sha256: string): Promise<void> {
    await this.bucket.remove(this.keyOf('sha256', sha256));
    await this.bucket.remove(this.keyOf('sha512', sha256));
  }

  async presigned(sha256: string, headers: Record<string, string>): Promise<string | undefined> {
    if (this.bucket.settings.publicEndpoint === undefined) return undefined;
    return await this.bucket.presigned((await this.whereIs(sha256)).key, presignedSeconds, headers);
  }

  /** The place of a blob. @throws BlobMissing */
  async whereIs(sha256: string): Promise<BlobObject> {
    const place = await this.find(sha256);
    if (!place) throw new BlobMissing(sha256);
    return place;
  }

  /** Where a blob lies below the root of the archive; `undefined` where it is only staged. @throws BlobMissing */
  async placeInArchive(sha256: string): Promise<string | undefined> {
    const { key, place } = await this.whereIs(sha256);
    return place === 'archived' ? key.slice('archive/'.length) : undefined;
  }

  /** SHA-512 of a blob: as computed when it was taken in if that is less than a day ago, else over the bytes as they lie now. @throws BlobMissing, BlobChanged */
  async sha512Of(sha256: string): Promise<string> {
    const noted = await this.bucket.getIfThere(this.keyOf('sha512', sha256));
    if (noted) {
      const { sha512, at } = JSON.parse(new TextDecoder().decode(noted)) as { sha512: string; at: number };
      if (Date.now() - at < 86_400_000) return sha512;
    }
    const { key, size } = await this.whereIs(sha256);
    const both = await digestsOfBytes(this.bucket.stream(key, 0, size));
    if (both.sha256 !== sha256) throw new BlobChanged(sha256, both.sha256);
    await this.noteSha512(sha256, both.sha512);
    return both.sha512;
  }

  /** Notes that blobs now lie in the archive, and then frees their staged names. */
  async moveToArchive(moved: readonly { sha256: string; key: string; size: number }[]): Promise<void> {
    await sideBySide(moved, async ({ sha256, key, size }) => {
      await this.bucket.put(this.keyOf('archived', sha256), new TextEncoder().encode(JSON.stringify({ key, size })));
      await this.remove(sha256);
      this.archived.delete(sha256);
    });
  }

  /** Forgets where in the archive blobs lay that were destroyed there. */
  async forgetArchived(digests: readonly string[]): Promise<void> {
    await sideBySide([...digests], async (sha256) => {
      await this.bucket.remove(this.keyOf('archived', sha256));
      await this.bucket.remove(this.keyOf('sha512', sha256));
      this.archived.delete(sha256);
    });
  }

  /** Digests of the blobs in the staging area. */
  async staged(): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of this.bucket.list('blobs/sha256/')) found.push(key.slice(key.lastIndexOf('/') + 1));
    return found;
  }

  /** Reads a staged blob through. @returns what is wrong with it */
  async problemOf(sha256: string, onBytes: (count: number) => Promise<void> | void): Promise<string | undefined> {
    const key = this.keyOf('sha256', sha256);
    try {
      const { digests } = await digestsOfStream(this.bucket.stream(key), ['sha256'], onBytes);
      return digests[0] === sha256 ? undefined : 'the bytes do not match their SHA-256';
    } catch (error) {
      if (isMissing(error)) return 'the bytes are not there';
      throw error;
    }
  }

  private async find(sha256: string): Promise<BlobObject | undefined> {
    const known = this.archived.get(sha256);
    if (known && known.until > Date.now()) return known.place;
    const staged = this.keyOf('sha256', sha256);
    const size = await this.bucket.sizeOf(staged);
    if (size !== undefined) return { key: staged, size, place: 'staged' };
    const pointer = await this.bucket.getIfThere(this.keyOf('archived', sha256));
    if (!pointer) return undefined;
    const target = JSON.parse(new TextDecoder().decode(pointer)) as { key: string; size: number };
    // A pointer whose target is gone does not count.
    if ((await this.bucket.sizeOf(target.key)) === undefined) return undefined;
    const place: BlobObject = { ...target, place: 'archived' };
    if (this.archived.size >= mostKnown) this.archived.clear();
    this.archived.set(sha256, { place, until: Date.now() + rememberedFor });
    return place;
  }

  private keyOf(area: 'sha256' | 'archived' | 'sha512', sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new BlobMissing(sha256);
    const folder = `blobs/${area}/${sha256.slice(0, 2)}`;
    return area === 'sha256' ? `${folder}/${sha256.slice(2, 4)}/${sha256}` : `${folder}/${sha256}`;
  }

  private async noteSha512(sha256: string, sha512: string): Promise<void> {
    const note = JSON.stringify({ sha512, at: Date.now() });
    await this.bucket.put(this.keyOf('sha512', sha256), new TextEncoder().encode(note));
  }

  private async takeIn(uploadId: string, { sha256, size, sha512 }: StoredBlob): Promise<void> {
    const parts = await this.uploads.partsOf(uploadId);
    if (sha512 !== undefined) await this.noteSha512(sha256, sha512);
    const key = this.keyOf('sha256', sha256);
    await this.putTogether(key, parts);
    const stored = await this.bucket.sizeOf(key);
    if (stored === size) return;
    await this.bucket.remove(key);
    throw new BlobChanged(sha256, `of ${stored} bytes instead of ${size}`);
  }

  /** Makes one object of the pieces of an upload, within the storage where it can. */
  private async putTogether(key: string, parts: readonly UploadPart[]): Promise<void> {
    try {
      const [only] = parts;
      if (!only) return void (await this.bucket.put(key, new Uint8Array(0)));
      if (parts.length === 1) return await this.bucket.copy(only.key, key, only.size);
      await this.bucket.assemble(key, this.grouped(parts));
    } catch (error) {
      // Another worker took the same upload in, and took its pieces away.
      if (isMissing(error) && (await this.bucket.sizeOf(key)) !== undefined) return;
      throw error;
    }
  }

  /** Pieces large enough are copied; small ones are joined with what follows them. */
  private grouped(parts: readonly UploadPart[]): PartSource[] {
    const total = parts.reduce((sum, { size }) => sum + size, 0);
    const least = Math.max(this.bucket.leastPart, Math.ceil(total / (this.bucket.mostParts - 1)));
    const groups: UploadPart[][] = [];
    let size = least;
    for (const part of parts) {
      if (size >= least) {
        groups.push([]);
        size = 0;
      }
      groups.at(-1)!.push(part);
      size += part.size;
    }
    return groups.map((group) => {
      const [first] = group;
      return group.length === 1 ? { key: first!.key, offset: 0, length: first!.size } : { joined: group };
    });
  }
}
