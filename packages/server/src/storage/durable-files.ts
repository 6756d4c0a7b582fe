import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Makes the bytes of a file survive a power cut. @throws the system's error; after a failed fsync the file must be written anew, never trusted */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the names in a folder (files made, renamed or removed there) survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Folders whose names this process has seen become durable. */
const durableFolders = new Set<string>();
/** More are forgotten, and then synced once more. */
const mostRemembered = 20_000;
/** Data folders: what lies above is not ours to sync. */
const roots = new Set<string>();

/** Makes a data folder: below it `makeFolder` trusts nothing that this process has not made durable itself. */
export async function makeRoot(path: string): Promise<void> {
  await makeFolder(path);
  roots.add(path);
}

/**
 * Makes a folder with its parents and makes their names durable. Below a data folder those that are there already are not trusted: another
 * call, or a process that was killed, may have made them and not have come to sync their parent.
 */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (durableFolders.size > mostRemembered) durableFolders.clear();
  const chain: string[] = [];
  let folder = path;
  while (!durableFolders.has(folder) && !roots.has(folder) && folder !== dirname(folder)) {
    chain.push(folder);
    folder = dirname(folder);
  }
  // A folder made anew under a name that was known is a new one.
  const isNew = (one: string) => first !== undefined && one.length >= first.length;
  if (first !== undefined) for (let one = folder; isNew(one); one = dirname(one)) chain.push(one);
  const isOurs = roots.has(folder) || durableFolders.has(folder);
  const unsure = isOurs ? chain : chain.filter(isNew);
  for (const one of unsure) await syncFolder(dirname(one));
  if (isOurs) for (const one of unsure) durableFolders.add(one);
}

/** Writes a new file and syncs it; its folder is the caller's to sync. */
export async function writeSynced(
  path: string,
  bytes: Uint8Array | string | AsyncIterable<Uint8Array>,
  mode?: number,
): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    // Pieces are taken too, which the types of Node say of `writeFile` alone and not of a handle's.
    await handle.writeFile(bytes as Uint8Array);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts a file in place in one go, whether or not one was there: temporary name, fsync, rename, fsync of the folder. */
export async function replaceFile(
  path: string,
  bytes: Uint8Array | string | AsyncIterable<Uint8Array>,
  mode?: number,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${randomUUID()}.part`);
  try {
    await writeSynced(temporary, bytes, mode);
    await rename(temporary, path);
  } catch (error) {
    await removeIfThere(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
}

/** Removes a file that may be gone already. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isNotThere(error)) throw error;
  }
}

/** Did the system say that the path does not exist? */
export function isNotThere(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Did the system say that the name is taken (by a file, or by a folder with something in it)? */
export function isTaken(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'EEXIST' || code === 'ENOTEMPTY';
}
