import { routes } from '@micrarium/api';
import { can, type DraftRow, viewDraft } from '@micrarium/repository';
import { addComment, reviewOf, reviewQueue, settleComment, takeStep } from '../states/reviews.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { draftFor, draftResource } from './draft-access.ts';
import type { Kernel, Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** Review of drafts before they are published. */
export function reviewRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const roleIn = async (c: HttpContext, draft: DraftRow) => {
    const resource = await draftResource(services(), c.var.subject, draft);
    if (can(c.var.subject, 'draft.review', resource)) return 'curator' as const;
    return can(c.var.subject, 'draft.share', resource) ? ('owner' as const) : undefined;
  };
  const shown = async (c: HttpContext, draft: DraftRow) => ({
    ...(await reviewOf(services().db, draft.id, await roleIn(c, draft))),
    isRequired: kernel.config.review,
  });
  /** The draft, for those who speak about it: its owner and curators, with a session. */
  const asking = async (c: HttpContext, id: string) => {
    const draft = await draftFor(c, services(), id, 'draft.read');
    const who = await roleIn(c, draft);
    if (!who)
      throw new Problem('not-allowed', 'This is for the owner of the draft and for curators, signed in on the page.');
    return { draft, who };
  };

  app.openapi(mounted(routes.listReviews), async (c) => {
    const { subject } = signedIn(c);
    if (!can(subject, 'review.list', { kind: 'service' }))
      throw new Problem('not-allowed', 'This is for curators, signed in on the page.');
    return c.json({ reviews: await reviewQueue(services().db) }, 200, unstored);
  });
  app.openapi(mounted(routes.getReview), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    return c.json(await shown(c, draft), 200, unstored);
  });
  app.openapi(mounted(routes.takeReviewStep), async (c) => {
    const { draft, who } = await asking(c, c.req.valid('param').draft);
    const isComplete = async () => (await viewDraft(services(), draft)).missing.length === 0;
    await takeStep(services().db, draft, c.req.valid('json').step, who, isComplete);
    return c.json(await shown(c, draft), 200, unstored);
  });
  app.openapi(mounted(routes.addReviewComment), async (c) => {
    const { draft, who } = await asking(c, c.req.valid('param').draft);
    const comment = c.req.valid('json');
    // Only curators demand; a depositor answers.
    await addComment(services().db, draft, { ...comment, mustFix: comment.mustFix && who === 'curator' });
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
