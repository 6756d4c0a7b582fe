import { link, mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isNotThere } from '../durable-files.ts';
import type { Finding } from './findings.ts';
import { type OcflInventory, versionNumber } from './inventory.ts';
import { CopyRefused, copyChecked, declare, mirrorObject, putInventory, sizeOf } from './mirror-object.ts';
import { readMatching } from './read-object.ts';

/** Where a repair takes from and leaves things. */
export interface RepairPlaces {
  /** The same object in the other storage root. */
  copy: string;
  /** Temporary files, on the file system of the object. */
  work: string;
  /** What was damaged is kept here, not deleted. */
  quarantine: string;
}

/** Names of the version folders of an object, newest first. */
async function versionFolders(object: string): Promise<string[]> {
  try {
    const names = (await readdir(object)).filter((name) => /^v[1-9]\d*$/.test(name));
    return names.sort((a, b) => versionNumber(b) - versionNumber(a));
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}

/**
 * Mends what a validation found, from the other copy: content with the digest the inventory names, inventories that match their digest files.
 * The object's own newest inventory counts before the copy's, which may be older. What cannot be mended is left as it is.
 * @param findings of `validateObject`
 * @returns paths that were mended, relative to the object; a validation afterwards says whether it is whole
 */
export async function repairObject(
  object: string,
  findings: readonly Finding[],
  places: RepairPlaces,
): Promise<string[]> {
  if ((await versionFolders(object)).length === 0) {
    await mirrorObject(places.copy, object, places.work);
    return ['.'];
  }
  const mended: string[] = [];
  const damaged = new Set(findings.map(({ path }) => path));
  if (findings.some(({ code }) => code === 'E003' || code === 'E007')) {
    await declare(object);
    mended.push('0=ocfl_object_1.1');
  }
  mended.push(...(await repairInventories(object, places)));
  const inventory = await readMatching(object);
  if (!inventory) return mended;
  for (const path of damaged) if (await repairContent(object, path, inventory, places)) mended.push(path);
  return mended;
}

/** Puts inventories that do not match their digest files in order: that of the head equals the root's. */
async function repairInventories(object: string, { copy }: RepairPlaces): Promise<string[]> {
  const mended: string[] = [];
  const folders = await versionFolders(object);
  for (const folder of folders) {
    if (await readMatching(join(object, folder))) continue;
    const root = await readMatching(object);
    if (root?.head === folder) await putInventory(object, join(object, folder));
    else if (await readMatching(join(copy, folder))) await putInventory(join(copy, folder), join(object, folder));
    else continue;
    mended.push(`${folder}/inventory.json`);
  }
  const newest = folders[0]!;
  if (!(await readMatching(object)) && (await readMatching(join(object, newest)))) {
    await putInventory(join(object, newest), object);
    mended.push('inventory.json');
  }
  return mended;
}

async function repairContent(
  object: string,
  path: string,
  inventory: OcflInventory,
  { copy, work, quarantine }: RepairPlaces,
): Promise<boolean> {
  const digest = Object.entries(inventory.manifest).find(([, paths]) => paths.includes(path))?.[0];
  if (digest === undefined || (await sizeOf(join(copy, path))) === undefined) return false;
  const expected = { algorithm: inventory.digestAlgorithm, digest };
  try {
    await keepDamaged(object, path, quarantine);
    await copyChecked(join(copy, path), join(object, path), work, expected);
    return true;
  } catch (error) {
    // The other copy is damaged in the same place: nothing is gained by it.
    if (error instanceof CopyRefused) return false;
    throw error;
  }
}

/** Keeps the damaged bytes under a second name: the mended file takes the first one in one go, and readers always find one. */
async function keepDamaged(object: string, path: string, quarantine: string): Promise<void> {
  if ((await sizeOf(join(object, path))) === undefined) return;
  const kept = join(quarantine, `${new Date().toISOString().replaceAll(':', '-')}-${basename(object)}`, path);
  await mkdir(dirname(kept), { recursive: true });
  await link(join(object, path), kept);
}
