import type { z } from '@hono/zod-openapi';
import { routes } from '@micrarium/api';
import {
  can,
  checklistOf,
  checklistPoints,
  type DraftRow,
  type Resource,
  type ReviewStep,
  type ReviewTransition,
  viewDraft,
} from '@micrarium/repository';
import { labelOfKey, shownTitle } from '@micrarium/standards';
import { communityCurators, studiesCuratedBy } from '../access/study-resource.ts';
import type { Database } from '../database/connect.ts';
import type { NoticeKind } from '../notices/notices.ts';
import { duplicatesOf } from '../states/duplicates.ts';
import { needsReview } from '../states/publication.ts';
import { decideEdit, listEdits, writesInPlace } from '../states/review-edits.ts';
import { keepFilter, keptFilters, mostFilters, reviewQueue } from '../states/review-queue.ts';
import {
  addComment,
  assigneeOf,
  assignReview,
  editComment,
  reviewersFor,
  reviewOf,
  setPublicationDay,
  settleComment,
  takeStep,
  tickPoints,
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

/** A review as it is answered. */
type ShownReview = z.infer<(typeof routes.getReview.responses)[200]['content']['application/json']['schema']>;

/** The revision that `If-Match` names; without one, any. What is no revision of ours is none. */
function revisionIn(condition: string | undefined): number | undefined {
  if (condition === undefined) return undefined;
  return Number(/^(?:W\/)?"?(\d{1,9})(?:\.[\w-]+)?"?$/.exec(condition.trim())?.[1] ?? -1);
}

/** What stands in the sentence of a notice about a draft. */
function aboutDraft(c: HttpContext, draft: DraftRow): { link: string; detail: Record<string, string> } {
  const { accession } = draft;
  const name = c.var.caller?.user.name ?? '';
  return {
    link: `/review/${draft.id}`,
    detail: { accession, name, title: shownTitle(draft.metadata.values['title'], accession) },
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
  const curators = async () => [
    ...(await notices.withRole(['owner', 'curator'], draft.ownerId, tx)),
    ...(await communityCurators(tx, draft.accession)).filter((id) => id !== draft.ownerId),
  ];
  const to = step === 'submit' ? await curators() : [draft.ownerId];
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

/** How many curators an approval lacks: nobody approves their own draft, and data of people need two. */
async function curatorsMissing(db: Database, draft: DraftRow): Promise<number> {
  const [needsTwo, installation, community] = await Promise.all([
    holdsPeople(db, draft.id),
    reviewersFor(db, draft.ownerId),
    communityCurators(db, draft.accession),
  ]);
  const others = new Set([...installation.map(({ id }) => id), ...community]);
  others.delete(draft.ownerId);
  return Math.max(0, (needsTwo ? 2 : 1) - others.size);
}

/** Review of drafts before they are published. */
export function reviewRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const roleFor = (c: HttpContext, resource: Resource) => {
    if (can(c.var.subject, 'draft.review', resource)) return 'curator' as const;
    return can(c.var.subject, 'draft.submit', resource) ? ('owner' as const) : undefined;
  };
  const roleIn = async (c: HttpContext, draft: DraftRow) =>
    roleFor(c, await draftResource(services(), c.var.subject, draft));
  const shown = async (c: HttpContext, draft: DraftRow): Promise<ShownReview> => {
    const { db, studies } = services();
    const resource = await draftResource(services(), c.var.subject, draft);
    const who = roleFor(c, resource);
    const now = (await studies.getDraft(draft.id)) ?? draft;
    const review = await reviewOf(db, draft.id, who, await holdsPeople(db, draft.id));
    const isWaiting = review.state === 'submitted' || review.state === 'in_review';
    const curators = who === 'curator' && isWaiting ? await reviewersFor(db, draft.ownerId) : undefined;
    const row = await db
      .selectFrom('draft_review')
      .select('checked')
      .where('draft_id', '=', draft.id)
      .executeTakeFirst();
    const userId = c.var.caller?.user.id;
    const isRequired = await needsReview(kernel, services(), draft.id);
    return {
      ...review,
      revision: now.revision,
      isOwner: userId === draft.ownerId,
      isCurator: who === 'curator',
      mayEdit: (await writesInPlace(db, draft.id)) && can(c.var.subject, 'draft.edit', resource),
      edits: (await listEdits(db, draft.id)).map((edit) => ({ ...edit, label: labelOfKey(edit.field) })),
      checklist: checklistOf(await viewDraft(services(), now), row?.checked ?? []),
      // What is there already is shown only as far as who asks may see it.
      duplicates: userId === undefined ? [] : await duplicatesOf(db, now, userId),
      ...(curators ? { curators } : {}),
      isRequired,
      curatorsMissing: isRequired ? await curatorsMissing(db, draft) : 0,
    };
  };
  /** The draft, for those who speak about it: its owner and curators. */
  const asking = async (c: HttpContext, id: string) => {
    const draft = await draftFor(c, services(), id, 'draft.read');
    const who = await roleIn(c, draft);
    if (!who) throw new Problem('not-allowed', 'This is for the owner of the draft and for curators.');
    return { draft, who };
  };
  /** The same for what curators alone do. */
  const curating = async (c: HttpContext, id: string, detail: string) => {
    const { draft, who } = await asking(c, id);
    if (who !== 'curator') throw new Problem('not-allowed', detail);
    return draft;
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
    const all = await reviewQueue(services().db, services().clock.now());
    return c.json({ reviews: own ? all.filter(({ accession }) => own.has(accession)) : all }, 200, unstored);
  });
  filterRoutes(app, services);
  app.openapi(mounted(routes.getReview), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    return c.json((await shown(c, draft)) as never, 200, unstored);
  });
  app.openapi(mounted(routes.takeReviewStep), async (c) => {
    const { draft, who } = await asking(c, c.req.valid('param').draft);
    const isComplete = async () => (await viewDraft(services(), draft)).missing.length === 0;
    const { step, reason } = c.req.valid('json');
    const revision = revisionIn(c.req.valid('header')['if-match']);
    const needsTwo = await holdsPeople(services().db, draft.id);
    await takeStep(services().db, draft, step, who, { isComplete, needsTwo, reason, revision }, (tx) =>
      tellOfStep(c, services(), draft, step, tx),
    );
    return c.json((await shown(c, draft)) as never, 200, unstored);
  });
  app.openapi(mounted(routes.setPublicationDay), async (c) => {
    const { draft } = await asking(c, c.req.valid('param').draft);
    const { day } = c.req.valid('json');
    const today = services().trustedClock.now().toISOString().slice(0, 10);
    if (day !== null && day <= today) throw new Problem('state-conflict', 'Name a day to come, or publish it now.');
    await setPublicationDay(services().db, draft, day);
    return c.json((await shown(c, draft)) as never, 200, unstored);
  });
  app.openapi(mounted(routes.tickChecklist), async (c) => {
    const draft = await curating(c, c.req.valid('param').draft, 'Curators go through the checklist.');
    const known = checklistPoints.filter(({ isMachine }) => !isMachine).map(({ id }) => id);
    await tickPoints(
      services().db,
      draft,
      c.req.valid('json').ticked.filter((id) => known.includes(id)),
    );
    return c.json((await shown(c, draft)) as never, 200, unstored);
  });
  app.openapi(mounted(routes.assignReview), async (c) => {
    const draft = await curating(c, c.req.valid('param').draft, 'Curators give drafts to one another.');
    const { curator } = c.req.valid('json');
    const { db, notices, accounts } = services();
    await assignReview(db, draft, curator, async (tx) => {
      const { link, detail } = aboutDraft(c, draft);
      const name = (await accounts.byId(curator))?.name ?? '';
      // The curator is told whose hands it came from, the depositor who looks at it now.
      if (curator !== c.var.caller?.user.id) await notices.tell([curator], { kind: 'review-given', link, detail }, tx);
      await notices.tell([draft.ownerId], { kind: 'assigned', link, detail: { ...detail, name } }, tx);
    });
    return c.json((await shown(c, draft)) as never, 200, unstored);
  });
  app.openapi(mounted(routes.decideReviewEdit), async (c) => {
    const { draft: id, id: edit } = c.req.valid('param');
    const draft = await draftFor(c, services(), id, 'draft.read');
    if (draft.ownerId !== c.var.caller?.user.id)
      throw new Problem('not-allowed', 'Who deposits the study accepts or objects.');
    const { db, notices } = services();
    const { answer } = c.req.valid('json');
    const tell = async (tx: Database, curator: string) =>
      await notices.tell(
        [curator],
        { kind: 'edit-decided', ...aboutDraft(c, draft), ...(answer === '' ? {} : { quote: answer }) },
        tx,
      );
    if (!(await decideEdit(db, draft, edit, c.req.valid('json'), tell))) throw new Problem('not-found');
    return c.json((await shown(c, draft)) as never, 200, unstored);
  });
  commentRoutes(app, services, { shown, asking, curating });
}

