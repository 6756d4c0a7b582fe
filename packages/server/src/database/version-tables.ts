import { type StudyFile, type StudyItem, type StudyVersion, versionNoteOf } from '@micrarium/model';
import { everyDraftItem, isPlainItem, keptItems, type ListedVersion, type StudyStore } from '@micrarium/repository';
import { type Kysely, type Selectable, sql } from 'kysely';
import { findRevision, noteInDocument, revisionsByVersion } from '../revisions/revisions.ts';
import type { Database } from './connect.ts';
import { itemsPage } from './draft-item-tables.ts';
import { enterReferences } from './reference-tables.ts';
import type { Tables } from './tables.ts';

/** Rows that one statement enters. */
const rowsAtOnce = 1000;

/**
 * Enters a version with its files, references and items.
 * @param plain items of the draft that the document leaves out; left out, it has all
 * @returns whether it was entered; `false` where it is there already
 */
export async function enterVersion(
  tx: Kysely<Tables>,
  entered: StudyVersion,
  draftId?: string,
  plain = 0,
): Promise<boolean> {
  const { files, references = [], items: all, ...told } = entered;
  const { accession, version } = entered;
  const isOfDraft = draftId !== undefined && plain > 0;
  const { items, plainItems } = isOfDraft ? { items: all, plainItems: plain } : keptItems(all);
  const row = await tx
    .insertInto('study_version')
    .values({
      accession,
      version,
      document: JSON.stringify({ ...told, items }),
      published_at: entered.publishedAt,
      note: entered.note ?? null,
      file_count: files.length,
      byte_count: files.reduce((sum, file) => sum + file.size, 0),
      reference_count: references.length,
      referenced_bytes: references.reduce((sum, { size }) => sum + size, 0),
      plain_items: plainItems,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('version')
    .executeTakeFirst();
  if (!row) return false;
  await enterFiles(tx, entered);
  const studies = { itemsPage: (...[id, page]: Parameters<StudyStore['itemsPage']>) => itemsPage(tx, id, page) };
  if (plainItems > 0) await enterItems(tx, entered, isOfDraft ? everyDraftItem(studies, draftId) : all);
  await enterReferences(tx, entered);
  return true;
}

// Each list goes as one parameter a column: a statement with a parameter a value costs the server more than its rows do.
async function enterFiles(tx: Kysely<Tables>, { accession, version, files }: StudyVersion): Promise<void> {
  for (let start = 0; start < files.length; start += rowsAtOnce) {
    const some = files.slice(start, start + rowsAtOnce);
    await sql`insert into version_file (accession, version, path, size, sha256, media_type, others)
      select ${accession}::text, ${version}::integer, path, size, sha256, media_type, others::jsonb
      from unnest(${some.map(({ path }) => path)}::text[], ${some.map(({ size }) => size)}::bigint[],
        ${some.map(({ sha256 }) => sha256)}::text[], ${some.map(({ mediaType }) => mediaType)}::text[],
        ${some.map(othersText)}::text[]) as t (path, size, sha256, media_type, others)`.execute(tx);
  }
}

const othersText = ({ md5, crc32c }: StudyFile): string | null =>
  md5 === undefined && crc32c === undefined ? null : JSON.stringify({ md5, crc32c });

const toFile = (row: Selectable<Tables['version_file']>): StudyFile => ({
  path: row.path,
  size: row.size,
  sha256: row.sha256,
  mediaType: row.media_type,
  ...row.others,
});

async function enterItems(
  tx: Kysely<Tables>,
  { accession, version }: StudyVersion,
  items: Iterable<StudyItem> | AsyncIterable<StudyItem>,
): Promise<void> {
  let start = 0;
  let some: StudyItem[] = [];
  const enter = async () => {
    await sql`insert into version_item (accession, version, position, item_id, is_plain, item)
      select ${accession}::text, ${version}::integer, ${start}::integer + place - 1, id, is_plain, item::jsonb
      from unnest(${some.map(({ id }) => id)}::text[], ${some.map(isPlainItem)}::boolean[],
        ${some.map((item) => JSON.stringify(item))}::text[]) with ordinality as t (id, is_plain, item, place)`.execute(
      tx,
    );
    start += some.length;
    some = [];
  };
  for await (const item of items) if (some.push(item) === rowsAtOnce) await enter();
  if (some.length > 0) await enter();
}

export async function getVersion(
  db: Database,
  accession: string,
  version: number | 'newest',
  minor?: number,
): ReturnType<StudyStore['getVersion']> {
  const row = await db
    .selectFrom('study_version')
    .selectAll()
    .where('accession', '=', accession)
    .$if(version !== 'newest', (query) => query.where('version', '=', version as number))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  const referenced = { count: row.reference_count, bytes: row.referenced_bytes };
  const isThis = minor === undefined || minor === (row.document.minor ?? 0);
  const document = isThis ? row.document : await findRevision(db, { accession, version: row.version, minor });
  if (!document) return undefined;
  return {
    ...document,
    ...(row.plain_items > 0 ? { plainItems: row.plain_items } : {}),
    fileCount: row.file_count,
    byteCount: row.byte_count,
    ...(referenced.count > 0 ? { referenced } : {}),
  };
}

export async function listVersions(db: Database, accession: string): Promise<ListedVersion[]> {
  const rows = await db
    .selectFrom('study_version')
    .select(['version', 'published_at', noteInDocument.as('said')])
    .where('accession', '=', accession)
    .orderBy('version', 'desc')
    .execute();
  const revisions = await revisionsByVersion(db, accession);
  return rows.map((row) => ({
    version: row.version,
    publishedAt: row.published_at.toISOString(),
    // The document is that of the newest revision; the version itself says what it said first.
    ...versionNoteOf(revisions.get(row.version)?.at(-1) ?? row.said),
    ...(revisions.has(row.version) ? { revisions: revisions.get(row.version)! } : {}),
  }));
}

export async function listVersionFiles(
  db: Database,
  accession: string,
  version: number,
  page: { after?: string; limit: number },
): Promise<StudyFile[]> {
  const rows = await db
    .selectFrom('version_file')
    .selectAll()
    .where('accession', '=', accession)
    .where('version', '=', version)
    .$if(page.after !== undefined, (query) => query.where('path', '>', page.after!))
    .orderBy('path')
    .limit(page.limit)
    .execute();
  return rows.map(toFile);
}

export async function getVersionFile(
  db: Database,
  accession: string,
  version: number,
  path: string,
): Promise<StudyFile | undefined> {
  const row = await db
    .selectFrom('version_file')
    .selectAll()
    .where('accession', '=', accession)
    .where('version', '=', version)
    .where('path', '=', path)
    .executeTakeFirst();
  return row && toFile(row);
}

/** Items of a version of which the document holds all, picked in the database: never the whole document. */
const itemsInDocument = (accession: string, version: number) =>
  sql`study_version, jsonb_array_elements(document -> 'items') with ordinality as one (item, place)
    where accession = ${accession} and version = ${version} and plain_items = 0`;

export async function listVersionItems(
  db: Database,
  accession: string,
  version: number,
  { from, limit }: { from: number; limit: number },
): Promise<StudyItem[]> {
  const { rows } = await sql<{ item: StudyItem }>`(select item, position from version_item
      where accession = ${accession} and version = ${version} and position >= ${from}::integer
      order by position limit ${limit})
    union all
    (select item, place from ${itemsInDocument(accession, version)} and place > ${from}::integer order by place limit ${limit})
    order by position`.execute(db);
  return rows.map(({ item }) => item);
}

export async function getVersionItem(
  db: Database,
  accession: string,
  version: number,
  itemId: string,
): Promise<StudyItem | undefined> {
  const { rows } = await sql<{ item: StudyItem }>`select item from version_item
      where accession = ${accession} and version = ${version} and item_id = ${itemId}
    union all
    select item from ${itemsInDocument(accession, version)} and item ->> 'id' = ${itemId}
    limit 1`.execute(db);
  return rows[0]?.item;
}

/** In the database alone: the items of a hundred thousand files need not come here and go back. */
export async function copyItems(db: Database, draftId: string, accession: string, version: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.selectFrom('draft').select('id').where('id', '=', draftId).forUpdate().execute();
    await tx.deleteFrom('draft_item').where('draft_id', '=', draftId).execute();
    await sql`insert into draft_item (draft_id, item_id, position, item, state, progress)
      select ${draftId}::text, item ->> 'id', position, item,
        case when jsonb_array_length(item -> 'conversions') > 0 then 'done' else 'kept' end, 1
      from (select item, position from version_item where accession = ${accession} and version = ${version}
        union all select item, place - 1 from ${itemsInDocument(accession, version)}) as item`.execute(tx);
  });
}
