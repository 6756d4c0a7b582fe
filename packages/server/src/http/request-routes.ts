import { routes } from '@micrarium/api';
import { can } from '@micrarium/repository';
import { authoredStudy, titleOf } from '../questions/authors.ts';
import { closeCuratorRequest, listCuratorRequests, makeCuratorRequest } from '../states/curator-requests.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';
import { versionFor } from './study-access.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** Requests of curators with a due date. */
export function requestRoutes(app: Application, services: () => Services): void {
  const asking = async (c: HttpContext, accession: string) => {
    const { subject, caller } = signedIn(c);
    await versionFor(c, services(), accession, 'newest');
    const study = await authoredStudy(services().db, accession, subject);
    const isAuthor = can(subject, 'study.answer', study);
    const isCurator = can(subject, 'study.curate', study);
    if (!isAuthor && !isCurator)
      throw new Problem(
        'not-allowed',
        'This is for curators and those who answer for the study, signed in on the page.',
      );
    return { isAuthor, isCurator, user: caller.user };
  };

  app.openapi(mounted(routes.listOpenRequests), async (c) => {
    const { subject } = signedIn(c);
    if (!can(subject, 'review.list', { kind: 'service' }))
      throw new Problem('not-allowed', 'This is for curators, signed in on the page.');
    return c.json({ requests: await listCuratorRequests(services().db) }, 200, unstored);
  });

  app.openapi(mounted(routes.listCuratorRequests), async (c) => {
    const { accession } = c.req.valid('param');
    const { isAuthor, isCurator } = await asking(c, accession);
    const { db } = services();
    const requests = await listCuratorRequests(db, accession);
    return c.json({ title: await titleOf(db, accession), requests, isAuthor, isCurator }, 200, unstored);
  });

  app.openapi(mounted(routes.makeCuratorRequest), async (c) => {
    const { accession } = c.req.valid('param');
    const { isCurator, user } = await asking(c, accession);
    if (!isCurator) throw new Problem('not-allowed', 'This is for curators, signed in on the page.');
    const wanted = c.req.valid('json');
    const now = services().clock.now();
    const latest = new Date(now.getTime() + 366 * 86_400_000).toISOString().slice(0, 10);
    if (wanted.due < now.toISOString().slice(0, 10) || wanted.due > latest)
      throw new Problem('state-conflict', 'Name a day from today on, at most a year from now.');
    await makeCuratorRequest(services(), { accession, ...wanted }, user);
    return c.body(null, 204);
  });

  app.openapi(mounted(routes.closeCuratorRequest), async (c) => {
    const { accession, id } = c.req.valid('param');
    const { isAuthor, isCurator, user } = await asking(c, accession);
    const { state, answer } = c.req.valid('json');
    if (state === 'done' ? !isAuthor : !isCurator)
      throw new Problem('not-allowed', 'Who answers for the study says that it is done; curators withdraw it.');
    if (!(await closeCuratorRequest(services(), accession, id, { state, answer, name: user.name })))
      throw new Problem('not-found');
    return c.body(null, 204);
  });
}
