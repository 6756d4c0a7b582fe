import { createHash, randomBytes } from 'node:crypto';
import type { UploadArea } from '@micrarium/repository';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';

/** What an upload is for, kept beside the bytes' area in the database. */
export interface UploadRow {
  id: string;
  draftId: string;
  path: string;
  size: number;
  metadata: string;
  /** Its length has not been told yet; `size` is that of the file as announced. */
  isDeferred: boolean;
}

/** Days an upload that nobody goes on with is kept. */
export const uploadDays = 7;
/** Uploads of one file that are kept beside the newest: another tab may be sending it. */
const mostBeside = 1;

/** The draft, path and random part that an upload's id says; the id is made by us and checked again on every request. */
function newUploadId(draftId: string, path: string): string {
  const place = createHash('sha256').update(`${draftId}\0${path}`).digest('base64url').slice(0, 22);
  return `${place}${randomBytes(16).toString('hex')}`;
}

export async function findUpload(db: Database, id: string): Promise<UploadRow | undefined> {
  const row = await db.selectFrom('upload').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) return undefined;
  const { draft_id: draftId, path, size, metadata, is_deferred: isDeferred } = row;
  return { id, draftId, path, size, metadata, isDeferred };
}

/** Enters a new upload. */
export async function enterUpload(db: Database, upload: Omit<UploadRow, 'id'>): Promise<UploadRow> {
  const { draftId, path, size, metadata, isDeferred } = upload;
  const id = newUploadId(draftId, path);
  await db
    .insertInto('upload')
    .values({ id, draft_id: draftId, path, size, metadata, is_deferred: isDeferred })
    .execute();
  return { ...upload, id };
}

/** The length of an upload that was made without one is told. */
export async function endDeferral(db: Database, id: string): Promise<void> {
  await db.updateTable('upload').set({ is_deferred: false }).where('id', '=', id).execute();
}

/** Forgets an upload, with its bytes. */
export async function dropUpload(db: Database, uploads: UploadArea, id: string): Promise<void> {
  await uploads.remove(id);
  await db.deleteFrom('upload').where('id', '=', id).execute();
}

/**
 * Drops older uploads of a file: a quota counts the file once, and so may its bytes not lie there many times.
 * @param before the upload that is begun; its rows stay
 */
export async function dropOlderUploads(
  db: Database,
  uploads: UploadArea,
  { id, draftId, path }: UploadRow,
): Promise<void> {
  const older = await db
    .selectFrom('upload')
    .select('id')
    .where('draft_id', '=', draftId)
    .where('path', '=', path)
    .where('id', '<>', id)
    .orderBy('created_at', 'desc')
    .offset(mostBeside)
    .execute();
  for (const one of older) await dropUpload(db, uploads, one.id);
}

/** Drops what was sent of files that are taken out of a draft. */
export async function dropUploadsOf(
  db: Database,
  uploads: UploadArea,
  draftId: string,
  paths: readonly string[],
): Promise<void> {
  const { rows } = await sql<{ id: string }>`select id from upload
    where draft_id = ${draftId} and path = any(${[...paths]}::text[])`.execute(db);
  for (const { id } of rows) await dropUpload(db, uploads, id);
}

/** Uploads that are looked at in one question. */
const atOnce = 500;

/**
 * Drops bytes of uploads that nothing waits for any more: their file is taken out or there already, or their draft takes no more. They count in
 * nobody's quota.
 * @returns how many
 */
export async function clearUnwanted(db: Database, uploads: UploadArea): Promise<number> {
  const staged: string[] = [];
  for await (const { uploadId } of uploads.list()) staged.push(uploadId);
  let count = 0;
  for (let at = 0; at < staged.length; at += atOnce) {
    const { rows } = await sql<{ id: string }>`select upload.id from upload
      left join draft on draft.id = upload.draft_id
      left join draft_file as file on file.draft_id = upload.draft_id and file.path = upload.path
      where upload.id = any(${staged.slice(at, at + atOnce)}::text[]) and upload.created_at < now() - interval '1 minute'
        and (file.path is null or file.state = 'verified' or draft.state not in ('editing', 'publishing'))`.execute(db);
    for (const { id } of rows) await uploads.remove(id);
    count += rows.length;
  }
  return count;
}

/**
 * Forgets digests of parts of files that are there, and after long all of an upload; files whose sent bytes are gone are expected anew.
 * @param now by the trusted clock: what was sent must not go by one that jumped
 */
export async function forgetUploads(db: Database, uploads: UploadArea, now: Date): Promise<void> {
  await sql`delete from upload_part using upload join draft_file as file on file.draft_id = upload.draft_id and file.path = upload.path
    where upload_part.upload_id = upload.id and file.state = 'verified'`.execute(db);
  const { rows } = await sql<{
    id: string;
    draftId: string;
    path: string;
  }>`select distinct on (file.draft_id, file.path)
      upload.id, upload.draft_id as "draftId", upload.path
    from draft_file as file join upload on upload.draft_id = file.draft_id and upload.path = file.path
    where file.state = 'sending' and upload.created_at < ${now}::timestamptz - ${`${uploadDays} days`}::interval
    order by file.draft_id, file.path, upload.created_at desc`.execute(db);
  for (const { id, draftId, path } of rows)
    if (!(await uploads.get(id)))
      await db
        .updateTable('draft_file')
        .set({ state: 'expected', received: 0 })
        .where('draft_id', '=', draftId)
        .where('path', '=', path)
        .where('state', '=', 'sending')
        .execute();
  await db.deleteFrom('upload').where('created_at', '<', sql<Date>`${now}::timestamptz - interval '60 days'`).execute();
}
