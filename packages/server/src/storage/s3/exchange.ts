import { digestInTurns, sideBySide } from '@micrarium/repository';
import { createHash, randomUUID } from 'node:crypto';
import { open as openFile, readdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { isNotThere, makeFolder, removeIfThere, replaceFile, syncFolder } from '../durable-files.ts';
import { openFileSource } from '../file-source.ts';
import type { FileArea } from '../ocfl/file-area.ts';
import { objectFolders } from '../ocfl/layout.ts';
import { CopyRefused } from '../ocfl/mirror-object.ts';
import type { ArchiveInBucket } from './archive-in-bucket.ts';
import type { Bucket } from './bucket.ts';

/** What was brought from one place to the other. */
export interface Exchanged {
  files: number;
  bytes: number;
}

/**
 * Brings a folder's copy of an OCFL object up to date with the one in the bucket: content that is not there, each file held to its digest,
 * then the inventories, those in the root last.
 * @throws CopyRefused where bytes in the bucket do not match their digest
 */
export async function fetchObject(archive: ArchiveInBucket, object: string, target: string): Promise<Exchanged> {
  const area = await archive.areaOf(object);
  const done = { files: 0, bytes: 0 };
  const head = await matchingInventory(area, '');
  if (!head) throw new CopyRefused(`${object}: the inventory in the bucket does not match its digest`);
  const inventory = JSON.parse(head['inventory.json'].toString('utf8')) as {
    manifest: Record<string, string[]>;
    versions: Record<string, unknown>;
  };
  for (const [digest, paths] of Object.entries(inventory.manifest))
    for (const path of paths) {
      const size = await fetchFile(area.stream(path), join(target, path), { algorithm: 'sha512', digest });
      if (size === undefined) continue;
      done.files++;
      done.bytes += size;
    }
  const damaged: string[] = [];
  for (const folder of [...Object.keys(inventory.versions).map((version) => `${version}/`), '']) {
    const files = folder === '' ? head : await matchingInventory(area, folder);
    if (!files) damaged.push(folder);
    else for (const [name, bytes] of Object.entries(files)) await replaceFile(join(target, folder, name), bytes);
  }
  await replaceFile(join(target, '0=ocfl_object_1.1'), await area.read('0=ocfl_object_1.1'));
  // What a folder holds already, whole, is not written over with damage; and it keeps nothing else back.
  if (damaged.length > 0)
    throw new CopyRefused(
      `${object}/${damaged[0]}: the inventory in the bucket does not match its digest: all else is copied`,
    );
  return done;
}

/** Looks at an inventory whose two files do not match, a fifth of a second apart: a version may be on its way into the bucket. */
const mostLooks = 5;

/** The two files of an inventory in a bucket; `undefined` where they do not match, or one is not there. */
async function matchingInventory(
  area: FileArea,
  folder: string,
): Promise<Record<'inventory.json' | 'inventory.json.sha512', Buffer> | undefined> {
  for (let look = 1; look <= mostLooks; look++) {
    const bytes = await area.read(`${folder}inventory.json`).catch(unlessThere);
    const sidecar = await area.read(`${folder}inventory.json.sha512`).catch(unlessThere);
    const named = sidecar?.toString('utf8').trim().split(/\s+/)[0];
    if (bytes && sidecar && named === (await digestInTurns('sha512', bytes)))
      return { 'inventory.json': bytes, 'inventory.json.sha512': sidecar };
    await rest(200);
  }
  return undefined;
}

function unlessThere(error: unknown): undefined {
  if (!isNotThere(error)) throw error;
}

/** Brings one file, durably, where it is not there yet. @returns its size; `undefined` where it was there. @throws CopyRefused */
export async function fetchFile(
  bytes: AsyncIterable<Uint8Array>,
  target: string,
  { algorithm, digest }: { algorithm: string; digest: string },
): Promise<number | undefined> {
  const isThere = await stat(target).catch((error: unknown) => {
    if (!isNotThere(error)) throw error;
  });
  if (isThere) return undefined;
  await makeFolder(dirname(target));
  const part = join(dirname(target), `.${randomUUID()}.part`);
  const hash = createHash(algorithm);
  let size = 0;
  const file = await openFile(part, 'wx');
  try {
    for await (const piece of bytes) {
      hash.update(piece);
      await file.writeFile(piece);
      size += piece.length;
    }
    await file.sync();
    if (hash.digest('hex') !== digest) throw new CopyRefused(`${target}: the bytes in the bucket have another digest`);
    await rename(part, target);
  } catch (error) {
    await removeIfThere(part);
    throw error;
  } finally {
    await file.close();
  }
  await syncFolder(dirname(target));
  return size;
}

/**
 * Stores the archive and the staged blobs of a data folder in an empty bucket, as after a restore. What is there with the same size is left;
 * the inventory in an object's root comes last, so that an object is seen whole.
 */
export async function fillBucket(bucket: Bucket, data: string): Promise<Exchanged> {
  const done = { files: 0, bytes: 0 };
  const store = async (path: string) => {
    const source = await openFileSource(join(data, path));
    try {
      if ((await bucket.sizeOf(path)) === source.size && !path.includes('inventory.json')) return;
      await bucket.putFrom(path, source.size, (offset, length) => source.read(offset, length));
      done.files++;
      done.bytes += source.size;
    } finally {
      await source.close();
    }
  };
  for await (const object of objectFolders(join(data, 'archive'))) {
    const files = (await filesBelow(join(data, 'archive', object))).map((path) => `archive/${object}/${path}`);
    const isLast = (path: string) => path.startsWith(`archive/${object}/inventory.json`);
    await sideBySide(
      files.filter((path) => !isLast(path)),
      store,
      4,
    );
    for (const path of files.filter(isLast).sort()) await store(path);
  }
  const blobs = await filesBelow(join(data, 'blobs/sha256'));
  await sideBySide(
    blobs.map((path) => `blobs/sha256/${path}`),
    store,
    4,
  );
  return done;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (!isNotThere(error)) throw error;
    return [];
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
