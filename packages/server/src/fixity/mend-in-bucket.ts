import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { digestsOfFile } from '@micrarium/repository';
import { isNotThere } from '../storage/durable-files.ts';
import { openFileSource } from '../storage/file-source.ts';
import type { Finding } from '../storage/ocfl/findings.ts';
import { type OcflInventory, versionNumber } from '../storage/ocfl/inventory.ts';
import { openStorageRoot } from '../storage/ocfl/layout.ts';
import { readInventory, readMatching } from '../storage/ocfl/read-object.ts';
import type { Bucket } from '../storage/s3/bucket.ts';
import { fetchFile, fetchObject } from '../storage/s3/exchange.ts';
import { type BytesElsewhere, stagedPlace } from './fixity-units.ts';

/** Where the second copy of what a bucket holds lies, and where damaged bytes are kept. */
export interface CopyOfBucket {
  /** Folder laid out as a data folder (`archive`, `blobs`), such as that of a backup. */
  copy: string;
  quarantine: string;
}

const declaration = '0=ocfl_object_1.1';
const inventoryNames = ['inventory.json', 'inventory.json.sha512'] as const;

/**
 * Mends what a check found in an object of a bucket, from the same object in the second copy: content with the digest the inventory names,
 * inventories that match their digest files. An inventory of the bucket counts before that of the copy, which may be older.
 * @returns how many files were mended; a check afterwards says whether the object is whole
 */
export async function mendObjectInBucket(
  { bucket, archive }: BytesElsewhere,
  object: string,
  findings: readonly Finding[],
  { copy, quarantine }: CopyOfBucket,
): Promise<number> {
  const other = join(copy, 'archive', object);
  const theirs = await readInventory(other).catch(() => undefined);
  const own = await archive.inventoryIn(object).catch(() => undefined);
  const newest = (await versionsIn(archive, object))[0] ?? 0;
  // A copy that does not know the newest version cannot say what belongs to it.
  const isKnown = theirs !== undefined && versionNumber(theirs.head) >= newest;
  const inventory = own && versionNumber(own.head) >= newest ? own : isKnown ? theirs : undefined;
  if (!inventory) return 0;
  let mended = 0;
  const damaged = new Set(findings.map(({ path }) => path));
  const isGone = newest === 0;
  for (const [digest, paths] of Object.entries(inventory.manifest))
    for (const path of paths) {
      if (!isGone && !damaged.has(path)) continue;
      const from = join(other, path);
      if (!(await isWhole(from, inventory.digestAlgorithm, digest))) continue;
      await keepDamaged(bucket, `archive/${object}/${path}`, quarantine);
      await store(bucket, from, `archive/${object}/${path}`);
      mended++;
    }
  if (isGone || findings.some(({ code }) => code === 'E003' || code === 'E007')) {
    await bucket.put(`archive/${object}/${declaration}`, new TextEncoder().encode('ocfl_object_1.1\n'));
    mended++;
  }
  return mended + (await mendInventories(bucket, object, other, inventory));
}

/** Numbers of the version folders of an object, newest first. */
async function versionsIn(archive: BytesElsewhere['archive'], object: string): Promise<number[]> {
  const entries = (await (await archive.areaOf(object)).entries('')) ?? [];
  const names = entries.map(({ name }) => name).filter((name) => /^v[1-9]\d*$/.test(name));
  return names.map(versionNumber).sort((a, b) => b - a);
}

