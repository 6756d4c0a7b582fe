import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestsOfOpenFile, sideBySide } from '@micrarium/repository';
import { isNotThere, makeFolder, replaceFile, syncFolder } from '../durable-files.ts';
import type { OcflInventory } from './inventory.ts';
import { readMatching } from './read-object.ts';

/** Bytes that were to be copied are not those their digest names. */
export class CopyRefused extends Error {
  override readonly name = 'CopyRefused';
}

/** What a file is to be. */
export interface ExpectedBytes {
  algorithm: string;
  digest: string;
}

/**
 * Copies one file durably under a temporary name and then into place; what arrives is compared with the digest on the way.
 * @param work folder on the file system of `to`
 * @throws CopyRefused where the bytes read are not of this digest; nothing is left then
 */
export async function copyChecked(from: string, to: string, work: string, expected: ExpectedBytes): Promise<number> {
  await makeFolder(work);
  const size = await copyInto(from, to, work, expected);
  await syncFolder(dirname(to));
  return size;
}

/** As `copyChecked`, into a work folder that is there; the name in its folder is the caller's to sync. */
async function copyInto(from: string, to: string, work: string, expected: ExpectedBytes): Promise<number> {
  const temporary = join(work, randomUUID());
  try {
    const { size, digest } = await copySynced(from, temporary, expected.algorithm);
    if (digest !== expected.digest.toLowerCase())
      throw new CopyRefused(`The bytes of ${from} do not match their digest`);
    await makeFolder(dirname(to));
    await rename(temporary, to);
    return size;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Bytes after which the disk is told to begin: left to the end, it would stand still while digests are computed. */
const bytesUnsynced = 2 ** 26;

/** Copies a file and makes its bytes durable: each piece is read once, digested and written at the same time. @throws CopyRefused where it cannot be read */
async function copySynced(from: string, to: string, algorithm: string): Promise<{ size: number; digest: string }> {
  const source = await open(from, 'r').catch(refuseUnreadable(from));
  const target = await open(to, 'wx').catch(async (error: unknown) => {
    await source.close();
    throw error;
  });
  let unsynced = 0;
  let syncing: Promise<void> | undefined;
  let fault: unknown;
  const begin = async () => {
    unsynced = 0;
    // After a failed sync nothing written so far may be trusted: the whole file is given up.
    await target.datasync().catch((error: unknown) => void (fault ??= error));
    syncing = undefined;
  };
  const write = async (bytes: Uint8Array, at: number) => {
    for (let done = 0; done < bytes.length; )
      done += (await target.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
    unsynced += bytes.length;
    if (unsynced >= bytesUnsynced) syncing ??= begin();
  };
  try {
    const { size, digests } = await digestsOfOpenFile(source, [algorithm], { write }).catch(refuseUnreadable(from));
    await syncing;
    if (fault !== undefined) throw fault;
    await target.sync();
    return { size, digest: digests[0]! };
  } finally {
    await syncing;
    await target.close();
    await source.close();
  }
}

/** A bad sector of one file is no reason to leave the others uncopied. Faults of the target name a write. */
function refuseUnreadable(path: string): (error: NodeJS.ErrnoException) => never {
  return (cause) => {
    if (cause.code === 'EIO' && cause.syscall !== 'write')
      throw new CopyRefused(`The bytes of ${path} cannot be read from the disk`, { cause });
    throw cause;
  };
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
 * @throws CopyRefused where the source is damaged or the target holds another object; what is whole has been copied then
 */
export async function mirrorObject(source: string, target: string, work: string): Promise<Mirrored> {
  const inventory = await readMatching(source);
  if (!inventory) throw new CopyRefused(`The inventory of the object at ${source} does not match its digest`);
  const before = await readMatching(target);
  if (before && before.id !== inventory.id) throw new CopyRefused(`${target} holds another object`);
  const done = await copyContent(source, target, work, inventory);
  const damaged: string[] = [];
  for (const version of Object.keys(inventory.versions))
    if (!(await copyInventory(source, target, version))) damaged.push(version);
  if (!(await copyInventory(source, target, '')))
    throw new CopyRefused(`The inventory of the object at ${source} does not match its digest`);
  await declare(target);
  // It keeps nothing else back: the object's own inventory knows all versions.
  if (damaged.length > 0)
    throw new CopyRefused(
      `The inventory in ${join(source, damaged[0]!)} does not match its digest: all else is copied`,
    );
  return done;
}

/** Copies the content that is missing, many files at once, and then makes the names in each folder durable. A damaged file keeps no other back. */
async function copyContent(source: string, target: string, work: string, inventory: OcflInventory): Promise<Mirrored> {
  const done: Mirrored = { files: 0, bytes: 0 };
  const folders = new Set<string>();
  let refused: CopyRefused | undefined;
  const all = Object.entries(inventory.manifest).flatMap(([digest, paths]) => paths.map((path) => ({ digest, path })));
  await makeFolder(work);
  await sideBySide(all, async ({ digest, path }) => {
    const [from, to] = [join(source, path), join(target, path)];
    const size = await sizeOf(from);
    if (size !== undefined && size === (await sizeOf(to))) return;
    if (size === undefined) return void (refused ??= new CopyRefused(`${from} is not there`));
    try {
      const copied = await copyInto(from, to, work, { algorithm: inventory.digestAlgorithm, digest });
      done.bytes += copied;
      done.files++;
      folders.add(dirname(to));
    } catch (error) {
      if (!(error instanceof CopyRefused)) throw error;
      refused ??= error;
    }
  });
  await sideBySide([...folders], syncFolder);
  if (refused) throw refused;
  return done;
}

/** Puts the file that declares a folder an OCFL 1.1 object, where it is not there. */
export async function declare(object: string): Promise<void> {
  const file = join(object, '0=ocfl_object_1.1');
  if ((await sizeOf(file)) === 'ocfl_object_1.1\n'.length) return;
  await replaceFile(file, 'ocfl_object_1.1\n');
}

/**
 * Copies the inventory of a folder (`''`: the object's root) with its digest file, where the target's differ. A version's folder may have none.
 * @returns `false` where it does not match its digest file; nothing is copied then
 */
async function copyInventory(source: string, target: string, folder: string): Promise<boolean> {
  const from = join(source, folder);
  if (await readMatching(from)) {
    await putInventory(from, join(target, folder));
    return true;
  }
  const found = await Promise.all(inventoryFiles.map((name) => sizeOf(join(from, name))));
  return folder !== '' && found.every((size) => size === undefined);
}

const inventoryFiles = ['inventory.json', 'inventory.json.sha512'];

/** Copies the two files of an inventory from one folder to another. */
export async function putInventory(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of inventoryFiles) {
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
