import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import type { StudyArchive } from '../storage/index.ts';

const kept = z.object({ schema: z.literal(1), changedAt: z.iso.datetime() });

/**
 * Writes to the archive when studies changed for harvesters: that is when a version could be found, which is after it was laid down there and
 * so stands in no version. A catalogue made anew tells them the same dates.
 * @returns how many were written
 */
export async function keepChanges({ db, archive }: { db: Database; archive: StudyArchive }): Promise<number> {
  const { rows } = await sql<{ accession: string; at: Date }>`select accession, changed_at as at from search_document
    where changed_kept is distinct from changed_at order by accession limit 1000`.execute(db);
  for (const { accession, at } of rows) {
    const changedAt = at.toISOString();
    await archive.writeNote(
      'changed',
      accession,
      { schema: 1, accession, changedAt },
      { message: 'Found', at: changedAt },
    );
    // What changed meanwhile is written the next time.
    await sql`update search_document set changed_kept = ${changedAt}::timestamptz where accession = ${accession}`.execute(
      db,
    );
  }
  return rows.length;
}

/** Gives studies the dates that the archive keeps, after everything else of a catalogue was made anew. */
export async function rebuildChanges({ db, archive }: { db: Database; archive: StudyArchive }): Promise<void> {
  for await (const { accession, value } of archive.notes('changed')) {
    const changedAt = kept.safeParse(value).data?.changedAt;
    if (changedAt === undefined) continue;
    // What was lost with the database before it was kept is told once more, rather than never.
    await sql`update search_document set changed_at = kept.at, changed_kept = ${changedAt}::timestamptz
      from (select greatest(${changedAt}::timestamptz,
        (select at from study_state where accession = ${accession} and state = 'published')) as at) as kept
      where accession = ${accession} and published_at <= ${changedAt}::timestamptz`.execute(db);
  }
}
