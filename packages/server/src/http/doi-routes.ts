import { routes } from '@micrarium/api';
import type { Application } from './app.ts';
import { draftFor } from './draft-access.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** DOIs of studies, asked for by who deposits them. */
export function doiRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.getDoi), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    const { dois } = services();
    return c.json({ isOffered: dois !== undefined, ...(await dois?.of(draft.accession)) }, 200, unstored);
  });

  app.openapi(mounted(routes.reserveDoi), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.publish');
    const { dois } = services();
    if (!dois) throw new Problem('state-conflict', 'This installation registers no DOIs.');
    const named = draft.metadata.values['doi'];
    if (typeof named === 'string' && named.trim() !== '')
      throw new Problem('state-conflict', `The metadata name a DOI already: ${named.trim()}. A study has one.`);
    return c.json({ isOffered: true, ...(await dois.reserve(draft.accession)) }, 200, unstored);
  });
}
