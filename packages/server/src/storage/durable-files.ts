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

/** Makes a folder with its parents and syncs every folder that got a new name in it. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  const top = dirname(first);
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    await syncFolder(folder);
    if (folder === top || folder === dirname(folder)) return;
  }
}

/** Writes a new file and syncs it; its folder is the caller's to sync. */
export async function writeSynced(path: string, bytes: Uint8Array | string): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts a file in place in one go, whether or not one was there: temporary name, fsync, rename, fsync of the folder. */
export async function replaceFile(path: string, bytes: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${randomUUID()}.part`);
  await writeSynced(temporary, bytes);
  await rename(temporary, path);
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
