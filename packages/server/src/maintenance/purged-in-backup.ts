import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Database } from '../database/connect.ts';
import { stagedPlace } from '../fixity/fixity-units.ts';
import { purgeMessage, type PurgeCertificate } from '../states/purge.ts';
import { isNotThere } from '../storage/durable-files.ts';
import { destroyFile, destroyFolder } from '../storage/ocfl/destroy-files.ts';
import { objectFolder } from '../storage/ocfl/layout.ts';
import { readInventory } from '../storage/ocfl/read-object.ts';
import { idPrefix } from '../storage/ocfl/study-archive.ts';

/**
 * What was purged is destroyed in a backup too, before what took its place is copied there: content never changes, so bytes that are there would
 * stay beside it. Dumps of before go with the next seven backups.
 * @param wanted digests of files that drafts still hold
 */
export async function destroyPurged(db: Database, folder: string, wanted: ReadonlySet<string>): Promise<void> {
  for (const { accession, certificate } of await db.selectFrom('study_purge').selectAll().execute()) {
    for (const name of [accession, `${accession}.revisions`]) {
      const object = join(folder, 'archive', objectFolder(idPrefix + name));
      if (!(await isWhatIsLeft(object))) await destroyFolder(object);
    }
    const { files } = certificate as unknown as Pick<PurgeCertificate, 'files'>;
    for (const { sha256 } of files) if (!wanted.has(sha256)) await destroyFile(stagedPlace(folder, sha256));
  }
}

/** Is the object not there, or what a purge put in its place, with nothing beside it? */
async function isWhatIsLeft(object: string): Promise<boolean> {
  const entries = await readdir(object, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (isNotThere(error)) return [];
    throw error;
  });
  if (entries.length === 0) return true;
  const inventory = await readInventory(object).catch(() => undefined);
  if (inventory?.versions['v1']?.message !== purgeMessage) return false;
  const named = new Set(Object.values(inventory.manifest).flat());
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(object, join(entry.parentPath, entry.name)))
    .every((path) => !path.includes('/content/') || named.has(path));
}
