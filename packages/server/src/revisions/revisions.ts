import {
  changeKinds,
  type Dataset,
  earlierResults,
  type StudyCurator,
  type StudyMetadata,
  type StudyVersion,
  type VersionNote,
  versionNoteOf,
} from '@micrarium/model';
import { type SearchDocument, searchDocument } from '@micrarium/repository';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { enterRelations } from '../additions/study-relations.ts';
import { noteEvent } from '../audit/audit-log.ts';
import { enterMemberships } from '../collections/memberships.ts';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';
import { askToKeep } from '../kept/ask-to-keep.ts';
import { enterSearchDocument } from '../search/postgres-search-index.ts';

/** What the document in a row says of the change. Read there, for it has parts that have no column. */
export const noteInDocument = sql<VersionNote>`jsonb_strip_nulls(jsonb_build_object('note', document -> 'note',
  'changeKinds', document -> 'changeKinds', 'earlierResults', document -> 'earlierResults'))`;

/** A version as the catalogue holds it. */
type VersionDocument = Omit<StudyVersion, 'files' | 'references'>;

/** A revision as the archive keeps it: what a revision may change, and when and by whom it did. */
const kept = z.object({
  version: z.number().int().min(1),
  minor: z.number().int().min(1),
  revisedAt: z.iso.datetime(),
  publishedBy: z.string(),
  tier: z.enum(['archive', 'database']),
  metadata: z.custom<StudyMetadata>((value) => typeof value === 'object' && value !== null && 'values' in value),
  datasets: z.array(z.custom<Dataset>((value) => typeof value === 'object' && value !== null && 'id' in value)),
  note: z.string().optional(),
  changeKinds: z.array(z.enum(changeKinds)).optional(),
  earlierResults: z.enum(earlierResults).optional(),
  curators: z.array(z.object({ name: z.string(), orcid: z.string().optional() })).optional(),
});
const keptNote = z.object({ schema: z.literal(1), revisions: z.array(kept) });

/**
 * Makes a revision what its version says from now on, and keeps what it said before. In the transaction that closes the draft.
 * @returns whether it was entered; `false` where it is there already
 */
export async function enterRevision(
  tx: Kysely<Tables>,
  version: StudyVersion,
  search: SearchDocument,
  isRebuilt = false,
): Promise<boolean> {
  const { files: _files, references: _references, ...document } = version;
  const { accession, version: number, minor = 0 } = version;
  const row = await tx
    .selectFrom('study_version')
    .select('document')
    .where('accession', '=', accession)
    .where('version', '=', number)
    .forUpdate()
    .executeTakeFirst();
  if (!row || minor === 0 || (row.document.minor ?? 0) >= minor) return false;
  const { minor: was = 0 } = row.document;
  const first = { ...row.document, minor: was };
  await keepDocument(tx, first, first.revisedAt ?? first.publishedAt);
  const at = document.revisedAt ?? document.publishedAt;
  await keepDocument(tx, document, at);
  await tx
    .updateTable('study_version')
    .set({ document: JSON.stringify(document) })
    .where('accession', '=', accession)
    .where('version', '=', number)
    .execute();
  await enterSearchDocument(tx, search);
  await enterMemberships(tx, [accession]);
  await enterRelations(tx, version, isRebuilt);
  // Harvesters see it again, the words of its images are read again, and what has a DOI is told again.
  await sql`update search_document set changed_at = greatest(changed_at, date_trunc('milliseconds', ${at}::timestamptz))
    where accession = ${accession}`.execute(tx);
  await sql`delete from image_document_state where accession = ${accession}`.execute(tx);
  await sql`update doi set told_version = null where accession = ${accession}`.execute(tx);
  await sql`update doi_part set told_version = null where accession = ${accession}
    and (version = ${number} or dataset <> '')`.execute(tx);
  if (!isRebuilt) await askToKeep(tx, 'revisions', accession);
  await noteEvent(tx, 'version.revise', accession, { version: number, minor });
  return true;
}

