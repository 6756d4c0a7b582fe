import { routes } from '@micrarium/api';
import { can } from '@micrarium/repository';
import { studyResource } from '../access/study-resource.ts';
import { listEvents } from '../audit/audit-log.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

/** What happened to a study, for those who answer for it or curate it; stays when the study is withdrawn. */
export function studyLogRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.getStudyLog), async (c) => {
    const { accession } = c.req.valid('param');
    const { subject } = signedIn(c);
    const { db } = services();
    const known = await db
      .selectFrom('study')
      .select('accession')
      .where('accession', '=', accession)
      .executeTakeFirst();
    // That there is a draft is nobody else's business, and who may read the log of a published study is no secret.
    if (!known || !can(subject, 'study.audit', await studyResource(services(), subject, accession)))
      throw new Problem('not-found');
    const { before, limit = 100 } = c.req.valid('query');
    const events = await listEvents(db, { target: accession, before, limit });
    const shown = events.map(({ seq, at, actor, actorName, via, action, detail }) => ({
      seq,
      at,
      // Who acts without an account is nobody in particular, also behind a private link.
      actor: via === 'visitor' || via === 'link' ? '' : (actorName ?? (via === 'job' ? '' : actor)),
      via,
      action,
      detail: detail as Record<string, string | number | string[]>,
    }));
    const next = events.length === limit ? events.at(-1)!.seq : null;
    return c.json({ accession, events: shown, before: next }, 200, { 'cache-control': 'private, no-store' });
  });
}
