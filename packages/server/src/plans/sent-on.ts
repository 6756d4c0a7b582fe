import { foreignAddress, type SendOnArchive } from '@micrarium/standards';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';

/** Where a study was sent on to, by archive. */
export async function sentOnOf(
  db: Database,
  accession: string,
): Promise<{ archive: SendOnArchive; accession: string; url: string; recordedAt: string }[]> {
  const rows = await db
    .selectFrom('sent_on')
    .selectAll()
    .where('accession', '=', accession)
    .orderBy('archive')
    .execute();
  return rows.map(({ archive, their_accession: theirs, recorded_at: at }) => ({
    archive: archive as SendOnArchive,
    accession: theirs,
    url: foreignAddress(archive as SendOnArchive, theirs),
    recordedAt: at.toISOString(),
  }));
}

/** Records, or without an accession takes away, what an archive calls a study. */
export async function recordSentOn(
  db: Database,
  told: { accession: string; archive: SendOnArchive; theirs: string | undefined; by: string },
): Promise<void> {
  const { accession, archive, theirs, by } = told;
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('sent_on').where('accession', '=', accession).where('archive', '=', archive).execute();
    if (theirs !== undefined)
      await tx.insertInto('sent_on').values({ accession, archive, their_accession: theirs, recorded_by: by }).execute();
    await noteEvent(tx, 'study.sent-on', accession, { archive, accession: theirs ?? '' });
  });
}
