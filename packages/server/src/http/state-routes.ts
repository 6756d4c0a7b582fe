import { routes } from '@micrarium/api';
import { can, isEmbargoDay, studyStatesAfter } from '@micrarium/repository';
import { studyResource } from '../access/study-resource.ts';
import { noteEvent } from '../audit/audit-log.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { draftFor } from './draft-access.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** States of studies for curators, and the release day of a draft for its depositor. */
export function stateRoutes(app: Application, services: () => Services): void {
  const shown = async (accession: string) => {
    const state = await services().states.of(accession);
    return { ...state, next: studyStatesAfter(state.state) };
  };
  const curated = async (c: HttpContext, accession: string) => {
    const { subject } = signedIn(c);
    const { studies } = services();
    if (!can(subject, 'study.set-state', await studyResource(services(), subject, accession)))
      throw new Problem('not-allowed', 'This is for curators of the installation, and of a community that has the study.');
    if (!(await studies.getVersion(accession, 'newest'))) throw new Problem('not-found');
  };

  app.openapi(mounted(routes.getStudyState), async (c) => {
    const { accession } = c.req.valid('param');
    await curated(c, accession);
    return c.json(await shown(accession), 200, unstored);
  });

  app.openapi(mounted(routes.setStudyState), async (c) => {
    const { accession } = c.req.valid('param');
    await curated(c, accession);
    await services().states.change(accession, c.req.valid('json'));
    return c.json(await shown(accession), 200, unstored);
  });

  app.openapi(mounted(routes.getRelease), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    const row = await services()
      .db.selectFrom('draft_release')
      .select('embargo_until')
      .where('draft_id', '=', draft.id)
      .executeTakeFirst();
    return c.json({ embargoUntil: row?.embargo_until ?? null }, 200, unstored);
  });

  app.openapi(mounted(routes.setRelease), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.publish');
    const { embargoUntil } = c.req.valid('json');
    if (draft.version > 1 || draft.minor !== undefined)
      throw new Problem(
        'state-conflict',
        'A version of this study is public already: its files cannot be closed again.',
      );
    if (embargoUntil !== null && !isEmbargoDay(embargoUntil, services().clock.now()))
      throw new Problem('state-conflict', 'Name a day after today, at most 36 months from now.');
    await services()
      .db.transaction()
      .execute(async (tx) => {
        await tx.deleteFrom('draft_release').where('draft_id', '=', draft.id).execute();
        if (embargoUntil !== null)
          await tx.insertInto('draft_release').values({ draft_id: draft.id, embargo_until: embargoUntil }).execute();
        await noteEvent(tx, 'draft.release', draft.accession, { until: embargoUntil ?? 'at once' });
      });
    return c.json({ embargoUntil }, 200, unstored);
  });
}
