import { type DraftFileRow, type FileFinding, foldedPath } from '@micrarium/repository';
import { sql, type Selectable } from 'kysely';
import { changedColumns } from './changed-columns.ts';
import type { Database } from './connect.ts';
import { noteOfDraft } from './note-of-draft.ts';
import type { Tables } from './tables.ts';

function toFile(row: Selectable<Tables['draft_file']>): DraftFileRow {
  return {
    draftId: row.draft_id,
    path: row.path,
    size: row.size,
    ...(row.stated_sha256 === null ? {} : { statedSha256: row.stated_sha256 }),
    ...(row.sha256 === null ? {} : { sha256: row.sha256 }),
    ...(row.others === null ? {} : { others: row.others }),
    state: row.state,
    received: row.received,
    mediaType: row.media_type,
  };
}

const fileColumns = (file: Omit<DraftFileRow, 'draftId'>) => ({
  path: file.path,
  size: file.size,
  stated_sha256: file.statedSha256 ?? null,
  sha256: file.sha256 ?? null,
  others: file.others === undefined ? null : JSON.stringify(file.others),
  state: file.state,
  received: file.received,
  media_type: file.mediaType,
  folded: foldedPath(file.path),
});

/** Announces or replaces files; a path that is there takes the new values. */
export async function putFiles(
  db: Database,
  draftId: string,
  files: readonly Omit<DraftFileRow, 'draftId'>[],
): Promise<void> {
  // A statement may not touch one row twice: of two entries for a path the last counts.
  const rows = [...new Map(files.map((file) => [file.path, { draft_id: draftId, ...fileColumns(file) }])).values()];
  // In the order of paths, as whoever changes many rows at once does it: two never wait for each other.
  rows.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  await db.transaction().execute(async (tx) => {
    for (let start = 0; start < rows.length; start += 1000) {
      await tx
        .insertInto('draft_file')
        .values(rows.slice(start, start + 1000))
        .onConflict((conflict) =>
          conflict.columns(['draft_id', 'path']).doUpdateSet((row) => ({
            size: row.ref('excluded.size'),
            stated_sha256: row.ref('excluded.stated_sha256'),
            sha256: row.ref('excluded.sha256'),
            others: row.ref('excluded.others'),
            state: row.ref('excluded.state'),
            received: row.ref('excluded.received'),
            media_type: row.ref('excluded.media_type'),
            folded: row.ref('excluded.folded'),
          })),
        )
        .execute();
    }
    if (rows.length > 0) await noteOfDraft(tx, 'files.expect', draftId, rows.length);
  });
}

export async function updateFile(
  db: Database,
  draftId: string,
  path: string,
  change: Partial<Omit<DraftFileRow, 'draftId' | 'path'>>,
): Promise<void> {
  const columns = changedColumns(change, {
    size: 'size',
    statedSha256: 'stated_sha256',
    sha256: 'sha256',
    others: 'others',
    state: 'state',
    received: 'received',
    mediaType: 'media_type',
  });
  if (Object.keys(columns).length === 0) return;
  await db.updateTable('draft_file').set(columns).where('draft_id', '=', draftId).where('path', '=', path).execute();
}

export async function getFile(db: Database, draftId: string, path: string): Promise<DraftFileRow | undefined> {
  const row = await db
    .selectFrom('draft_file')
    .selectAll()
    .where('draft_id', '=', draftId)
    .where('path', '=', path)
    .executeTakeFirst();
  return row && toFile(row);
}

export async function getFiles(db: Database, draftId: string, paths: readonly string[]): Promise<DraftFileRow[]> {
  const rows = await db
    .selectFrom('draft_file')
    .selectAll()
    .where('draft_id', '=', draftId)
    .where(sql<boolean>`path = any(${[...paths]}::text[])`)
    .execute();
  return rows.map(toFile);
}

export async function pathsAround(db: Database, draftId: string, places: readonly string[]): Promise<string[]> {
  // Paths that a process of the version before has announced stand there without their folded form; all of those are given.
  const { rows } = await sql<{
    path: string;
  }>`select path from draft_file where draft_id = ${draftId} and folded is null
    union
    select near.path from unnest(${[...places]}::text[]) as place (folded) cross join lateral (
      select path from draft_file where draft_id = ${draftId} and draft_file.folded = place.folded
      union all
      (select path from draft_file where draft_id = ${draftId} and draft_file.folded > (place.folded || '/') collate "C"
        and draft_file.folded < (place.folded || '0') collate "C" order by draft_file.folded limit 1)) as near`.execute(
    db,
  );
  return rows.map(({ path }) => path);
}

