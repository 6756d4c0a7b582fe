import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import type { StudyArchive } from '../storage/index.ts';

const kept = z.object({ accession: z.string(), doi: z.string(), at: z.iso.datetime() });

/** The DOI of a study, as the archive keeps it. */
export type KeptDoi = z.output<typeof kept>;

/** Keeps a DOI in the archive, beside the versions of its study. */
export async function keepDoi(archive: StudyArchive, { accession, doi, at }: KeptDoi): Promise<void> {
  await archive.writeNote('doi', accession, { schema: 1, accession, doi, at }, { message: `DOI ${doi}`, at });
}

/**
 * Enters the DOIs that the archive keeps, after the catalogue was made anew. They lead to their studies; the registrar is told once more, which
 * does no harm.
 * @returns how many there are
 */
export async function rebuildDois(db: Database, archive: StudyArchive): Promise<number> {
  let count = 0;
  for await (const { value } of archive.notes('doi')) {
    const { accession, doi, at } = kept.parse(value);
    const row = { accession, doi, state: 'findable' as const, archived: true, created_at: new Date(at) };
    await db
      .insertInto('doi')
      .values(row)
      .onConflict((conflict) => conflict.column('accession').doUpdateSet({ doi, state: 'findable', archived: true }))
      .execute();
    count++;
  }
  return count;
}
