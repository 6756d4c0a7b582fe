import {
  type DraftRow,
  reviewSteps,
  reviewTransition,
  type ReviewState,
  type ReviewStep,
  type ReviewTransition,
  RevisionConflict,
  turnOf,
  waysFrom,
} from '@micrarium/repository';
import { sql } from 'kysely';
import { whoActs } from '../audit/acting.ts';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { StateRefused } from './state-refused.ts';

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
  /** Did who looks at it write it? */
  isMine: boolean;
  /** What it said before, the oldest first. */
  past: { text: string; mustFix: boolean; until: string }[];
}

/** The states as a refusal says them. */
const inWords: Readonly<Record<ReviewState, string>> = {
  editing: 'with its depositor',
  submitted: 'waiting for a curator',
  in_review: 'in review',
  changes_requested: 'with its depositor for changes',
  approved: 'approved',
};

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

/**
 * Everything about the review of a draft, with the steps that are open to somebody.
 * @param needsTwo must two curators approve it? Who has approved it then is not offered to do so again
 */
export async function reviewOf(
  db: Database,
  draftId: string,
  who: ReviewTransition['who'] | undefined,
  needsTwo = false,
): Promise<{
  state: ReviewState;
  /** Whose turn it is. */
  turn: ReturnType<typeof turnOf>;
  assignee?: string;
  /** Name of the curator who approved first, where two must. */
  firstApproval?: string;
  /** Day on which the approved draft is published by itself. */
  publishOn?: string;
  steps: ReviewStep[];
  comments: ReviewComment[];
}> {
  const row = await db
    .selectFrom('draft_review')
    // Whose account is closed does not go on with it: another one takes it on.
    .leftJoin('auth_user', (join) =>
      join.onRef('auth_user.id', '=', 'draft_review.assignee').on('auth_user.disabled_at', 'is', null),
    )
    .leftJoin('auth_user as approver', 'approver.id', 'draft_review.first_approval')
    .select(['state', 'draft_review.assignee as by', 'draft_review.first_approval as first', 'publish_on'])
    .select(['auth_user.name as assignee', 'approver.name as firstApproval'])
    .where('draft_id', '=', draftId)
    .executeTakeFirst();
  const state = row?.state ?? 'editing';
  const { actor } = whoActs();
  const steps = who === undefined ? [] : reviewSteps(state, who, row?.by === actor);
  return {
    state,
    turn: turnOf(state, row?.publish_on != null),
    steps: needsTwo && row?.first === actor ? steps.filter((step) => step !== 'approve') : steps,
    ...(row?.assignee ? { assignee: row.assignee } : {}),
    ...(row?.firstApproval ? { firstApproval: row.firstApproval } : {}),
    ...(row?.publish_on ? { publishOn: row.publish_on } : {}),
    comments: await commentsOf(db, draftId),
  };
}

/** Comments on a draft with what they said before, the oldest first. */
async function commentsOf(db: Database, draftId: string): Promise<ReviewComment[]> {
  const comments = await db
    .selectFrom('review_comment')
    .leftJoin('auth_user', 'auth_user.id', 'review_comment.author')
    .selectAll('review_comment')
    .select('auth_user.name as author_name')
    .where('draft_id', '=', draftId)
    .orderBy('review_comment.id')
    .execute();
  const past = await db
    .selectFrom('review_comment_past')
    .innerJoin('review_comment', 'review_comment.id', 'comment_id')
    .select(['comment_id', 'review_comment_past.text', 'review_comment_past.must_fix', 'until'])
    .where('draft_id', '=', draftId)
    .orderBy('until')
    .execute();
  return comments.map((one) => ({
    id: one.id,
    field: one.field,
    text: one.text,
    mustFix: one.must_fix,
    author: one.author_name ?? '',
    at: one.at.toISOString(),
    isMine: one.author === whoActs().actor,
    past: past
      .filter((before) => before.comment_id === one.id)
      .map(({ text, must_fix: mustFix, until }) => ({ text, mustFix, until: until.toISOString() })),
    ...(one.resolved_at ? { resolvedAt: one.resolved_at.toISOString() } : {}),
  }));
}

/** What a step is taken with. */
export interface StepOptions {
  /** Is nothing missing for publication? */
  isComplete: () => Promise<boolean>;
  /** Must two curators approve, for data of people? */
  needsTwo?: boolean;
  /** Why; kept as a comment. */
  reason?: string | undefined;
  /** Revision of the draft that was looked at; another one refuses the step. */
  revision?: number | undefined;
}

/**
 * Takes a step. Two who take one at once: the second is refused, for the draft has moved.
 * @param tell tells whom it concerns, in the same transaction; not called where a first of two approvals was noted
 * @throws StateRefused with the steps that there are, RevisionConflict
 */
