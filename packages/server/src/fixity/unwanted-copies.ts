import { stat } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { trashDays } from '../states/draft-trash.ts';
import { isNotThere, removeIfThere } from '../storage/durable-files.ts';
import { stagedBlobs, stagedPlace } from './fixity-units.ts';

/** Digests that are asked for at once. */
const batch = 1000;

/**
 * Removes from a second copy or a backup the bytes of drafts that no draft needs any more, neither an open one nor one that can be taken back,
 * thirty days or more after they were copied there. What lies below `archive/` is never touched.
 * @param folder laid out as a data folder
 * @param keep digests that stay all the same
 * @param isPublishedKept do copies stay whose bytes were published? Else the folder is known to have them in its archive
 * @returns how many were removed
 */
export async function removeUnwantedCopies(
  db: Database,
  folder: string,
  { keep, isPublishedKept }: { keep: ReadonlySet<string>; isPublishedKept: boolean },
): Promise<number> {
  // Listed before anybody is asked: what is wanted only afterwards was not there yet, or is younger.
  const old: string[] = [];
  const before = Date.now() - trashDays * 86_400_000;
  for (const sha256 of await stagedBlobs(folder))
    if (!keep.has(sha256) && (await copiedAt(stagedPlace(folder, sha256))) < before) old.push(sha256);
  let removed = 0;
  for (let at = 0; at < old.length; at += batch) {
    const some = old.slice(at, at + batch);
    const { rows } = await sql<{ sha256: string }>`select sha256 from draft_file join draft on draft.id = draft_id
        where sha256 = any(${some}::text[]) and (draft.state in ('editing', 'publishing')
          or draft.state = 'discarded' and exists (select 1 from draft_trash where draft_id = draft.id))
      union select sha256 from version_file where ${isPublishedKept} and sha256 = any(${some}::text[])`.execute(db);
    const wanted = new Set(rows.map(({ sha256 }) => sha256));
    for (const sha256 of some) {
      if (wanted.has(sha256)) continue;
      await removeIfThere(stagedPlace(folder, sha256));
      removed++;
    }
  }
  return removed;
}

/** Milliseconds since 1970. */
async function copiedAt(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (isNotThere(error)) return Number.POSITIVE_INFINITY;
    throw error;
  }
}
