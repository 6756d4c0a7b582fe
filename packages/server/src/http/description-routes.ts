import { routes } from '@micrarium/api';
import type { FieldValue } from '@micrarium/model';
import {
  dropDescription,
  keepDescription,
  listDescriptions,
  listFieldChanges,
} from '../vocabulary/kept-descriptions.ts';
import type { Application } from './app.ts';
import { demandService, draftFor } from './draft-access.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

const own = { 'cache-control': 'private, no-store' };

/** Kept descriptions of an account, and the history of a draft's fields. */
export function descriptionRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.listDescriptions), async (c) => {
    const ownerId = demandService(c, 'draft.list');
    return c.json({ descriptions: await listDescriptions(services().db, ownerId) }, 200, own);
  });
  app.openapi(mounted(routes.keepDescription), async (c) => {
    const ownerId = demandService(c, 'draft.create');
    const { kind, name, values, group } = c.req.valid('json');
    const kept = { kind, name, values: values as Record<string, FieldValue> };
    const done = await keepDescription(services().db, ownerId, kept, group);
    if (!done) throw new Problem('not-found');
    return c.json(done, 200, own);
  });
  app.openapi(mounted(routes.dropDescription), async (c) => {
    const ownerId = demandService(c, 'draft.create');
    if (!(await dropDescription(services().db, ownerId, c.req.valid('param').id))) throw new Problem('not-found');
    return c.body(null, 204);
  });
  app.openapi(mounted(routes.listFieldChanges), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    return c.json({ changes: await listFieldChanges(services().db, draft.id, c.req.valid('query').key) }, 200, own);
  });
}
