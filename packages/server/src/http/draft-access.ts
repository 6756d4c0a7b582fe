import { promoterOf, widenPromotion } from '../states/promotions.ts';
import { writesInPlace } from '../states/review-edits.ts';
import { reviewState } from '../states/reviews.ts';
import { filesGoAt } from '../states/without-consent.ts';
import { can, isFrozen, type Action, type DraftRow, type Resource, type Subject } from '@micrarium/repository';
import { curatesStudy } from '../access/study-resource.ts';
import { noteAlone } from '../audit/audit-log.ts';
import { accessOf } from '../auth/sharing.ts';
import type { HttpContext } from './context.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';

type DraftAction = Extract<Action, `draft.${string}`>;

/**
 * The draft of a request, if its sender may do this with it.
 * @throws Problem `not-signed-in` for nobody, whether there is such a draft or not; `not-found` for a draft of others;
 * `not-allowed` where one may see it but not do this
 * @param isInPlace may the curator do it who has the draft in review, for its depositor to accept or object?
 */
export async function draftFor(
  c: HttpContext,
  services: Services,
  id: string,
  action: DraftAction,
  isInPlace = false,
): Promise<DraftRow> {
  const { subject } = c.var;
  if (subject.kind === 'anonymous') throw new Problem('not-signed-in');
  const draft = await services.studies.getDraft(id);
  if (!draft || draft.state === 'discarded') throw new Problem('not-found');
  const resource = await draftResource(services, c.var.subject, draft);
  if (can(subject, action, resource)) {
    const writes = isInPlace && (await writesInPlace(services.db, id));
    if (action === 'draft.edit' && !writes) await demandOpen(services, id);
    await noteLook(services, subject, draft, resource);
    return draft;
  }
  throw new Problem(can(subject, 'draft.read', resource) ? 'not-allowed' : 'not-found');
}

/** Goes on unless curators are looking at the draft, or have approved it as it is. @throws Problem */
export async function demandOpen(services: Services, draftId: string): Promise<void> {
  if (isFrozen(await reviewState(services.db, draftId)))
    throw new Problem('state-conflict', 'The draft is with the curators. Recall it on its review page to change it.');
}

/** Does the draft change metadata only, so that its files stay those of the version before? */
export async function isRevision(db: Services['db'], draftId: string): Promise<boolean> {
  const row = await db
    .selectFrom('draft_revision')
    .select('draft_id')
    .where('draft_id', '=', draftId)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Goes on unless the draft changes metadata only. A promotion to the database tier does so until its files change: then it is the next version.
 * @param isLook nothing is changed yet
 * @throws Problem
 */
export async function demandFilesOpen({ db }: Services, draftId: string, isLook = false): Promise<void> {
  if (!(await isRevision(db, draftId))) return;
  if (isLook ? (await promoterOf(db, draftId)) !== undefined : await widenPromotion(db, draftId)) return;
  // Another request may have widened it meanwhile.
  if (!(await isRevision(db, draftId))) return;
  throw new Problem(
    'state-conflict',
    'This draft changes metadata only. Discard it and open a new version to change files, how they are read, or which belong together.',
  );
}

/** Goes on unless the files of the draft go, because persons can be recognised by them who did not consent: no more are taken. @throws Problem */
export async function demandConsent({ db }: Services, draftId: string): Promise<void> {
  const at = await filesGoAt(db, draftId);
  if (at !== undefined)
    throw new Problem(
      'state-conflict',
      `Persons who did not consent can be recognised by these data, as was declared: no files are taken, and those that are here are deleted by ${at}. If that is wrong, correct the declaration first.`,
    );
}

/** Who looked at which draft on which day, as far as this process noted it. */
const looks = new Set<string>();

/** Notes once a day that somebody looked at a draft by a role, that nobody had submitted: no role peeks without a trace. */
async function noteLook(
  { db }: Services,
  subject: Subject,
  draft: Pick<DraftRow, 'accession'>,
  { ownerId, shared, inReview }: Extract<Resource, { kind: 'draft' }>,
): Promise<void> {
  if (subject.kind !== 'user' && subject.kind !== 'token') return;
  if (subject.userId === ownerId || shared !== undefined || inReview) return;
  const key = `${new Date().toISOString().slice(0, 10)} ${subject.userId} ${draft.accession}`;
  if (looks.has(key)) return;
  if (looks.size > 10_000) looks.clear();
  await noteAlone(db, 'draft.look', draft.accession);
  looks.add(key);
}

/** Are the files of a draft, or of the versions before it, given on request only? */
async function isControlled({ db, states }: Services, { id, accession }: Pick<DraftRow, 'id' | 'accession'>) {
  const row = await db.selectFrom('draft_access').select('declaration').where('draft_id', '=', id).executeTakeFirst();
  const declared = row?.declaration;
  if (declared && (declared.identifiable || declared.access === 'controlled')) return true;
  return (await states.of(accession)).state === 'controlled';
}

/** A draft as `can` asks for it: with what sharing, and a community that has the study, give the subject. */
export async function draftResource(
  services: Services,
  subject: Subject,
  draft: Pick<DraftRow, 'id' | 'accession' | 'ownerId'>,
): Promise<Extract<Resource, { kind: 'draft' }>> {
  const { ownerId, accession } = draft;
  const isOther = (subject.kind === 'user' || subject.kind === 'token') && subject.userId !== ownerId;
  const shared = isOther ? await sharedWith(services, subject, draft) : undefined;
  const inReview = (await reviewState(services.db, draft.id)) !== 'editing';
  if (!isOther) return { kind: 'draft', accession, ownerId, inReview };
  const curates = await curatesStudy(services.db, accession, subject.userId);
  return {
    kind: 'draft',
    accession,
    ownerId,
    inReview,
    isControlled: await isControlled(services, draft),
    ...(shared ? { shared } : {}),
    ...(curates ? { curates } : {}),
  };
}

/** A curator completes what they promote with its depositor, for as long as they are a curator and the draft is open. */
async function sharedWith(
  { db }: Services,
  { userId, role, withoutFactor }: Extract<Subject, { userId: string }>,
  { id, accession }: Pick<DraftRow, 'id' | 'accession'>,
) {
  if (role !== 'member' && !withoutFactor && (await promoterOf(db, id)) === userId) return 'edit' as const;
  return await accessOf(db, accession, userId);
}

/**
 * Does the sender see what was found of persons in the files of a draft? Who edits it decides what becomes of it, and who reviews it judges it;
 * with whom it is shared for reading does neither.
 */
export async function seesFindings(c: HttpContext, services: Services, draft: DraftRow): Promise<boolean> {
  const resource = await draftResource(services, c.var.subject, draft);
  return can(c.var.subject, 'draft.edit', resource) || can(c.var.subject, 'draft.review', resource);
}

/** May the sender use the interface for this at all? @throws Problem */
export function demandService(c: HttpContext, action: 'draft.create' | 'draft.list'): string {
  const { subject } = c.var;
  if (subject.kind === 'anonymous' || subject.kind === 'system') throw new Problem('not-signed-in');
  if (!can(subject, action, { kind: 'service' }))
    throw new Problem(
      'not-allowed',
      action === 'draft.create' && subject.kind === 'token' && subject.only !== undefined
        ? 'This token is limited to some studies, and begins none. Make one that counts for all.'
        : `This token has not the scope for this: it needs "${action === 'draft.create' ? 'deposit' : 'read'}".`,
    );
  return subject.userId;
}
