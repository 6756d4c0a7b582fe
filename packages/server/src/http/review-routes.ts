import { routes } from '@micrarium/api';
import { can, type DraftRow, type ReviewStep, viewDraft } from '@micrarium/repository';
import { studiesCuratedBy } from '../access/study-resource.ts';
import type { Database } from '../database/connect.ts';
import type { NoticeKind } from '../notices/notices.ts';
import { promoterOf } from '../states/promotions.ts';
import {
  addComment,
  assigneeOf,
  assignReview,
  reviewersFor,
  reviewOf,
  reviewQueue,
  settleComment,
  takeStep,
} from '../states/reviews.ts';
import { signedIn } from './account-routes.ts';
import { holdsPeople } from './access-routes.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { draftFor, draftResource } from './draft-access.ts';
import type { Kernel, Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };

const kindOfStep: Readonly<Partial<Record<ReviewStep, NoticeKind>>> = {
  submit: 'submitted',
  claim: 'assigned',
  'request changes': 'changes-requested',
  approve: 'approved',
  return: 'returned',
};

/** What stands in the sentence of a notice about a draft. */
function aboutDraft(c: HttpContext, draft: DraftRow): { link: string; detail: Record<string, string> } {
  const { title } = draft.metadata.values;
  const { accession } = draft;
  const name = c.var.caller?.user.name ?? '';
  return {
    link: `/review/${draft.id}`,
    detail: { accession, name, title: typeof title === 'string' && title !== '' ? title : accession },
  };
}

/** A step of the depositor concerns curators, one of a curator the depositor. */
async function tellOfStep(
  c: HttpContext,
  { notices }: Services,
  draft: DraftRow,
  step: ReviewStep,
  tx: Database,
): Promise<void> {
  const kind = kindOfStep[step];
  if (kind === undefined) return;
  const to = step === 'submit' ? await notices.withRole(['owner', 'curator'], draft.ownerId, tx) : [draft.ownerId];
  await notices.tell(to, { kind, ...aboutDraft(c, draft) }, tx);
}

/** A comment is told to the other side: the depositor, or the curator who took the draft on. */
async function tellOfComment(
  c: HttpContext,
  { notices }: Services,
  draft: DraftRow,
  who: 'owner' | 'curator',
  tx: Database,
): Promise<void> {
  const to = who === 'curator' ? draft.ownerId : await assigneeOf(tx, draft.id);
  await notices.tell([to], { kind: 'commented', ...aboutDraft(c, draft) }, tx);
}

/** Review of drafts before they are published. */
export function reviewRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const roleIn = async (c: HttpContext, draft: DraftRow) => {
    const resource = await draftResource(services(), c.var.subject, draft);
    if (can(c.var.subject, 'draft.review', resource)) return 'curator' as const;
    return can(c.var.subject, 'draft.submit', resource) ? ('owner' as const) : undefined;
  };
  const shown = async (c: HttpContext, draft: DraftRow) => {
    const who = await roleIn(c, draft);
    const review = await reviewOf(services().db, draft.id, who);
    const isWaiting = review.state === 'submitted' || review.state === 'in_review';
    const curators = who === 'curator' && isWaiting ? await reviewersFor(services().db, draft.ownerId) : undefined;
    return { ...review, ...(curators ? { curators } : {}), ...(await required(draft)) };
  };
  const required = async (draft: DraftRow) => ({
    isRequired:
      kernel.config.review ||
      (await promoterOf(services().db, draft.id)) !== undefined ||
      (await holdsPeople(services().db, draft.id)),
  });
  /** The draft, for those who speak about it: its owner and curators, with a session. */
  const asking = async (c: HttpContext, id: string) => {
    const draft = await draftFor(c, services(), id, 'draft.read');
    const who = await roleIn(c, draft);
    if (!who)
      throw new Problem('not-allowed', 'This is for the owner of the draft and for curators, signed in on the page.');
    return { draft, who };
  };

  /** Studies of communities the sender leads; `undefined` for a curator of the installation, whose are all. */
  const ownCollections = async (c: HttpContext): Promise<Set<string> | undefined> => {
    const { subject } = signedIn(c);
    if (can(subject, 'review.list', { kind: 'service' })) return undefined;
    return new Set(subject.kind === 'user' ? await studiesCuratedBy(services().db, subject.userId) : []);
  };

  app.openapi(mounted(routes.listReviews), async (c) => {
    const own = await ownCollections(c);
    if (own?.size === 0) throw new Problem('not-allowed', 'This is for curators, signed in on the page.');
    const all = await reviewQueue(services().db);
    return c.json({ reviews: own ? all.filter(({ accession }) => own.has(accession)) : all }, 200, unstored);
  });
  app.openapi(mounted(routes.getReview), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    return c.json(await shown(c, draft), 200, unstored);
  });
  app.openapi(mounted(routes.takeReviewStep), async (c) => {
    const { draft, who } = await asking(c, c.req.valid('param').draft);
    const isComplete = async () => (await viewDraft(services(), draft)).missing.length === 0;
    const { step } = c.req.valid('json');
    const needsTwo = await holdsPeople(services().db, draft.id);
    await takeStep(services().db, draft, step, who, { isComplete, needsTwo }, (tx) =>
      tellOfStep(c, services(), draft, step, tx),
    );
    return c.json(await shown(c, draft), 200, unstored);
  });
  app.openapi(mounted(routes.assignReview), async (c) => {
    const { draft, who } = await asking(c, c.req.valid('param').draft);
    if (who !== 'curator') throw new Problem('not-allowed', 'Curators give drafts to one another.');
    const { curator } = c.req.valid('json');
    const { db, notices, accounts } = services();
    await assignReview(db, draft, curator, async (tx) => {
      const { link, detail } = aboutDraft(c, draft);
      const name = (await accounts.byId(curator))?.name ?? '';
      // The curator is told whose hands it came from, the depositor who looks at it now.
      if (curator !== c.var.caller?.user.id) await notices.tell([curator], { kind: 'review-given', link, detail }, tx);
      await notices.tell([draft.ownerId], { kind: 'assigned', link, detail: { ...detail, name } }, tx);
    });
    return c.json(await shown(c, draft), 200, unstored);
  });
  app.openapi(mounted(routes.addReviewComment), async (c) => {
    const { draft, who } = await asking(c, c.req.valid('param').draft);
    const comment = c.req.valid('json');
    // Only curators demand; a depositor answers.
    await addComment(services().db, draft, { ...comment, mustFix: comment.mustFix && who === 'curator' }, (tx) =>
      tellOfComment(c, services(), draft, who, tx),
    );
    return c.json(await shown(c, draft), 200, unstored);
  });
  app.openapi(mounted(routes.settleReviewComment), async (c) => {
    const { draft: id, id: comment } = c.req.valid('param');
    const { draft, who } = await asking(c, id);
    if (who !== 'curator') throw new Problem('not-allowed', 'A curator settles comments. Answer in one of your own.');
    if (!(await settleComment(services().db, draft, comment))) throw new Problem('not-found');
    return c.json(await shown(c, draft), 200, unstored);
  });
}
