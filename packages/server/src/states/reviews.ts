import {
  type DraftRow,
  reviewSteps,
  reviewTransition,
  type ReviewState,
  type ReviewStep,
  type ReviewTransition,
} from '@micrarium/repository';
import { sql } from 'kysely';
import { whoActs } from '../audit/acting.ts';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { StateRefused } from './study-states.ts';

/** Something a curator or the depositor said about a draft. */
export interface ReviewComment {
  id: number;
  /** Id of a metadata field or path of a file; `''`: the whole. */
  field: string;
  text: string;
  mustFix: boolean;
  /** Name of the author as of now. */
  author: string;
  at: string;
  resolvedAt?: string;
}

/** State of a draft in review; drafts nobody has submitted are `editing`. */
export async function reviewState(db: Database, draftId: string): Promise<ReviewState> {
  const row = await db.selectFrom('draft_review').select('state').where('draft_id', '=', draftId).executeTakeFirst();
  return row?.state ?? 'editing';
}

/** Account of the curator who took a draft on. */
export async function assigneeOf(db: Database, draftId: string): Promise<string | undefined> {
  const row = await db.selectFrom('draft_review').select('assignee').where('draft_id', '=', draftId).executeTakeFirst();
  return row?.assignee ?? undefined;
}

/** Account of the curator who approved first, where two must and the second has not yet. */
async function firstApprovalOf(db: Database, draftId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('draft_review')
    .select('first_approval')
    .where('draft_id', '=', draftId)
    .executeTakeFirst();
  return row?.first_approval ?? undefined;
}

/** Everything about the review of a draft, with the steps that are open to somebody. */
export async function reviewOf(
  db: Database,
  draftId: string,
  who: ReviewTransition['who'] | undefined,
): Promise<{
  state: ReviewState;
  assignee?: string;
  /** Name of the curator who approved first, where two must. */
  firstApproval?: string;
  steps: ReviewStep[];
  comments: ReviewComment[];
}> {
  const row = await db
    .selectFrom('draft_review')
    .leftJoin('auth_user', 'auth_user.id', 'draft_review.assignee')
    .leftJoin('auth_user as approver', 'approver.id', 'draft_review.first_approval')
    .select(['state', 'auth_user.name as assignee', 'approver.name as firstApproval'])
    .where('draft_id', '=', draftId)
    .executeTakeFirst();
  const comments = await db
    .selectFrom('review_comment')
    .leftJoin('auth_user', 'auth_user.id', 'review_comment.author')
    .selectAll('review_comment')
    .select('auth_user.name as author_name')
    .where('draft_id', '=', draftId)
    .orderBy('review_comment.id')
    .execute();
  const state = row?.state ?? 'editing';
  return {
    state,
    steps: who === undefined ? [] : reviewSteps(state, who),
    ...(row?.assignee ? { assignee: row.assignee } : {}),
    ...(row?.firstApproval ? { firstApproval: row.firstApproval } : {}),
    comments: comments.map((one) => ({
      id: one.id,
      field: one.field,
      text: one.text,
      mustFix: one.must_fix,
      author: one.author_name ?? '',
      at: one.at.toISOString(),
      ...(one.resolved_at ? { resolvedAt: one.resolved_at.toISOString() } : {}),
    })),
  };
}

/**
 * Takes a step. Two who take one at once: the second is refused, for the draft has moved.
 * @param checks `isComplete`: is nothing missing for publication? `needsTwo`: must two curators approve, for data of people?
 * @param tell tells whom it concerns, in the same transaction
 * @throws StateRefused
 */
export async function takeStep(
  db: Database,
  draft: Pick<DraftRow, 'id' | 'accession'>,
  name: string,
  who: ReviewTransition['who'],
  { isComplete, needsTwo = false }: { isComplete: () => Promise<boolean>; needsTwo?: boolean },
  tell: (tx: Database) => Promise<void> = async () => {},
): Promise<void> {
  const complete = await isComplete();
  await db.transaction().execute(async (tx) => {
    // Locks the draft, so that a step is taken from the state that was looked at.
    await tx.selectFrom('draft').select('id').where('id', '=', draft.id).forUpdate().execute();
    const from = await reviewState(tx, draft.id);
    const way = reviewTransition(from, name);
    if (way?.who !== who) throw new StateRefused(`This cannot be done while the draft is in the state "${from}".`);
    const { rows } = await sql<{ open: number }>`select count(*)::int as open from review_comment
      where draft_id = ${draft.id} and must_fix and resolved_at is null`.execute(tx);
    const open = rows[0]!.open;
    if (way.needs === 'complete' && !complete) throw new StateRefused('Something is still missing in the draft.');
    if (way.needs === 'open must-fix' && open === 0)
      throw new StateRefused('Say in a comment that must be settled what is to be changed.');
    if (way.needs === 'no open must-fix' && open > 0)
      throw new StateRefused(`${open} comments that must be settled are open.`);
    const { actor } = whoActs();
    if (way.to === 'approved' && needsTwo) {
      const first = await firstApprovalOf(tx, draft.id);
      if (first === actor)
        throw new StateRefused('You approved this. It holds data of people: another curator must approve it too.');
      if (first === undefined) {
        await tx.updateTable('draft_review').set({ first_approval: actor }).where('draft_id', '=', draft.id).execute();
        return await noteEvent(tx, 'review.first-approval', draft.accession, { step: name });
      }
    }
    const assignee = way.to === 'in_review' ? actor : null;
    await tx
      .insertInto('draft_review')
      .values({ draft_id: draft.id, state: way.to, assignee })
      .onConflict((conflict) =>
        conflict.column('draft_id').doUpdateSet({
          state: way.to,
          first_approval: null,
          ...(assignee === null ? {} : { assignee }),
          ...(way.to === 'submitted' ? { submitted_at: new Date() } : {}),
        }),
      )
      .execute();
    await tell(tx);
    await noteEvent(tx, `review.${way.to}`, draft.accession, { from, step: name });
  });
}

