import { createHash } from 'node:crypto';
import type { FileReference, StudyVersion } from '@micrarium/model';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Database } from './connect.ts';
import { noteOfDraft } from './note-of-draft.ts';
import type { Tables } from './tables.ts';

/** Which bytes are expected at which address: what was found there holds for every study that names them. */
export function referenceKey({ url, size, sha256 }: Pick<FileReference, 'url' | 'size' | 'sha256'>): string {
  return createHash('sha256').update(`${url}\n${size}\n${sha256}`).digest('hex');
}

const columnsOf = (one: FileReference) => ({
  path: one.path,
  url: one.url,
  size: one.size,
  sha256: one.sha256,
  sha512: one.sha512 ?? null,
  md5: one.md5 ?? null,
  media_type: one.mediaType,
  key: referenceKey(one),
});

/** A row as the reference it holds. */
export function toReference(row: Omit<Selectable<Tables['draft_reference']>, 'draft_id' | 'key'>): FileReference {
  return {
    path: row.path,
    url: row.url,
    size: row.size,
    sha256: row.sha256,
    ...(row.sha512 === null ? {} : { sha512: row.sha512 }),
    ...(row.md5 === null ? {} : { md5: row.md5 }),
    mediaType: row.media_type,
  };
}

/** Adds references to a draft; a path that is there takes the new values. */
export async function putReferences(
  db: Database,
  draftId: string,
  references: readonly FileReference[],
): Promise<void> {
  const rows = [...new Map(references.map((one) => [one.path, { draft_id: draftId, ...columnsOf(one) }])).values()];
  if (rows.length === 0) return;
  await db.transaction().execute(async (tx) => {
    for (let start = 0; start < rows.length; start += 1000)
      await tx
        .insertInto('draft_reference')
        .values(rows.slice(start, start + 1000))
        .onConflict((conflict) =>
          conflict.columns(['draft_id', 'path']).doUpdateSet((row) => ({
            url: row.ref('excluded.url'),
            size: row.ref('excluded.size'),
            sha256: row.ref('excluded.sha256'),
            sha512: row.ref('excluded.sha512'),
            md5: row.ref('excluded.md5'),
            media_type: row.ref('excluded.media_type'),
            key: row.ref('excluded.key'),
          })),
        )
        .execute();
    await noteOfDraft(tx, 'references.add', draftId, rows.length);
  });
}

export async function listReferences(
  db: Database,
  draftId: string,
  page: { after?: string; limit: number },
): Promise<FileReference[]> {
  const rows = await db
    .selectFrom('draft_reference')
    .selectAll()
    .where('draft_id', '=', draftId)
    .$if(page.after !== undefined, (query) => query.where('path', '>', page.after!))
    .orderBy('path')
    .limit(page.limit)
    .execute();
  return rows.map(toReference);
}

export async function countReferences(
  db: Database,
  draftId: string,
): Promise<{ count: number; bytes: number; alsoFile?: string }> {
  const { rows } = await sql<{ count: number; bytes: number; also: string | null }>`
    select count(*)::bigint as count,
      least(coalesce(sum(named.size), 0), ${String(Number.MAX_SAFE_INTEGER)}::numeric)::bigint as bytes,
      min(named.path) filter (where file.path is not null) as also
    from draft_reference as named
      left join draft_file as file on file.draft_id = named.draft_id and file.path = named.path
    where named.draft_id = ${draftId}`.execute(db);
  const { count, bytes, also } = rows[0]!;
  return { count, bytes, ...(also === null ? {} : { alsoFile: also }) };
}

export async function removeReferences(db: Database, draftId: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  await db.transaction().execute(async (tx) => {
    const gone = await tx
      .deleteFrom('draft_reference')
      .where('draft_id', '=', draftId)
      .where(sql<boolean>`path = any(${[...paths]}::text[])`)
      .returning('path')
      .execute();
    if (gone.length > 0) await noteOfDraft(tx, 'references.remove', draftId, gone.length);
  });
}

/** Enters the references of a version that has just been entered. */
export async function enterReferences(
  tx: Kysely<Tables>,
  { accession, version, references = [] }: Pick<StudyVersion, 'accession' | 'version' | 'references'>,
): Promise<void> {
  for (let start = 0; start < references.length; start += 1000)
    await tx
      .insertInto('version_reference')
      .values(references.slice(start, start + 1000).map((one) => ({ accession, version, ...columnsOf(one) })))
      .execute();
}

export async function listVersionReferences(
  db: Database,
  accession: string,
  version: number,
  page: { after?: string; limit: number },
): Promise<FileReference[]> {
  const rows = await db
    .selectFrom('version_reference')
    .selectAll()
    .where('accession', '=', accession)
    .where('version', '=', version)
    .$if(page.after !== undefined, (query) => query.where('path', '>', page.after!))
    .orderBy('path')
    .limit(page.limit)
    .execute();
  return rows.map(toReference);
}