/** One statement for all; the rows are locked in the order of their paths, so that two of these never wait for each other. */
export async function noteFindings(db: Database, draftId: string, findings: readonly FileFinding[]): Promise<string[]> {
  if (findings.length === 0) return [];
  const files = findings.map(({ file }) => file);
  const changes = findings.map(({ change }) => change);
  const { rows } = await sql<{ path: string }>`with found as (
      select * from unnest(${files.map(({ path }) => path)}::text[], ${files.map(({ size }) => size)}::bigint[],
        ${files.map(({ statedSha256 }) => statedSha256 ?? null)}::text[],
        ${files.map(({ others }) => (others === undefined ? null : JSON.stringify(others)))}::text[],
        ${changes.map(({ sha256 }) => sha256 ?? null)}::text[], ${changes.map(({ state }) => state ?? null)}::text[],
        ${changes.map(({ received }) => received ?? null)}::bigint[]) as t (path, size, stated, others, sha256, state, received)),
    locked as materialized (
      select found.* from draft_file as file join found on found.path = file.path
      where file.draft_id = ${draftId} and file.state <> 'verified' and file.size = found.size
        and exists (select 1 from draft where id = ${draftId} and state = 'editing')
        and file.stated_sha256 is not distinct from found.stated
        and file.others is not distinct from found.others::jsonb
      order by file.path for update of file)
    update draft_file as file set sha256 = coalesce(locked.sha256, file.sha256),
      state = coalesce(locked.state, file.state), received = coalesce(locked.received, file.received)
    from locked where file.draft_id = ${draftId} and file.path = locked.path
    returning file.path`.execute(db);
  return rows.map(({ path }) => path);
}

export async function listFiles(
  db: Database,
  draftId: string,
  page: { after?: string; limit: number },
): Promise<DraftFileRow[]> {
  const rows = await db
    .selectFrom('draft_file')
    .selectAll()
    .where('draft_id', '=', draftId)
    .$if(page.after !== undefined, (query) => query.where('path', '>', page.after!))
    .orderBy('path')
    .limit(page.limit)
    .execute();
  return rows.map(toFile);
}

export async function hasFilesOnTheirWay(db: Database, draftId: string): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`select exists (select 1 from draft_file
    where draft_id = ${draftId} and state in ('expected', 'sending', 'sent')) as is`.execute(db);
  return rows[0]!.is;
}

/** Lines of changes that are added up each time; more are put into one. */
const mostChanges = 200;

export async function countFiles(db: Database, draftId: string) {
  const { rows } = await sql<{ count: number; bytes: number; verified: number; received: number; changes: number }>`
    select coalesce(sum(files), 0)::bigint as count, coalesce(sum(bytes), 0)::bigint as bytes,
      coalesce(sum(verified), 0)::bigint as verified, coalesce(sum(received), 0)::bigint as received, count(*) as changes
    from draft_file_count where draft_id = ${draftId}`.execute(db);
  const { count, bytes, verified, received, changes } = rows[0]!;
  if (changes > mostChanges) await foldChanges(db, draftId);
  return { count, bytes, verified, receivedBytes: received };
}

export async function countStoredFiles(db: Database, draftId: string, without: readonly string[] = []) {
  const { rows } = await sql<{ count: number; bytes: number }>`
    select count(*)::bigint as count, coalesce(sum(size), 0)::bigint as bytes from draft_file
    where draft_id = ${draftId} and sha256 is not null and path <> all(${[...without]}::text[])`.execute(db);
  return rows[0]!;
}

/** Puts changes into one line, in one statement: whoever adds them up meanwhile sees them before or after. Those that another one is at stay. */
async function foldChanges(db: Database, draftId: string): Promise<void> {
  await sql`with gone as (
      delete from draft_file_count where ctid = any(array(
        select ctid from draft_file_count where draft_id = ${draftId} for update skip locked))
      returning *)
    insert into draft_file_count (draft_id, files, bytes, verified, received)
    select draft_id, sum(files), sum(bytes), sum(verified), sum(received) from gone group by draft_id`.execute(db);
}

export async function removeFiles(db: Database, draftId: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  await db.transaction().execute(async (tx) => {
    const gone = await tx
      .deleteFrom('draft_file')
      .where('draft_id', '=', draftId)
      // One parameter, however many there are: a statement takes 65,535.
      .where(sql<boolean>`path = any(${[...paths]}::text[])`)
      .returning('path')
      .execute();
    if (gone.length > 0) await noteOfDraft(tx, 'files.remove', draftId, gone.length);
  });
}