/** Curators who may take on a draft: everybody with the role but its owner. */
export async function reviewersFor(db: Database, ownerId: string): Promise<{ id: string; name: string }[]> {
  return await db
    .selectFrom('auth_user')
    .select(['id', 'name'])
    .where('role', 'in', ['curator', 'owner'])
    .where('disabled_at', 'is', null)
    .where('id', '<>', ownerId)
    .orderBy('name')
    .execute();
}

/**
 * Gives a draft that waits, or is in review, to a curator, who is told.
 * @throws StateRefused where it is in another state, or this account is no curator who may review it
 */
export async function assignReview(
  db: Database,
  draft: Pick<DraftRow, 'id' | 'accession' | 'ownerId'>,
  curator: string,
  tell: (tx: Database) => Promise<void> = async () => {},
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.selectFrom('draft').select('id').where('id', '=', draft.id).forUpdate().execute();
    const from = await reviewState(tx, draft.id);
    if (from !== 'submitted' && from !== 'in_review')
      throw new StateRefused(`A draft in the state "${from}" is given to nobody.`);
    if (!(await reviewersFor(tx, draft.ownerId)).some(({ id }) => id === curator))
      throw new StateRefused('This account is no curator who may review the draft.');
    await tx
      .updateTable('draft_review')
      .set({ state: 'in_review', assignee: curator })
      .where('draft_id', '=', draft.id)
      .execute();
    await tell(tx);
    await noteEvent(tx, 'review.assign', draft.accession, { from, to: curator });
  });
}

/** Adds a comment. */
export async function addComment(
  db: Database,
  draft: Pick<DraftRow, 'id' | 'accession'>,
  comment: { field?: string | undefined; text: string; mustFix: boolean },
  tell: (tx: Database) => Promise<void> = async () => {},
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('review_comment')
      .values({
        draft_id: draft.id,
        field: comment.field ?? '',
        text: comment.text,
        must_fix: comment.mustFix,
        author: whoActs().actor,
      })
      .execute();
    await tell(tx);
    await noteEvent(tx, 'review.comment', draft.accession, { mustFix: comment.mustFix });
  });
}

/** Settles a comment; `false` where there is none of this id that is open. */
export async function settleComment(
  db: Database,
  draft: Pick<DraftRow, 'id' | 'accession'>,
  id: number,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const done = await tx
      .updateTable('review_comment')
      .set({ resolved_at: new Date() })
      .where('draft_id', '=', draft.id)
      .where('id', '=', id)
      .where('resolved_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (done) await noteEvent(tx, 'review.settle', draft.accession, { comment: id });
    return done !== undefined;
  });
}

/** Drafts that wait for curators, the oldest first. */
export async function reviewQueue(
  db: Database,
): Promise<
  { draft: string; accession: string; title: string; state: ReviewState; assignee?: string; submittedAt: string }[]
> {
  const rows = await db
    .selectFrom('draft_review')
    .innerJoin('draft', 'draft.id', 'draft_review.draft_id')
    .leftJoin('auth_user', 'auth_user.id', 'draft_review.assignee')
    .select([
      'draft.id',
      'draft.accession',
      'draft.metadata',
      'draft_review.state',
      'submitted_at',
      'auth_user.name as assignee',
    ])
    .where('draft.state', '=', 'editing')
    .where('draft_review.state', 'in', ['submitted', 'in_review', 'changes_requested', 'approved'])
    .orderBy('submitted_at')
    .limit(1000)
    .execute();
  return rows.map((row) => {
    const { title } = row.metadata.values;
    return {
      draft: row.id,
      accession: row.accession,
      title: typeof title === 'string' ? title : '',
      state: row.state,
      submittedAt: row.submitted_at.toISOString(),
      ...(row.assignee ? { assignee: row.assignee } : {}),
    };
  });
}