export async function takeStep(
  db: Database,
  draft: Pick<DraftRow, 'id' | 'accession'>,
  name: string,
  who: ReviewTransition['who'],
  { isComplete, needsTwo = false, reason = '', revision }: StepOptions,
  tell: (tx: Database) => Promise<void> = async () => {},
): Promise<void> {
  const complete = await isComplete();
  await db.transaction().execute(async (tx) => {
    // Locks the draft, so that a step is taken from the state that was looked at.
    const locked = await tx
      .selectFrom('draft')
      .select(['id', 'revision', 'state'])
      .where('id', '=', draft.id)
      .forUpdate()
      .executeTakeFirst();
    if (locked?.state !== 'editing') throw new StateRefused('This draft is published, or was discarded.', []);
    if (revision !== undefined && revision !== locked.revision) throw new RevisionConflict(draft.id);
    const row = await tx.selectFrom('draft_review').selectAll().where('draft_id', '=', draft.id).executeTakeFirst();
    const from = row?.state ?? 'editing';
    const way = reviewTransition(from, name);
    const { actor } = whoActs();
    if (way?.who !== who) {
      const isWhose = {
        owner: 'it is for its depositor to do this',
        curator: 'a curator does this who does not own it',
      };
      const why = way ? isWhose[way.who] : 'this cannot be done now';
      throw new StateRefused(`The draft is ${inWords[from]}: ${why}.`, waysFrom('draft', from));
    }
    if (way.isForAssignee && row?.assignee !== actor)
      throw new StateRefused(
        'The curator who took this draft on does this. Give it to yourself first.',
        reviewSteps(from, who, false),
      );
    await demandNeeds(tx, draft.id, way, { complete, reason });
    if (way.needs.includes('two when people') && needsTwo) {
      const first = row?.first_approval ?? undefined;
      if (first === actor)
        throw new StateRefused('You approved this. It holds data of people: another curator must approve it too.');
      if (first === undefined) {
        await tx.updateTable('draft_review').set({ first_approval: actor }).where('draft_id', '=', draft.id).execute();
        return await noteEvent(tx, 'review.first-approval', draft.accession, { step: name });
      }
    }
    await enterStep(tx, draft.id, way, { actor, revision: locked.revision, first: row?.first_approval ?? null });
    if (reason.trim() !== '')
      await tx
        .insertInto('review_comment')
        .values({ draft_id: draft.id, field: '', text: reason.trim(), must_fix: false, author: actor })
        .execute();
    await tell(tx);
    await noteEvent(tx, `review.${way.to}`, draft.accession, { from, step: name });
  });
}

/** Goes on where what a step needs is so. @throws StateRefused */
async function demandNeeds(
  tx: Database,
  draftId: string,
  { needs }: ReviewTransition,
  { complete, reason }: { complete: boolean; reason: string },
): Promise<void> {
  const { rows } = await sql<{ open: number; edits: number }>`select
    (select count(*)::int from review_comment where draft_id = ${draftId} and must_fix and resolved_at is null) as open,
    (select count(*)::int from review_edit where draft_id = ${draftId} and state = 'waiting') as edits`.execute(tx);
  const { open, edits } = rows[0]!;
  if (needs.includes('complete') && !complete) throw new StateRefused('Something is still missing in the draft.');
  if (needs.includes('open must-fix') && open === 0)
    throw new StateRefused('Say in a comment that must be settled what is to be changed.');
  if (needs.includes('no open must-fix') && open > 0)
    throw new StateRefused(`${open} comments that must be settled are open.`);
  if (needs.includes('no open edit') && edits > 0)
    throw new StateRefused(`The depositor has not said yet what they think of ${edits} changes made in place.`);
  if (needs.includes('reason') && reason.trim() === '') throw new StateRefused('Say why.');
}

/** Writes the state a step leads to. */
async function enterStep(
  tx: Database,
  draftId: string,
  way: ReviewTransition,
  { actor, revision, first }: { actor: string; revision: number; first: string | null },
): Promise<void> {
  const now = new Date();
  const isApproved = way.to === 'approved';
  const row = {
    state: way.to,
    first_approval: null,
    publish_on: null,
    ...(way.to === 'in_review' ? { assignee: actor } : {}),
    ...(way.to === 'submitted' ? { submitted_at: now, answered_at: null, checked: null } : {}),
    // The approvals that led here stay said until the draft is changed.
    approved_at: isApproved ? now : null,
    approved_by: isApproved ? actor : null,
    approved_first: isApproved ? first : null,
    approved_revision: isApproved ? revision : null,
  };
  await tx
    .insertInto('draft_review')
    .values({ draft_id: draftId, assignee: null, ...row })
    .onConflict((conflict) => conflict.column('draft_id').doUpdateSet(row))
    .execute();
  if (way.who === 'curator') await noteAnswer(tx, draftId);
}

