import { sideBySide } from '@micrarium/repository';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isNotThere, makeFolder, syncFile, syncFolder, writeSynced } from '../durable-files.ts';
import { type InventoryDigest, inventoryPieces, type NextInventory } from './inventory.ts';

/** Steps of laying down a version, in order. A test stops a process at each; see `archive-kill.test.ts`. */
export const writeSteps = [
  'intent',
  'content',
  'version built',
  'object in place',
  'version in place',
  'inventory swapped',
  'sidecar swapped',
  'blobs noted',
  'intent gone',
] as const;

/** A step of laying down a version. */
export type WriteStep = (typeof writeSteps)[number];

/** Where the bytes of one content file come from. */
export type ContentSource =
  | { kind: 'staged'; path: string }
  /** Bytes that another object holds: they are copied, because each object must stand alone and hard links in the root are forbidden. */
  | { kind: 'archived'; path: string }
  | { kind: 'bytes'; bytes: Uint8Array | AsyncIterable<Uint8Array> };

/** One version to lay down. */
export interface VersionWork {
  /** Folder of the object, absolute. */
  object: string;
  /** Folder of this transaction beside the root, on the same file system. */
  work: string;
  next: NextInventory;
  sourceOf(sha256: string): Promise<ContentSource>;
  onStep(step: WriteStep): void | Promise<void>;
}

/**
 * Builds the version in the work folder, every file and folder synced, and renames it into place: the whole object for version 1,
 * else the version folder and then the root's inventory. The caller has written the intent before and clears it after.
 * @returns digest of the inventory
 */
export async function layDownVersion(job: VersionWork): Promise<string> {
  const { inventory, content } = job.next;
  const isFirst = inventory.head === 'v1';
  const base = isFirst ? join(job.work, 'object') : job.work;
  const version = join(base, inventory.head);
  await rm(job.work, { recursive: true, force: true });
  await makeFolder(version);
  await sideBySide(content, async ({ contentPath, sha256 }) =>
    layDownContent(join(base, contentPath), await job.sourceOf(sha256)),
  );
  await job.onStep('content');
  const inventoryFolders = isFirst ? [version, base] : [version, join(job.work, 'root')];
  let told: InventoryDigest | undefined;
  for (const folder of inventoryFolders) {
    await makeFolder(folder);
    await writeSynced(
      join(folder, 'inventory.json'),
      inventoryPieces(inventory, (one) => void (told = one)),
    );
    await writeSynced(join(folder, 'inventory.json.sha512'), told!.sidecar);
  }
  if (isFirst) await writeSynced(join(base, '0=ocfl_object_1.1'), 'ocfl_object_1.1\n');
  await syncFolders(job.work);
  await job.onStep('version built');
  if (isFirst) {
    await makeFolder(dirname(job.object));
    await rename(base, job.object);
    await syncFolder(dirname(job.object));
    await job.onStep('object in place');
  } else {
    await rename(version, join(job.object, inventory.head));
    await syncFolder(job.object);
    await job.onStep('version in place');
    await swapRootInventory(join(job.work, 'root'), job.object, job.onStep);
  }
  return told!.digest;
}

/** Puts inventory and sidecar of the newest version in place in the object's root. */
export async function swapRootInventory(
  from: string,
  object: string,
  onStep: (step: WriteStep) => void | Promise<void> = () => {},
): Promise<void> {
  await rename(join(from, 'inventory.json'), join(object, 'inventory.json'));
  await onStep('inventory swapped');
  await rename(join(from, 'inventory.json.sha512'), join(object, 'inventory.json.sha512'));
  await syncFolder(object);
  await onStep('sidecar swapped');
}

async function layDownContent(target: string, source: ContentSource): Promise<void> {
  // Every folder of the work area is synced once, when all its files are there.
  await mkdir(dirname(target), { recursive: true });
  if (source.kind === 'bytes') return await writeSynced(target, source.bytes);
  // A staged blob is linked, and its staged name removed once the version is in place: no copy, and reachable at every instant.
  // A second name in the archive (two studies published from one staged blob) would be a hard link in the root, hence the count.
  if (source.kind === 'staged' && (await stat(source.path)).nlink === 1) return await link(source.path, target);
  await copyFile(source.path, target, constants.COPYFILE_FICLONE);
  await syncFile(target);
}

async function syncFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await syncFolders(join(folder, entry.name));
  await syncFolder(folder);
}

/** Does a folder stand there? */
export async function folderExists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isNotThere(error)) return false;
    throw error;
  }
}
