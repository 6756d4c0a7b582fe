import { routes } from '@micrarium/api';
import { can, closingGrounds, isEmbargoDay, studyStatesAfter, studyTransition } from '@micrarium/repository';
import { declarationOfDraft } from '../access/draft-declaration.ts';
import { studyResource } from '../access/study-resource.ts';
import { noteEvent } from '../audit/audit-log.ts';
import { askForChange, openAsks, peopleWithRole } from '../states/study-asks.ts';
import { StateRefused } from '../states/state-refused.ts';
import { isPurged } from '../states/study-states.ts';
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
    // A change that a second person is to confirm.
    const waits = (await openAsks(services().db, accession)).map(({ change }) => change);
    return {
      ...state,
      next: (await isPurged(services().db, accession)) ? [] : studyStatesAfter(state.state),
      waits,
      curators: await peopleWithRole(services().db, ['owner', 'curator']),
    };
  };
  const curated = async (c: HttpContext, accession: string) => {
    const { subject } = signedIn(c);
    const { studies } = services();
    if (!can(subject, 'study.set-state', await studyResource(services(), subject, accession)))
      throw new Problem(
        'not-allowed',
        'This is for curators of the installation, and of a community that has the study.',
      );
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
    const wanted = c.req.valid('json');
    const { subject, caller } = signedIn(c);
    const isSigned = can(subject, 'system.maintain', { kind: 'service' });
    const { notices, states } = services();
    const now = await states.of(accession);
    const way = studyTransition(now.state, wanted.state);
    if (way?.needs.includes('ground') && wanted.ground === undefined)
      throw new StateRefused(`Name the ground: ${closingGrounds.join(', ')}.`);
    // A second person confirms it, also where there is none yet: nobody closes the files of others alone.
    if (way?.takesTwo) {
      const { reason = '', ground } = wanted;
      const tell = await notices.withRole(['owner', 'curator']);
      await askForChange(services(), { accession, change: 'restrict', reason, ground, name: caller.user.name }, tell);
    } else await states.change(accession, { ...wanted, isSigned });
    return c.json(await shown(accession), 200, unstored);
  });

  app.openapi(mounted(routes.getRelease), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    const row = await services()
      .db.selectFrom('draft_release')
      .select(['embargo_until', 'is_private'])
      .where('draft_id', '=', draft.id)
      .executeTakeFirst();
    return c.json({ embargoUntil: row?.embargo_until ?? null, isPrivate: row?.is_private ?? false }, 200, unstored);
  });

  app.openapi(mounted(routes.setRelease), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.publish');
    const { embargoUntil, isPrivate: wantsPrivate } = c.req.valid('json');
    const isPrivate = embargoUntil !== null && wantsPrivate;
    if (draft.version > 1 || draft.minor !== undefined)
      throw new Problem(
        'state-conflict',
        'A version of this study is public already: its files cannot be closed again.',
      );
    if (embargoUntil !== null && !isEmbargoDay(embargoUntil, services().clock.now()))
      throw new Problem('state-conflict', 'Name a day after today, at most 36 months from now.');
    if (isPrivate && (await declarationOfDraft(services().db, draft.id))?.access === 'controlled')
      throw new Problem(
        'state-conflict',
        'Files that are not open have no such day, so that metadata would be public at once. Declare the files open, or keep the draft.',
      );
    await services()
      .db.transaction()
      .execute(async (tx) => {
        await tx.deleteFrom('draft_release').where('draft_id', '=', draft.id).execute();
        if (embargoUntil !== null)
          await tx
            .insertInto('draft_release')
            .values({ draft_id: draft.id, embargo_until: embargoUntil, is_private: isPrivate })
            .execute();
        await noteEvent(tx, 'draft.release', draft.accession, {
          until: embargoUntil ?? 'at once',
          ...(isPrivate ? { isPrivate } : {}),
        });
      });
    return c.json({ embargoUntil, isPrivate }, 200, unstored);
  });
}
