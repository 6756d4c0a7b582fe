import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { digestInTurns, parseJsonInTurns } from '@micrarium/repository';
import { isNotThere } from '../durable-files.ts';
import { type OcflInventory, versionNumber } from './inventory.ts';

/** An object in the archive cannot be read: damaged, or not there. */
export class ArchiveUnreadable extends Error {
  override readonly name = 'ArchiveUnreadable';
}

/** For who asks whether something can be read: `undefined` where the object cannot. */
export function unlessUnreadable(error: unknown): undefined {
  if (!(error instanceof ArchiveUnreadable)) throw error;
}

/**
 * The inventory of an object as of now. Where the root's sidecar does not match (a writer is between its two renames, or was killed there)
 * the newest version folder whose own sidecar matches counts (repository-practice 6.6.4).
 * @returns `undefined` where there is no object
 * @throws ArchiveUnreadable where no inventory matches its sidecar
 */
export async function readInventory(object: string): Promise<OcflInventory | undefined> {
  const names = await folderNames(object);
  if (names === undefined) return undefined;
  const root = await readMatching(object);
  if (root) return root;
  const versions = names.filter((name) => /^v[1-9]\d*$/.test(name));
  for (const name of versions.sort((a, b) => versionNumber(b) - versionNumber(a))) {
    const inventory = await readMatching(join(object, name));
    if (inventory) return inventory;
  }
  throw new ArchiveUnreadable(`No inventory of the object at ${object} matches its digest`);
}

/** The inventory in a folder, if its sidecar matches; `undefined` otherwise. */
export async function readMatching(folder: string): Promise<OcflInventory | undefined> {
  try {
    const bytes = await readFile(join(folder, 'inventory.json'));
    const sidecar = await readFile(join(folder, 'inventory.json.sha512'), 'utf8');
    if (sidecar.trim().split(/\s+/)[0] !== (await digestInTurns('sha512', bytes))) return undefined;
    return (await parseJsonInTurns(bytes)) as OcflInventory;
  } catch (error) {
    if (isNotThere(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function folderNames(folder: string): Promise<string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}
