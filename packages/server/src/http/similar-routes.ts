import { routes } from '@micrarium/api';
import { similarSets } from '../similar/similar-sets.ts';
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
    const { set } = c.req.valid('query');
    // Of another study there is nothing here to be alike.
    const isOurs = set !== undefined && set.startsWith(`${found.accession}_`);
    const sets = isOurs ? { sets: await similarSets(services(), set) } : {};
    return c.json({ studies, ...sets }, 200, {
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=60',
    });
  });
}
