import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import type { StudyArchive } from '../storage/index.ts';

const part = z.object({
  /** 0 for a data set. */
  version: z.number().int().min(0),
  /** `''` for a version. */
  dataset: z.string(),
  doi: z.string(),
  at: z.iso.datetime(),
});
// Notes of earlier releases know the DOI of the study alone.
const kept = z.object({
  accession: z.string(),
  doi: z.string(),
  at: z.iso.datetime(),
  parts: z.array(part).default([]),
});

/** The DOIs of a study, its versions and its data sets, as the archive keeps them. */
export type KeptDois = z.output<typeof kept>;

/** Keeps the DOIs of a study in the archive, beside its versions. */
export async function keepDois(archive: StudyArchive, { accession, doi, at, parts }: KeptDois): Promise<void> {
  const latest = parts.reduce((newest, one) => (one.at > newest ? one.at : newest), at);
  const note = { schema: 1, accession, doi, at, ...(parts.length > 0 ? { parts } : {}) };
  await archive.writeNote('doi', accession, note, { message: `DOI ${doi}`, at: latest });
}

/**
 * Enters the DOIs that the archive keeps, after the catalogue was made anew. They lead to their studies; the registrar is told once more, which
 * does no harm.
 * @returns how many studies have one
 */
export async function rebuildDois(db: Database, archive: StudyArchive): Promise<number> {
  let count = 0;
  const state = 'findable' as const;
  for await (const { value } of archive.notes('doi')) {
    const { accession, doi, at, parts } = kept.parse(value);
    await db
      .insertInto('doi')
      .values({ accession, doi, state, archived: true, created_at: new Date(at) })
      .onConflict((conflict) => conflict.column('accession').doUpdateSet({ doi, state, archived: true }))
      .execute();
    for (const one of parts)
      await db
        .insertInto('doi_part')
        .values({
          accession,
          version: one.version,
          dataset: one.dataset,
          doi: one.doi,
          state,
          archived: true,
          created_at: new Date(one.at),
        })
        .onConflict((conflict) =>
          conflict.columns(['accession', 'version', 'dataset']).doUpdateSet({ doi: one.doi, state, archived: true }),
        )
        .execute();
    count++;
  }
  return count;
}

/** Writes into the archive what it does not hold yet of DOIs that lead to a published study. */
export async function archiveDois(db: Database, archive: StudyArchive): Promise<void> {
  const studies = await db
    .selectFrom('doi')
    .select(['accession', 'doi', 'created_at'])
    .where('state', '=', 'findable')
    .where(({ eb, exists, selectFrom }) =>
      eb.or([
        eb('archived', '=', false),
        exists(
          selectFrom('doi_part')
            .select('doi_part.doi')
            .whereRef('doi_part.accession', '=', 'doi.accession')
            .where('doi_part.state', '=', 'findable')
            .where('doi_part.archived', '=', false),
        ),
      ]),
    )
    .execute();
  for (const { accession, doi, created_at } of studies) {
    const parts = await db
      .selectFrom('doi_part')
      .select(['version', 'dataset', 'doi', 'created_at'])
      .where('accession', '=', accession)
      .where('state', '=', 'findable')
      .orderBy('version')
      .orderBy('dataset')
      .execute();
    const told = parts.map(({ created_at: at, ...one }) => ({ ...one, at: at.toISOString() }));
    await keepDois(archive, { accession, doi, at: created_at.toISOString(), parts: told });
    await db.updateTable('doi').set({ archived: true }).where('accession', '=', accession).execute();
    const written = parts.map((one) => one.doi);
    if (written.length > 0)
      await db.updateTable('doi_part').set({ archived: true }).where('doi', 'in', written).execute();
  }
}
