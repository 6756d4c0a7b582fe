import { discardDraft, freeDraft, type BlobStore, type StudyStore } from '@micrarium/repository';
import { sql } from 'kysely';
import { whoActs } from '../audit/acting.ts';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { StateRefused } from './state-refused.ts';

/** Days for which a discarded draft can be taken back. */
export const trashDays = 30;

/** A draft that was discarded and can be taken back. */
export interface DiscardedDraft {
  id: string;
  accession: string;
  version: number;
  title: string;
  discardedAt: string;
  /** When its bytes go. */
  keptUntil: string;
  /** Was it discarded because nobody worked on it for a year? */
  isExpired: boolean;
}

interface Ports {
  db: Database;
  studies: StudyStore;
  blobs: BlobStore;
}

/** Discards a draft and keeps it for thirty days. @throws NotThere, DraftNotEditable */
export async function discardForNow(ports: Ports, draftId: string, isExpired = false): Promise<void> {
  // First, so that no moment is without it: a row of a draft that is not discarded means nothing.
  const row = { at: new Date(), by: whoActs().actor, is_expired: isExpired };
  await ports.db
    .insertInto('draft_trash')
    .values({ draft_id: draftId, ...row })
    .onConflict((conflict) => conflict.column('draft_id').doUpdateSet(row))
    .execute();
  await discardDraft(ports, draftId, true);
}

/** Drafts somebody discarded, the last first. */
export async function discardedDrafts(db: Database, ownerId: string): Promise<DiscardedDraft[]> {
  const rows = await db
    .selectFrom('draft_trash')
    .innerJoin('draft', 'draft.id', 'draft_trash.draft_id')
    .select(['draft.id', 'accession', 'version', 'metadata', 'draft_trash.at', 'is_expired'])
    .where('owner_id', '=', ownerId)
    .where('draft.state', '=', 'discarded')
    .where('draft_trash.at', '>', sql<Date>`now() - make_interval(days => ${trashDays})`)
    .orderBy('draft_trash.at', 'desc')
    .limit(1000)
    .execute();
  return rows.map(({ id, accession, version, metadata, at, is_expired: isExpired }) => {
    const { title } = metadata.values;
    return {
      id,
      accession,
      version,
      title: typeof title === 'string' ? title : '',
      discardedAt: at.toISOString(),
      keptUntil: new Date(at.getTime() + trashDays * 86_400_000).toISOString(),
      isExpired,
    };
  });
}

/**
 * Takes a discarded draft back, as it was.
 * @param only accessions it must be one of, for tokens that are limited to studies
 * @returns `false` where there is none of this id of this owner that is still kept
 * @throws StateRefused where another draft of the study is open, or its next version was published meanwhile
 */
export async function takeDraftBack(
  db: Database,
  draftId: string,
  ownerId: string,
  only?: readonly string[],
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const kept = await tx
      .selectFrom('draft_trash')
      .innerJoin('draft', 'draft.id', 'draft_trash.draft_id')
      .select(['accession', 'version', 'minor'])
      .where('draft.id', '=', draftId)
      .where('owner_id', '=', ownerId)
      .where('draft.state', '=', 'discarded')
      .where('draft_trash.at', '>', sql<Date>`now() - make_interval(days => ${trashDays})`)
      .forUpdate()
      .executeTakeFirst();
    if (!kept || only?.includes(kept.accession) === false) return false;
    const { accession, version, minor } = kept;
    // One after the other for one study: two drafts taken back at once would both find none open.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`open draft ${accession}`}, 0))`.execute(tx);
    const { rows } = await sql<{ open: boolean; published: boolean }>`select
      exists (select 1 from draft where accession = ${accession} and state in ('editing', 'publishing')) as open,
      exists (select 1 from study_version where accession = ${accession} and version >= ${version}
        and ${minor === null}) as published`.execute(tx);
    if (rows[0]!.open) throw new StateRefused('Another draft of this study is open. Publish or discard it first.', []);
    if (rows[0]!.published) throw new StateRefused('This version was published from another draft meanwhile.', []);
    await tx
      .updateTable('draft')
      .set({ state: 'editing', updated_at: sql<Date>`now()` })
      .where('id', '=', draftId)
      .execute();
    await tx.deleteFrom('draft_trash').where('draft_id', '=', draftId).execute();
    await tx.deleteFrom('draft_reminder').where('draft_id', '=', draftId).execute();
    await tx.deleteFrom('draft_review').where('draft_id', '=', draftId).execute();
    await noteEvent(tx, 'draft.take-back', accession, { version });
    return true;
  });
}

/** Frees the bytes of drafts that were discarded thirty days ago. @returns how many */
export async function emptyTrash(ports: Ports, now: Date): Promise<number> {
  const { db } = ports;
  const before = new Date(now.getTime() - trashDays * 86_400_000);
  const due = await db.selectFrom('draft_trash').select('draft_id').where('at', '<=', before).execute();
  for (const { draft_id: draftId } of due) {
    // No longer counted as kept, so that its bytes are free; a kill in between leaves them to the next time.
    const gone = await db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('draft')
        .select(['accession', 'state'])
        .where('id', '=', draftId)
        .forUpdate()
        .executeTakeFirst();
      if (row?.state !== 'discarded') return undefined;
      await noteEvent(tx, 'draft.gone', row.accession, { draft: draftId });
      return row;
    });
    if (gone) await freeTrash(ports, draftId);
    await db.deleteFrom('draft_trash').where('draft_id', '=', draftId).execute();
  }
  return due.length;
}

/** Frees what no other draft or version has: those of the draft itself are looked past. */
async function freeTrash(ports: Ports, draftId: string): Promise<void> {
  const isUsed = async (sha256: string) => {
    const { rows } = await sql<{ used: boolean }>`select exists (
        select 1 from draft_file join draft on draft.id = draft_file.draft_id
        where draft_file.sha256 = ${sha256} and draft.id <> ${draftId} and (draft.state in ('editing', 'publishing')
          or draft.state = 'discarded' and exists (select 1 from draft_trash where draft_id = draft.id)))
      or exists (select 1 from version_file where sha256 = ${sha256}) as used`.execute(ports.db);
    return rows[0]!.used;
  };
  const studies = Object.assign(Object.create(ports.studies) as StudyStore, { isBlobUsed: isUsed });
  await freeDraft({ studies, blobs: ports.blobs }, draftId);
}
