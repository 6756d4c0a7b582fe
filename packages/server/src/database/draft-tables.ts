import { randomBytes } from 'node:crypto';
import { type DraftChange, type DraftRow, DraftNotEditable, isFrozen, RevisionConflict } from '@micrarium/repository';
import { sql, type Selectable } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import { noteEdits, writesInPlace } from '../states/review-edits.ts';
import type { Database } from './connect.ts';
import { storedKinds } from './stored-kinds.ts';
import type { Tables } from './tables.ts';

/** An id that sorts by the time it was made: nine digits of milliseconds in base 36, then 80 random bits. */
export function newDraftId(now = Date.now()): string {
  return `${now.toString(36).padStart(9, '0')}${randomBytes(10).toString('hex')}`;
}

function toDraft(row: Selectable<Tables['draft']>): DraftRow {
  return {
    id: row.id,
    accession: row.accession,
    version: row.version,
    ...(row.minor === null ? {} : { minor: row.minor }),
    revision: row.revision,
    state: row.state,
    ownerId: row.owner_id,
    metadata: row.metadata,
    pairs: row.pairs,
    datasetTitles: row.dataset_titles,
    ...(row.note === null ? {} : { note: row.note }),
    ...(row.change_kinds === null ? {} : { changeKinds: row.change_kinds }),
    ...(row.earlier_results === null ? {} : { earlierResults: row.earlier_results }),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

type NewDraft = {
  ownerId: string;
  accession?: string;
  version: number;
  minor?: number;
  metadata: DraftRow['metadata'];
  pairs: DraftRow['pairs'];
  datasetTitles: Record<string, string>;
};

/** Reserves an accession if none is named and opens the draft; gives back the one that is open. */
export async function createDraft(db: Database, draft: NewDraft): Promise<{ draft: DraftRow; created: boolean }> {
  return await db.transaction().execute(async (tx) => {
    let accession = draft.accession;
    if (accession === undefined) {
      const next = await sql<{ number: number }>`select nextval('accession_number') as number`.execute(tx);
      accession = `MIC-${String(next.rows[0]!.number).padStart(6, '0')}`;
      await tx.insertInto('study').values({ accession, owner_id: draft.ownerId }).execute();
    }
    // Locks the study, so that two who open its draft at once get one.
    await tx.selectFrom('study').select('accession').where('accession', '=', accession).forUpdate().execute();
    const open = await tx
      .selectFrom('draft')
      .selectAll()
      .where('accession', '=', accession)
      .where('state', 'in', ['editing', 'publishing'])
      .executeTakeFirst();
    if (open) return { draft: toDraft(open), created: false };
    const row = await tx
      .insertInto('draft')
      .values({
        id: newDraftId(),
        accession,
        version: draft.version,
        minor: draft.minor ?? null,
        owner_id: draft.ownerId,
        metadata: JSON.stringify(draft.metadata),
        pairs: JSON.stringify(draft.pairs),
        dataset_titles: JSON.stringify(draft.datasetTitles),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    // The files of such a draft stay as they are.
    if (draft.minor !== undefined) await tx.insertInto('draft_revision').values({ draft_id: row.id }).execute();
    const { version, minor } = draft;
    await noteEvent(tx, 'draft.open', accession, { version, ...(minor === undefined ? {} : { minor }) });
    return { draft: toDraft(row), created: true };
  });
}

export async function getDraft(db: Database, id: string): Promise<DraftRow | undefined> {
  const row = await db.selectFrom('draft').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toDraft(row);
}

/** Open drafts of somebody, with those that are shared with them, newest first. */
export async function listDrafts(
  db: Database,
  ownerId: string,
  page: { after?: string; limit: number },
): Promise<DraftRow[]> {
  const rows = await db
    .selectFrom('draft')
    .selectAll()
    .where(
      sql<boolean>`(owner_id = ${ownerId} or accession in (select accession from study_share where user_id = ${ownerId}
        or team_id in (select team_id from team_member where user_id = ${ownerId})))`,
    )
    .where('state', 'in', ['editing', 'publishing'])
    .$if(page.after !== undefined, (query) => query.where('id', '<', page.after!))
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
  return rows.map(toDraft);
}

export async function saveDraft(db: Database, id: string, revision: number, change: DraftChange): Promise<DraftRow> {
  const row = await db.transaction().execute(async (tx) => {
    // Locked first: a step of the review that is taken at the same moment is over, or waits.
    const now = await tx.selectFrom('draft').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    const isInPlace = now !== undefined && (await demandUnfrozen(tx, id));
    const saved = await tx
      .updateTable('draft')
      .set({
        revision: sql<number>`revision + 1`,
        updated_at: sql<Date>`now()`,
        ...(change.metadata === undefined ? {} : { metadata: JSON.stringify(change.metadata) }),
        // Which tracks belong to which images is not a curator's to say.
        ...(change.pairs === undefined || isInPlace ? {} : { pairs: JSON.stringify(change.pairs) }),
        ...(change.datasetTitles === undefined ? {} : { dataset_titles: JSON.stringify(change.datasetTitles) }),
        ...(change.note === undefined ? {} : { note: change.note }),
        ...(change.changeKinds === undefined ? {} : { change_kinds: storedKinds(change.changeKinds) }),
        ...(change.earlierResults === undefined ? {} : { earlier_results: change.earlierResults }),
      })
      .where('id', '=', id)
      .where('revision', '=', revision)
      .where('state', '=', 'editing')
      .returningAll()
      .executeTakeFirst();
    if (saved && now) {
      if (isInPlace) await noteEdits(tx, id, toDraft(now), toDraft(saved));
      await noteEvent(tx, isInPlace ? 'review.edit' : 'draft.edit', saved.accession, {
        revision: saved.revision,
        parts: Object.keys(change).filter((part) => change[part as keyof typeof change] !== undefined),
      });
    }
    return saved;
  });
  if (!row) throw new RevisionConflict(`Draft ${id} is not at revision ${revision} and open for editing`);
  return toDraft(row);
}

/**
 * Goes on unless the draft is with curators.
 * @returns is who acts the curator who may write in it all the same?
 * @throws DraftNotEditable
 */
async function demandUnfrozen(tx: Database, id: string): Promise<boolean> {
  const review = await tx.selectFrom('draft_review').select('state').where('draft_id', '=', id).executeTakeFirst();
  if (!review || !isFrozen(review.state)) return false;
  if (await writesInPlace(tx, id)) return true;
  throw new DraftNotEditable(id, review.state);
}

/** While curators look at it, a draft is neither published nor discarded, whoever asked a moment before; approved, it is opened again first. */
async function isWithCurators(tx: Database, id: string, to: DraftRow['state']): Promise<boolean> {
  await tx.selectFrom('draft').select('id').where('id', '=', id).forUpdate().execute();
  const review = await tx.selectFrom('draft_review').select('state').where('draft_id', '=', id).executeTakeFirst();
  if (to === 'discarded') return review !== undefined && isFrozen(review.state);
  return review?.state === 'submitted' || review?.state === 'in_review';
}

export async function moveDraft(
  db: Database,
  id: string,
  from: DraftRow['state'],
  to: DraftRow['state'],
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    if (from === 'editing' && (await isWithCurators(tx, id, to))) return false;
    const moved = await tx
      .updateTable('draft')
      .set({ state: to, updated_at: sql<Date>`now()` })
      .where('id', '=', id)
      .where('state', '=', from)
      .returning(['accession', 'version'])
      .executeTakeFirst();
    if (moved) await noteEvent(tx, `draft.${to}`, moved.accession, { version: moved.version, from });
    return moved !== undefined;
  });
}

export async function draftsBeingPublished(db: Database): Promise<DraftRow[]> {
  return (await db.selectFrom('draft').selectAll().where('state', '=', 'publishing').orderBy('id').execute()).map(
    toDraft,
  );
}
