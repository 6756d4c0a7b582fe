import { join } from 'node:path';
import type { StudyItem } from '@micrarium/model';
import {
  type BlobStore,
  type DerivedStore,
  formsOfItem,
  hoursWithoutConsent,
  type StudyStore,
  type UploadArea,
} from '@micrarium/repository';
import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { Notices } from '../notices/notices.ts';
import { destroyFile } from '../storage/ocfl/destroy-files.ts';
import { dropUpload } from '../uploads/tus-uploads.ts';

/** What the end of a draft reaches. */
export interface PortsOfDeletion {
  db: Database;
  studies: StudyStore;
  blobs: BlobStore;
  derived: DerivedStore;
  uploads: UploadArea;
  notices: Notices;
  /** Folder of the second copy, where there is one. */
  secondCopy?: string | undefined;
}

/** When the files of a draft go, because persons can be recognised who did not consent, ISO 8601; `undefined` for all others. */
export async function filesGoAt(db: Database, draftId: string): Promise<string | undefined> {
  const row = await db.selectFrom('draft_deletion').select('due_at').where('draft_id', '=', draftId).executeTakeFirst();
  return row?.due_at.toISOString();
}

/**
 * Notes, with the declaration of a draft, whether its files go: within a day after it was first declared without consent. Declared so again,
 * the day stays; declared otherwise, they stay.
 */
export async function noteConsent(tx: Database, draftId: string, isMissing: boolean, now: Date): Promise<void> {
  if (!isMissing) {
    await tx.deleteFrom('draft_deletion').where('draft_id', '=', draftId).execute();
    return;
  }
  const due = new Date(now.getTime() + hoursWithoutConsent * 3_600_000);
  await tx
    .insertInto('draft_deletion')
    .values({ draft_id: draftId, declared_at: now, due_at: due })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Deletes drafts whose time to be corrected is over, also those in the trash: files, what was sent of them, what was made of them, and what the
 * form said. What stays is the number of the study, which is never given again, and an event. Bytes that another draft or a published version
 * holds too stay with that one. Done again after a kill it comes to the same.
 * @param now by the clock of the machine: a clock that jumped ahead is not waited for, since the law does not wait either
 * @returns how many drafts
 */
export async function deleteWithoutConsent(ports: PortsOfDeletion, now: Date): Promise<number> {
  const due = await ports.db
    .selectFrom('draft_deletion')
    .innerJoin('draft', 'draft.id', 'draft_id')
    .select(['draft.id', 'accession', 'owner_id as ownerId'])
    .where('due_at', '<=', now)
    .where('draft.state', 'in', ['editing', 'discarded'])
    .orderBy('due_at')
    .execute();
  let count = 0;
  for (const draft of due) {
    // Closed first, so that nothing is added while it goes.
    await ports.studies.moveDraft(draft.id, 'editing', 'discarded');
    await deleteBytes(ports, draft.id);
    count += (await deleteRows(ports, draft)) ? 1 : 0;
  }
  return count;
}

/** Removes what no other draft that is kept, and no version, has. */
async function deleteBytes({ db, blobs, derived, uploads, secondCopy }: PortsOfDeletion, draftId: string) {
  const sent = await db.selectFrom('upload').select('id').where('draft_id', '=', draftId).execute();
  for (const { id } of sent) await dropUpload(db, uploads, id);
  for (const item of await ownItems(db, draftId)) for (const key of formsOfItem(item)) await derived.drop(key);
  for (const sha256 of await ownDigests(db, draftId)) {
    await blobs.remove(sha256);
    if (secondCopy !== undefined)
      await destroyFile(join(secondCopy, 'blobs/sha256', sha256.slice(0, 2), sha256.slice(2, 4), sha256));
  }
}

/** Is a draft, by the name of its table in a statement, one that can still be opened? */
const isKept = sql`(other.state in ('editing', 'publishing')
  or other.state = 'discarded' and exists (select 1 from draft_trash where draft_id = other.id))`;

async function ownDigests(db: Database, draftId: string): Promise<string[]> {
  const { rows } = await sql<{ sha256: string }>`select distinct sha256 from draft_file as own
    where draft_id = ${draftId} and sha256 is not null
      and not exists (select 1 from version_file where sha256 = own.sha256)
      and not exists (select 1 from draft_file join draft as other on other.id = draft_file.draft_id
        where draft_file.sha256 = own.sha256 and other.id <> ${draftId} and ${isKept})`.execute(db);
  return rows.map(({ sha256 }) => sha256);
}

/** Items of a draft that nothing else has: ids are made of content. */
async function ownItems(db: Database, draftId: string): Promise<StudyItem[]> {
  const { rows } = await sql<{ item: StudyItem }>`select own.item from draft_item as own
    where draft_id = ${draftId}
      and not exists (select 1 from study_version
        where document->'items' @> jsonb_build_array(jsonb_build_object('id', own.item_id)))
      and not exists (select 1 from draft_item join draft as other on other.id = draft_item.draft_id
        where draft_item.item_id = own.item_id and other.id <> ${draftId} and ${isKept})`.execute(db);
  return rows.map(({ item }) => item);
}

async function deleteRows(
  { db, notices }: PortsOfDeletion,
  { id, accession, ownerId }: { id: string; accession: string; ownerId: string },
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    // Two processes at once: one deletes, and tells of it.
    const gone = await tx
      .deleteFrom('draft_deletion')
      .where('draft_id', '=', id)
      .returning('due_at')
      .executeTakeFirst();
    if (!gone) return false;
    const files = await tx
      .selectFrom('draft_file')
      .select(({ fn }) => [fn.countAll<number>().as('count'), fn.sum<number | null>('size').as('bytes')])
      .where('draft_id', '=', id)
      .executeTakeFirstOrThrow();
    await tx.deleteFrom('draft').where('id', '=', id).execute();
    await notices.tell([ownerId], { kind: 'files-deleted', link: '/deposit', detail: { accession } }, tx);
    // Neither names of files nor words of the form: this line is all that is kept.
    await noteEvent(tx, 'draft.delete-without-consent', accession, {
      files: Number(files.count),
      bytes: Number(files.bytes ?? 0),
    });
    return true;
  });
}
