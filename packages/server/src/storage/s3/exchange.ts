import { sideBySide } from '@micrarium/repository';
import { createHash, randomUUID } from 'node:crypto';
import { open as openFile, readdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isNotThere, makeFolder, removeIfThere, replaceFile, syncFolder } from '../durable-files.ts';
import { openFileSource } from '../file-source.ts';
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
  const inventory = JSON.parse((await area.read('inventory.json')).toString('utf8')) as {
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
  const folders = [...Object.keys(inventory.versions).map((version) => `${version}/`), ''];
  for (const folder of folders)
    for (const name of ['inventory.json', 'inventory.json.sha512'])
      await replaceFile(join(target, folder, name), await area.read(`${folder}${name}`));
  await replaceFile(join(target, '0=ocfl_object_1.1'), await area.read('0=ocfl_object_1.1'));
  return done;
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
