import { routes } from '@micrarium/api';
import { similarStudies } from '../similar/similar-studies.ts';
import type { Application } from './app.ts';
import type { Services } from './kernel.ts';
import { mounted } from './route.ts';
import { versionFor } from './study-access.ts';

/** Studies of like kind. */
export function similarRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.listSimilar), async (c) => {
    const found = await versionFor(c, services(), c.req.valid('param').accession, 'newest');
    const studies = await similarStudies(services(), found.accession);
    return c.json({ studies }, 200, { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=60' });
  });
}