/** Puts inventories that do not match their digest files in order: those of the versions, then that of the root, which equals the head's. */
async function mendInventories(
  bucket: Bucket,
  object: string,
  other: string,
  { head, versions }: OcflInventory,
): Promise<number> {
  const key = (folder: string, name: string) => `archive/${object}/${folder}${name}`;
  const pair = async (folder: string) => {
    const [bytes, sidecar] = await Promise.all(inventoryNames.map((name) => bucket.getIfThere(key(folder, name))));
    if (!bytes || !sidecar) return undefined;
    const told = new TextDecoder().decode(sidecar).trim().split(/\s+/)[0];
    return createHash('sha512').update(bytes).digest('hex') === told ? [bytes, sidecar] : undefined;
  };
  const put = async (folder: string, [bytes, sidecar]: readonly Uint8Array[]) => {
    await bucket.put(key(folder, 'inventory.json'), bytes!);
    await bucket.put(key(folder, 'inventory.json.sha512'), sidecar!);
  };
  const ofCopy = async (folder: string) => {
    if (!(await readMatching(join(other, folder)))) return undefined;
    return await Promise.all(inventoryNames.map((name) => bytesOf(join(other, folder, name))));
  };
  let mended = 0;
  for (const version of [...Object.keys(versions), '']) {
    const folder = version === '' ? '' : `${version}/`;
    if (await pair(folder)) continue;
    const twin = version === '' ? `${head}/` : version === head ? '' : undefined;
    const source = (twin === undefined ? undefined : await pair(twin)) ?? (await ofCopy(folder));
    if (!source) continue;
    await put(folder, source);
    mended++;
  }
  return mended;
}

/**
 * Brings the second copy of a whole object up to date; files of the copy that a check of it found damaged are set aside and fetched anew.
 * @param damaged paths within the object
 */
export async function keepCopyOfBucket(
  { archive }: BytesElsewhere,
  object: string,
  { copy }: CopyOfBucket,
  damaged: readonly string[] = [],
): Promise<void> {
  await openStorageRoot(join(copy, 'archive'));
  const other = join(copy, 'archive', object);
  for (const path of damaged) {
    const kept = join(copy, 'quarantine', `${Date.now()}-${object.replaceAll('/', '-')}`, path);
    await mkdir(dirname(kept), { recursive: true });
    await rename(join(other, path), kept).catch((error: unknown) => {
      if (!isNotThere(error)) throw error;
    });
  }
  await fetchObject(archive, object, other);
}

/** Mends a staged blob of a bucket from the second copy. @returns whether the copy had it whole */
export async function mendBlobInBucket(
  { bucket }: BytesElsewhere,
  sha256: string,
  { copy, quarantine }: CopyOfBucket,
): Promise<boolean> {
  const from = stagedPlace(copy, sha256);
  if (!(await isWhole(from, 'sha256', sha256))) return false;
  const key = stagedPlace('', sha256);
  await keepDamaged(bucket, key, quarantine);
  await store(bucket, from, key);
  return true;
}

/** Brings a staged blob of a bucket to the second copy, where it is not there. */
export async function keepCopyOfBlob({ bucket }: BytesElsewhere, sha256: string, copy: string): Promise<void> {
  await fetchFile(bucket.stream(stagedPlace('', sha256)), stagedPlace(copy, sha256), {
    algorithm: 'sha256',
    digest: sha256,
  });
}

async function isWhole(path: string, algorithm: string, digest: string): Promise<boolean> {
  try {
    return (await digestsOfFile(path, [algorithm])).digests[0] === digest.toLowerCase();
  } catch (error) {
    if (isNotThere(error) || (error as NodeJS.ErrnoException).code === 'EIO') return false;
    throw error;
  }
}

/** What is damaged is kept, not lost under what mends it. */
async function keepDamaged(bucket: Bucket, key: string, quarantine: string): Promise<void> {
  if ((await bucket.sizeOf(key)) === undefined) return;
  const kept = join(quarantine, new Date().toISOString().replaceAll(':', '-'), key);
  await mkdir(dirname(kept), { recursive: true });
  await pipeline(bucket.stream(key), createWriteStream(kept));
}

async function store(bucket: Bucket, path: string, key: string): Promise<void> {
  const source = await openFileSource(path);
  try {
    await bucket.putFrom(key, source.size, (offset, length) => source.read(offset, length));
  } finally {
    await source.close();
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  const source = await openFileSource(path);
  try {
    return await source.read(0, source.size);
  } finally {
    await source.close();
  }
}
