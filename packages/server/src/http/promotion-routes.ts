import { routes } from '@micrarium/api';
import { can, viewDraft } from '@micrarium/repository';
import { shownTitle } from '@micrarium/standards';
import { askedByDatabase, askedOf, promotionShortlist } from '../states/promotion-shortlist.ts';
import { hideBadge } from '../states/curators-marks.ts';
import { beginPromotion, openPromotions } from '../states/promotions.ts';
import { signedIn } from './account-routes.ts';
import { studyResource } from '../access/study-resource.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';
import { versionFor } from './study-access.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** Curators bring studies of the archive tier into the database tier. */
export function promotionRoutes(app: Application, services: () => Services): void {
  const curator = async (c: HttpContext, accession?: string): Promise<string> => {
    const { subject } = signedIn(c);
    const isCurator =
      accession === undefined
        ? can(subject, 'review.list', { kind: 'service' })
        : can(subject, 'study.curate', await studyResource(services(), subject, accession));
    if (!isCurator || subject.kind !== 'user')
      throw new Problem('not-allowed', 'This is for curators, signed in on the page.');
    return subject.userId;
  };
  const shown = async (c: HttpContext, accession: string) => {
    const found = await versionFor(c, services(), accession, 'newest');
    const { studies, db } = services();
    const [open] = await openPromotions(db, accession);
    const draft = open && (await studies.getDraft(open.draft));
    const whole = draft ? undefined : await studies.getVersion(accession, 'newest');
    const missing = draft ? (await viewDraft(services(), draft)).missing : whole ? askedByDatabase(whole) : [];
    const { title } = found.metadata.values;
    const { hiddenBadge } = await services().states.of(accession);
    return {
      accession,
      title: shownTitle(title),
      tier: found.tier,
      version: found.version,
      asked: found.tier === 'database' && !draft ? [] : askedOf(missing),
      ...(open ? { open } : {}),
      ...(hiddenBadge ? { hiddenBadge } : {}),
    };
  };

  app.openapi(mounted(routes.listPromotions), async (c) => {
    await curator(c);
    const { db, studies } = services();
    const [open, shortlist] = await Promise.all([openPromotions(db), promotionShortlist(db, studies)]);
    return c.json({ open, ...shortlist }, 200, unstored);
  });

  app.openapi(mounted(routes.getPromotion), async (c) => {
    const { accession } = c.req.valid('param');
    await curator(c, accession);
    return c.json(await shown(c, accession), 200, unstored);
  });

  app.openapi(mounted(routes.setBadge), async (c) => {
    const { accession } = c.req.valid('param');
    await curator(c, accession);
    await versionFor(c, services(), accession, 'newest');
    const { isHidden, reason } = c.req.valid('json');
    await hideBadge(services(), accession, isHidden ? reason : undefined);
    return c.json(await shown(c, accession), 200, unstored);
  });

  app.openapi(mounted(routes.promoteStudy), async (c) => {
    const { accession } = c.req.valid('param');
    const userId = await curator(c, accession);
    if ((await services().states.of(accession)).state === 'controlled')
      throw new Problem('state-conflict', 'Its files are given on request: curators do not read them by promoting it.');
    await versionFor(c, services(), accession, 'newest');
    const name = c.var.caller?.user.name ?? '';
    const { isNew } = await beginPromotion(services(), accession, userId, async (draft, tx) => {
      const { title } = draft.metadata.values;
      const to = draft.ownerId === userId ? [] : [draft.ownerId];
      const detail = { accession, name, title: shownTitle(title, accession) };
      await services().notices.tell(to, { kind: 'promotion', link: `/deposit/${draft.id}`, detail }, tx);
    });
    const answer = await shown(c, accession);
    return isNew ? c.json(answer, 201, unstored) : c.json(answer, 200, unstored);
  });
}
