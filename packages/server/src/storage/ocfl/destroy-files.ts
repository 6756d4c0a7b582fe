import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotThere } from '../durable-files.ts';

const zeros = new Uint8Array(2 ** 20);

/**
 * Overwrites every file below a folder with zeros, makes that durable, and removes the folder. What has a second name elsewhere is only
 * unlinked here: its bytes belong to another place. Nothing there: nothing done.
 */
export async function destroyFolder(folder: string): Promise<void> {
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await destroyFolder(path);
    else if (entry.isFile()) await overwrite(path);
  }
  await rm(folder, { recursive: true, force: true });
}

/** Overwrites a file with zeros and removes it. Nothing there: nothing done. */
export async function destroyFile(path: string): Promise<void> {
  try {
    await overwrite(path);
  } catch (error) {
    if (isNotThere(error)) return;
    throw error;
  }
  await rm(path, { force: true });
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}

async function overwrite(path: string): Promise<void> {
  const { size, nlink } = await stat(path);
  if (nlink > 1) return;
  const file = await open(path, 'r+');
  try {
    for (let at = 0; at < size; at += zeros.length) await file.write(zeros, 0, Math.min(zeros.length, size - at), at);
    await file.sync();
  } finally {
    await file.close();
  }
}
