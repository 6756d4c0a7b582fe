import { routes } from '@micrarium/api';
import { addReferences, readReferenceTable, Refused } from '@micrarium/repository';
import { publicAddressFault } from '../outside/public-reference.ts';
import { withChecks } from '../references/reference-report.ts';
import type { Application } from './app.ts';
import { nextCursor, pageOf } from './cursors.ts';
import { demandConsent, demandFilesOpen, draftFor } from './draft-access.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';
import { versionFor } from './study-access.ts';

const notKept = { 'cache-control': 'private, no-store' };

/** Files that stay where they are: of drafts, which their depositor names, and of published versions. */
export function referenceRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.listReferences), async (c) => {
    const { accession, version } = c.req.valid('param');
    const { referenced = { count: 0, bytes: 0 } } = await versionFor(c, services(), accession, version);
    const page = pageOf(c.req.valid('query'));
    const rows = await services().studies.listVersionReferences(accession, version, page);
    const references = await withChecks(services().db, rows);
    return c.json({ references, ...referenced, nextCursor: nextCursor(rows, page.limit, ({ path }) => path) }, 200, {
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=60',
    });
  });

  app.openapi(mounted(routes.listDraftReferences), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    const { studies, db } = services();
    const page = pageOf(c.req.valid('query'));
    const rows = await studies.listReferences(draft.id, page);
    const { count, bytes } = await studies.countReferences(draft.id);
    const references = await withChecks(db, rows);
    const answer = { references, count, bytes, nextCursor: nextCursor(rows, page.limit, ({ path }) => path) };
    return c.json(answer, 200, notKept);
  });

  app.openapi(mounted(routes.addReferences), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.edit');
    await demandFilesOpen(services(), draft.id);
    await demandConsent(services(), draft.id);
    const { references = [], table } = c.req.valid('json');
    try {
      const read = table === undefined ? { references: [], issues: [] } : readReferenceTable(table);
      if (read.issues.length > 0) throw new Refused('The table cannot be read', read.issues);
      await addReferences(services(), draft.id, [...references, ...read.references], publicAddressFault);
    } catch (fault) {
      if (fault instanceof Refused)
        throw new Problem('request-invalid', fault.message, { issues: fault.issues, cause: fault });
      throw fault;
    }
    const { count, bytes } = await services().studies.countReferences(draft.id);
    return c.json({ count, bytes }, 200, notKept);
  });

  app.openapi(mounted(routes.removeReferences), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.edit');
    await demandFilesOpen(services(), draft.id);
    if (draft.state !== 'editing') throw new Problem('state-conflict', `The draft is ${draft.state}.`);
    const paths = c.req.valid('json').paths.filter((path) => !path.includes('\0'));
    await services().studies.removeReferences(draft.id, paths);
    return c.body(null, 204);
  });
}
