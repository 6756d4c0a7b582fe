import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isNotThere, makeFolder, replaceFile, syncFolder } from '../durable-files.ts';
import { bytesOfFile } from '../file-bytes.ts';
import type { OcflInventory } from './inventory.ts';
import { readMatching } from './read-object.ts';

/** Bytes that were to be copied are not those their digest names. */
export class CopyRefused extends Error {
  override readonly name = 'CopyRefused';
}

/**
 * Copies one file durably under a temporary name and then into place; what arrives is compared with the digest on the way.
 * @param work folder on the file system of `to`
 * @throws CopyRefused where the bytes read are not of this digest; nothing is left then
 */
export async function copyChecked(
  from: string,
  to: string,
  work: string,
  expected: { algorithm: string; digest: string },
): Promise<number> {
  await makeFolder(work);
  const temporary = join(work, randomUUID());
  const hash = createHash(expected.algorithm);
  let size = 0;
  let handle: FileHandle | undefined;
  try {
    handle = await open(temporary, 'wx');
    for await (const piece of bytesOfFile(from)) {
      hash.update(piece);
      for (let done = 0; done < piece.length; )
        done += (await handle.write(piece, done, piece.length - done, null)).bytesWritten;
      size += piece.length;
    }
    await handle.sync();
    await handle.close();
    handle = undefined;
    if (hash.digest('hex') !== expected.digest.toLowerCase())
      throw new CopyRefused(`The bytes of ${from} do not match their digest`);
    await makeFolder(dirname(to));
    await rename(temporary, to);
    await syncFolder(dirname(to));
    return size;
  } catch (error) {
    await handle?.close();
    await rm(temporary, { force: true });
    throw error;
  }
}

/** What was copied of an object. */
export interface Mirrored {
  /** Content files and bytes that the target did not hold. */
  files: number;
  bytes: number;
}

/**
 * Brings an object to another storage root: what is missing there is copied, content first and inventories last, each file compared with its
 * digest on the way. Content never changes, so what is there with the same size is left; a check of the copy reads it.
 * @throws CopyRefused where the source is damaged or the target holds another object
 */
export async function mirrorObject(source: string, target: string, work: string): Promise<Mirrored> {
  const inventory = await readMatching(source);
  if (!inventory) throw new CopyRefused(`The inventory of the object at ${source} does not match its digest`);
  const before = await readMatching(target);
  if (before && before.id !== inventory.id) throw new CopyRefused(`${target} holds another object`);
  const done: Mirrored = { files: 0, bytes: 0 };
  for (const [digest, paths] of Object.entries(inventory.manifest))
    for (const path of paths) {
      if ((await sizeOf(join(source, path))) === (await sizeOf(join(target, path)))) continue;
      const expected = { algorithm: inventory.digestAlgorithm, digest };
      done.bytes += await copyChecked(join(source, path), join(target, path), work, expected);
      done.files++;
    }
  for (const version of Object.keys(inventory.versions)) await copyInventory(source, target, version);
  await copyInventory(source, target, '');
  await declare(target);
  return done;
}

/** Puts the file that declares a folder an OCFL 1.1 object, where it is not there. */
export async function declare(object: string): Promise<void> {
  const file = join(object, '0=ocfl_object_1.1');
  if ((await sizeOf(file)) === 'ocfl_object_1.1\n'.length) return;
  await replaceFile(file, 'ocfl_object_1.1\n');
}

/** Copies the inventory of a folder (`''`: the object's root) with its digest file, where the target's differ. @throws CopyRefused */
async function copyInventory(source: string, target: string, folder: string): Promise<void> {
  if (!(await readMatching(join(source, folder)))) {
    if (folder !== '') return;
    throw new CopyRefused(`The inventory of the object at ${source} does not match its digest`);
  }
  await putInventory(join(source, folder), join(target, folder));
}

/** Copies the two files of an inventory from one folder to another. */
export async function putInventory(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of ['inventory.json', 'inventory.json.sha512']) {
    const bytes = await readFile(join(from, name));
    const there = await readFile(join(to, name)).catch(() => undefined);
    if (there?.equals(bytes)) continue;
    await replaceFile(join(to, name), bytes);
  }
}

/** Size of a file; `undefined` where there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}

/** Bytes of all content of an object, as its inventory names it. */
export async function contentSize(object: string, inventory: OcflInventory): Promise<number> {
  let sum = 0;
  for (const path of Object.values(inventory.manifest).flat()) sum += (await sizeOf(join(object, path))) ?? 0;
  return sum;
}
