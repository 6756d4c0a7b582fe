import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { objectFolder, objectFolders } from '../storage/ocfl/layout.ts';
import { readInventory } from '../storage/ocfl/read-object.ts';
import type { ArchiveInBucket } from '../storage/s3/archive-in-bucket.ts';
import type { Bucket } from '../storage/s3/bucket.ts';
import type { BlobsInBucket } from '../storage/s3/blobs-in-bucket.ts';

/** Something that is checked as a whole. */
export interface FixityUnit {
  /** Folder below the storage root, or `sha256:<hex>`. */
  unit: string;
  kind: 'study' | 'blob';
  accession?: string;
}

/** Where bytes are read that do not lie below the data folder. */
export interface BytesElsewhere {
  bucket: Bucket;
  archive: ArchiveInBucket;
  blobs: BlobsInBucket;
}

/** Object ids of ours begin so. */
const idPrefix = 'urn:micrarium:';

/**
 * Everything whose bytes somebody relies on: objects on disk, objects the catalogue knows (they may be gone from the disk), staged blobs on
 * disk, and verified files of open drafts.
 */
export async function fixityUnits(db: Database, dataFolder: string, elsewhere?: BytesElsewhere): Promise<FixityUnit[]> {
  const units = new Map<string, FixityUnit>();
  for await (const unit of elsewhere?.archive.objects() ?? objectFolders(join(dataFolder, 'archive'))) {
    const accession = elsewhere
      ? await elsewhere.archive.accessionIn(unit)
      : await accessionOf(join(dataFolder, 'archive', unit));
    units.set(unit, { unit, kind: 'study', ...(accession === undefined ? {} : { accession }) });
  }
  const known = await db.selectFrom('study_version').select('accession').distinct().execute();
  for (const { accession } of known) {
    const unit = objectFolder(idPrefix + accession);
    units.set(unit, { unit, kind: 'study', accession });
  }
  for (const sha256 of await (elsewhere ? elsewhere.blobs.staged() : stagedBlobs(dataFolder)))
    units.set(`sha256:${sha256}`, { unit: `sha256:${sha256}`, kind: 'blob' });
  const drafts = await sql<{ sha256: string; accession: string }>`
    select distinct on (sha256) sha256, draft.accession from draft_file join draft on draft.id = draft_file.draft_id
    where draft_file.state = 'verified' and draft.state in ('editing', 'publishing')
      and not exists (select 1 from version_file where version_file.sha256 = draft_file.sha256)`.execute(db);
  for (const { sha256, accession } of drafts.rows)
    units.set(`sha256:${sha256}`, { unit: `sha256:${sha256}`, kind: 'blob', accession });
  return [...units.values()];
}

async function accessionOf(object: string): Promise<string | undefined> {
  const inventory = await readInventory(object).catch(() => undefined);
  return inventory?.id.startsWith(idPrefix) ? inventory.id.slice(idPrefix.length) : undefined;
}

/** Does an open draft still rely on a staged blob? It may have been published or discarded since the units were listed. */
export async function isStillStaged(db: Database, { unit }: FixityUnit): Promise<boolean> {
  const sha256 = unit.slice('sha256:'.length);
  const { rows } = await sql<{ wanted: boolean }>`select exists (
    select 1 from draft_file join draft on draft.id = draft_file.draft_id
    where draft_file.sha256 = ${sha256} and draft_file.state = 'verified' and draft.state in ('editing', 'publishing')
      and not exists (select 1 from version_file where version_file.sha256 = ${sha256})) as wanted`.execute(db);
  return rows[0]!.wanted;
}

/** Digests of the blobs in the staging area. */
export async function stagedBlobs(dataFolder: string): Promise<string[]> {
  const found: string[] = [];
  const folder = join(dataFolder, 'blobs/sha256');
  const inside = async (path: string) => await readdir(path).catch(() => []);
  for (const first of await inside(folder))
    for (const second of await inside(join(folder, first)))
      for (const name of await inside(join(folder, first, second))) if (/^[0-9a-f]{64}$/.test(name)) found.push(name);
  return found;
}

/** Where a staged blob lies below a data folder, or below a second copy of one. */
export const stagedPlace = (folder: string, sha256: string): string =>
  join(folder, 'blobs/sha256', sha256.slice(0, 2), sha256.slice(2, 4), sha256);

/** Units that were last checked before a moment, or never: those never checked first, then the oldest. */
export async function unitsDue(db: Database, units: readonly FixityUnit[], before: Date): Promise<FixityUnit[]> {
  const rows = await db.selectFrom('fixity_unit').select(['unit', 'checked_at']).execute();
  const at = new Map(rows.map((row) => [row.unit, row.checked_at.getTime()]));
  return units
    .filter(({ unit }) => (at.get(unit) ?? 0) < before.getTime())
    .sort((a, b) => (at.get(a.unit) ?? 0) - (at.get(b.unit) ?? 0));
}