/** What is said about a draft. */
function commentRoutes(
  app: Application,
  services: () => Services,
  {
    shown,
    asking,
    curating,
  }: {
    shown(c: HttpContext, draft: DraftRow): Promise<ShownReview>;
    asking(c: HttpContext, id: string): Promise<{ draft: DraftRow; who: ReviewTransition['who'] }>;
    curating(c: HttpContext, id: string, detail: string): Promise<DraftRow>;
  },
): void {
  app.openapi(mounted(routes.addReviewComment), async (c) => {
    const { draft, who } = await asking(c, c.req.valid('param').draft);
    const comment = c.req.valid('json');
    const isOfCurator = who === 'curator';
    // Only curators demand; a depositor answers.
    await addComment(services().db, draft, { ...comment, mustFix: comment.mustFix && isOfCurator, isOfCurator }, (tx) =>
      tellOfComment(c, services(), draft, who, tx),
    );
    return c.json((await shown(c, draft)) as never, 200, unstored);
  });
  app.openapi(mounted(routes.editReviewComment), async (c) => {
    const { draft: id, id: comment } = c.req.valid('param');
    const { draft, who } = await asking(c, id);
    const { text, mustFix } = c.req.valid('json');
    if (!(await editComment(services().db, draft, comment, { text, mustFix: mustFix && who === 'curator' })))
      throw new Problem('not-found');
    return c.json((await shown(c, draft)) as never, 200, unstored);
  });
  app.openapi(mounted(routes.settleReviewComment), async (c) => {
    const { draft: id, id: comment } = c.req.valid('param');
    const draft = await curating(c, id, 'A curator settles comments. Answer in one of your own.');
    if (!(await settleComment(services().db, draft, comment))) throw new Problem('not-found');
    return c.json((await shown(c, draft)) as never, 200, unstored);
  });
  app.openapi(mounted(routes.reopenReviewComment), async (c) => {
    const { draft: id, id: comment } = c.req.valid('param');
    const draft = await curating(c, id, 'A curator opens comments again. Answer in one of your own.');
    if (!(await settleComment(services().db, draft, comment, false))) throw new Problem('not-found');
    return c.json((await shown(c, draft)) as never, 200, unstored);
  });
}

/** Filters of the queue that curators keep. */
function filterRoutes(app: Application, services: () => Services): void {
  const curator = (c: HttpContext): string => {
    const { subject, caller } = signedIn(c);
    if (!can(subject, 'review.list', { kind: 'service' })) throw new Problem('not-allowed', 'This is for curators.');
    return caller.user.id;
  };
  app.openapi(mounted(routes.listReviewFilters), async (c) => {
    const userId = curator(c);
    return c.json({ filters: await keptFilters(services().db, userId) }, 200, unstored);
  });
  app.openapi(mounted(routes.keepReviewFilter), async (c) => {
    const userId = curator(c);
    const { db } = services();
    if (!(await keepFilter(db, userId, c.req.valid('param').name, c.req.valid('json').filter)))
      throw new Problem('state-conflict', `${mostFilters} filters are kept. Forget one first.`);
    return c.json({ filters: await keptFilters(db, userId) }, 200, unstored);
  });
}
