import { routes } from '@micrarium/api';
import { can } from '@micrarium/repository';
import { titleOf } from '../questions/authors.ts';
import { profileOf } from '../questions/profile.ts';
import { workOf } from '../questions/reuses.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import type { Services } from './kernel.ts';
import { inPerson } from './people-routes.ts';
import { Problem } from './problems.ts';
import { demandAuthor, readerOf, tooMany } from './question-routes.ts';
import { mounted } from './route.ts';
import { versionFor } from './study-access.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** Where data were used again, and the profile of who deposited them. */
export function reuseRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.listReuses), async (c) => {
    const { accession } = c.req.valid('param');
    const { reader } = await readerOf(c, services(), accession);
    const { reuses, db } = services();
    const list = await reuses.list(accession, reader);
    const title = await titleOf(db, accession);
    return c.json({ accession, title, reuses: list, isAuthor: reader.isAuthor }, 200, unstored);
  });

  app.openapi(mounted(routes.reportReuse), async (c) => {
    const { accession } = c.req.valid('param');
    const id = inPerson(c);
    const { reader, version } = await readerOf(c, services(), accession);
    const { kind, identifier: asked, remark, title } = c.req.valid('json');
    const identifier = workOf(kind, asked);
    const { reuses, db } = services();
    if (await reuses.isTooMuch(id)) tooMany(86_400);
    if (identifier === accession) throw new Problem('request-invalid', 'This is the study itself.');
    const isHere = !identifier.startsWith('10.') && !identifier.startsWith('https:');
    // What is named by an accession must be there to be read.
    if (isHere) await versionFor(c, services(), identifier, 'newest');
    const named = title !== '' ? title : isHere ? await titleOf(db, identifier) : '';
    if (named === '') throw new Problem('request-invalid', 'Say what the work is called.');
    const work = { accession, version, kind, identifier, title: named, remark };
    const { name } = signedIn(c).caller.user;
    const made = await reuses.report(work, { id, name, isAuthor: reader.isAuthor });
    if (!made) throw new Problem('state-conflict', 'This work was reported for this study before.');
    await services().keepNotes();
    return c.json(made, 201, unstored);
  });

  app.openapi(mounted(routes.decideReuse), async (c) => {
    const { accession, id } = c.req.valid('param');
    await demandAuthor(c, services(), accession);
    const decision = { ...c.req.valid('json'), by: signedIn(c).caller.user.id };
    if (!(await services().reuses.decide(accession, id, decision))) throw new Problem('not-found');
    await services().keepNotes();
    return c.body(null, 204);
  });

  app.openapi(mounted(routes.removeReuse), async (c) => {
    const { accession, id } = c.req.valid('param');
    const by = inPerson(c);
    const isCurator = can(c.var.subject, 'study.curate', { kind: 'study', accession });
    if (!(await services().reuses.remove(accession, id, { id: by, isCurator }))) throw new Problem('not-found');
    await services().keepNotes();
    return c.body(null, 204);
  });

  app.openapi(mounted(routes.getProfile), async (c) => {
    const { db, reuses } = services();
    const profile = await profileOf(db, reuses, c.req.valid('param').id);
    if (!profile) throw new Problem('not-found');
    return c.json(profile, 200, { 'cache-control': 'public, max-age=60' });
  });
}
