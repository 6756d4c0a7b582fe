import { createHash } from 'node:crypto';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotThere, isTaken, makeFolder, syncFolder, writeSynced } from '../durable-files.ts';

/** Name of the registered layout extension we write. */
export const layoutName = '0004-hashed-n-tuple-storage-layout';
const defaults = {
  extensionName: layoutName,
  digestAlgorithm: 'sha256',
  tupleSize: 3,
  numberOfTuples: 3,
  shortObjectRoot: false,
};

/** Folder of an object below the storage root: layout 0004 with its defaults (3 tuples of 3 hex digits of the SHA-256 of the id, then all of it). */
export function objectFolder(id: string): string {
  const hex = createHash('sha256').update(id, 'utf8').digest('hex');
  return `${hex.slice(0, 3)}/${hex.slice(3, 6)}/${hex.slice(6, 9)}/${hex}`;
}

/** Files that declare a storage root, by path; the last one last, so that a root that declares itself is complete. */
export const rootFiles: Readonly<Record<string, string>> = {
  [`extensions/${layoutName}/config.json`]: `${JSON.stringify(defaults, null, 2)}\n`,
  'ocfl_layout.json': `${JSON.stringify({ extension: layoutName, description: 'SHA-256 of the object id in three tuples of three' }, null, 2)}\n`,
  '0=ocfl_1.1': 'ocfl_1.1\n',
};

/** Makes the files that declare a storage root, those that are not there yet. */
export async function openStorageRoot(root: string): Promise<void> {
  await makeFolder(join(root, 'extensions', layoutName));
  for (const [path, text] of Object.entries(rootFiles)) {
    try {
      await writeSynced(join(root, path), text);
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  await syncFolder(join(root, 'extensions', layoutName));
  await syncFolder(root);
}

/** Folders of all objects below a storage root, relative to it. Walks the three tuples; nothing else is looked at. */
export async function* objectFolders(root: string, below = ''): AsyncGenerator<string> {
  const depth = below === '' ? 0 : below.split('/').length;
  for (const entry of (await readdir(join(root, below), { withFileTypes: true })).sort(byName)) {
    if (!entry.isDirectory()) continue;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (depth < 3 && /^[0-9a-f]{3}$/.test(entry.name)) yield* objectFolders(root, path);
    else if (depth === 3 && (await isThere(join(root, path, '0=ocfl_object_1.1')))) yield path;
  }
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isNotThere(error)) return false;
    throw error;
  }
}