/** Notes when a curator first did something with a draft that waited. */
async function noteAnswer(tx: Database, draftId: string): Promise<void> {
  await sql`update draft_review set answered_at = coalesce(answered_at, now()) where draft_id = ${draftId}`.execute(tx);
}

/**
 * Fixes the day on which an approved draft is published by itself; without one it waits for somebody.
 * @throws StateRefused where it is not approved
 */
export async function setPublicationDay(
  db: Database,
  draft: Pick<DraftRow, 'id' | 'accession'>,
  day: string | null,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const done = await tx
      .updateTable('draft_review')
      .set({ publish_on: day })
      .where('draft_id', '=', draft.id)
      .where('state', '=', 'approved')
      .returning('draft_id')
      .executeTakeFirst();
    if (!done)
      throw new StateRefused(
        'A draft is given a day once it is approved.',
        waysFrom('draft', await reviewState(tx, draft.id)),
      );
    await noteEvent(tx, 'review.publish-on', draft.accession, { day: day ?? 'none' });
  });
}

/** Ticks points of the checklist. @throws StateRefused where the draft is not in review */
export async function tickPoints(
  db: Database,
  draft: Pick<DraftRow, 'id' | 'accession'>,
  points: readonly string[],
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const done = await tx
      .updateTable('draft_review')
      .set({ checked: JSON.stringify([...new Set(points)].sort()) })
      .where('draft_id', '=', draft.id)
      .where('state', '=', 'in_review')
      .returning('draft_id')
      .executeTakeFirst();
    if (!done) throw new StateRefused('The checklist is gone through while the draft is in review.');
    await noteAnswer(tx, draft.id);
    await noteEvent(tx, 'review.check', draft.accession, { points: points.length });
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
      throw new StateRefused(`The draft is ${inWords[from]}: it is given to a curator while it waits or is in review.`);
    if (!(await reviewersFor(tx, draft.ownerId)).some(({ id }) => id === curator))
      throw new StateRefused('This account is no curator who may review the draft.');
    await tx
      .updateTable('draft_review')
      .set({ state: 'in_review', assignee: curator })
      .where('draft_id', '=', draft.id)
      .execute();
    await noteAnswer(tx, draft.id);
    await tell(tx);
    await noteEvent(tx, 'review.assign', draft.accession, { from, to: curator });
  });
}

/** Adds a comment. */
export async function addComment(
  db: Database,
  draft: Pick<DraftRow, 'id' | 'accession'>,
  comment: { field?: string | undefined; text: string; mustFix: boolean; isOfCurator: boolean },
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
    if (comment.isOfCurator) await noteAnswer(tx, draft.id);
    await tell(tx);
    await noteEvent(tx, 'review.comment', draft.accession, { mustFix: comment.mustFix });
  });
}

/**
 * Writes a comment of one's own anew; what it said before is kept.
 * @returns `false` where there is none of this id by who acts
 */
export async function editComment(
  db: Database,
  draft: Pick<DraftRow, 'id' | 'accession'>,
  id: number,
  change: { text: string; mustFix: boolean },
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const before = await tx
      .selectFrom('review_comment')
      .select(['text', 'must_fix'])
      .where('draft_id', '=', draft.id)
      .where('id', '=', id)
      .where('author', '=', whoActs().actor)
      .forUpdate()
      .executeTakeFirst();
    if (!before) return false;
    if (before.text === change.text && before.must_fix === change.mustFix) return true;
    await tx
      .insertInto('review_comment_past')
      .values({ comment_id: id, ...before })
      .execute();
    await tx
      .updateTable('review_comment')
      .set({ text: change.text, must_fix: change.mustFix })
      .where('id', '=', id)
      .execute();
    await noteEvent(tx, 'review.comment-edit', draft.accession, { comment: id });
    return true;
  });
}

/** Settles a comment, or opens it again; `false` where there is none of this id that it could be done with. */
export async function settleComment(
  db: Database,
  draft: Pick<DraftRow, 'id' | 'accession'>,
  id: number,
  isSettled = true,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const done = await tx
      .updateTable('review_comment')
      .set({ resolved_at: isSettled ? new Date() : null })
      .where('draft_id', '=', draft.id)
      .where('id', '=', id)
      .where('resolved_at', isSettled ? 'is' : 'is not', null)
      .returning('id')
      .executeTakeFirst();
    if (done) await noteEvent(tx, isSettled ? 'review.settle' : 'review.unsettle', draft.accession, { comment: id });
    return done !== undefined;
  });
}