async function keepDocument(tx: Kysely<Tables>, document: VersionDocument, at: string): Promise<void> {
  const { accession, version, minor = 0, note } = document;
  await tx
    .insertInto('study_revision')
    .values({ accession, version, minor, document: JSON.stringify(document), at, note: note ?? null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** A revision of a version: 0 is the version as it was first published. `undefined` where there is none. */
export async function findRevision(
  db: Database,
  at: { accession: string; version: number; minor: number },
): Promise<VersionDocument | undefined> {
  const row = await db
    .selectFrom('study_revision')
    .select('document')
    .where('accession', '=', at.accession)
    .where('version', '=', at.version)
    .where('minor', '=', at.minor)
    .executeTakeFirst();
  return row?.document;
}

/** The revisions of a study by version, each newest first, with the version as it was first published at the end. */
export async function revisionsByVersion(
  db: Database,
  accession: string,
): Promise<Map<number, ({ minor: number; publishedAt: string } & VersionNote)[]>> {
  const rows = await db
    .selectFrom('study_revision')
    .select(['version', 'minor', 'at', noteInDocument.as('said')])
    .where('accession', '=', accession)
    .orderBy('version')
    .orderBy('minor', 'desc')
    .execute();
  const found = new Map<number, ({ minor: number; publishedAt: string } & VersionNote)[]>();
  for (const { version, minor, at, said } of rows) {
    const list = found.get(version) ?? [];
    found.set(version, list);
    list.push({ minor, publishedAt: at.toISOString(), ...versionNoteOf(said) });
  }
  return found;
}

/** The revisions of a study as the archive keeps them, beside its versions, which never change. */
export async function revisionsNote(
  db: Kysely<Tables>,
  accession: string,
): Promise<{ note: object; at: string } | undefined> {
  const rows = await db
    .selectFrom('study_revision')
    .select(['document', 'at'])
    .where('accession', '=', accession)
    .where('minor', '>', 0)
    .orderBy('version')
    .orderBy('minor')
    .execute();
  if (rows.length === 0) return undefined;
  const revisions = rows.map(({ document, at }) => {
    const { version, minor, publishedBy, tier, metadata, datasets, curators } = document;
    const told = { version, minor, revisedAt: document.revisedAt ?? at.toISOString(), publishedBy, tier, metadata };
    return { ...told, datasets, ...versionNoteOf(document), ...(curators ? { curators } : {}) };
  });
  return { note: { schema: 1, accession, revisions }, at: rows.at(-1)!.at.toISOString() };
}

/** Enters the revisions of a study that the archive keeps, after its versions were made anew. */
export async function enterRevisions(db: Database, accession: string, value: unknown): Promise<void> {
  const revisions = keptNote.safeParse(value).data?.revisions ?? [];
  for (const revision of revisions) {
    const row = await db
      .selectFrom('study_version')
      .select('document')
      .where('accession', '=', accession)
      .where('version', '=', revision.version)
      .executeTakeFirst();
    if (!row) continue;
    const files = await db
      .selectFrom('version_file')
      .select(['path', 'size', 'sha256', 'media_type as mediaType'])
      .where('accession', '=', accession)
      .where('version', '=', revision.version)
      .orderBy('path')
      .execute();
    const { note: _note, changeKinds: _kinds, earlierResults: _results, curators: _curators, ...base } = row.document;
    const { note, changeKinds: kinds, earlierResults: results, curators, ...told } = revision;
    const version: StudyVersion = {
      ...base,
      ...told,
      ...versionNoteOf({ note, changeKinds: kinds, earlierResults: results }),
      ...(curators ? { curators: curators as StudyCurator[] } : {}),
      files,
    };
    await db.transaction().execute((tx) => enterRevision(tx, version, searchDocument(version), true));
  }
}
