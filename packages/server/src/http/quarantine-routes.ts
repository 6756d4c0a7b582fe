import { routes } from '@micrarium/api';
import { can } from '@micrarium/repository';
import { studyResource } from '../access/study-resource.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** Files of published studies that are held back one by one, by those who may change the state of the study. */
export function quarantineRoutes(app: Application, services: () => Services): void {
  const demandCurator = async (c: HttpContext, accession: string): Promise<string> => {
    const { subject, caller } = signedIn(c);
    if (!can(subject, 'study.set-state', await studyResource(services(), subject, accession)))
      throw new Problem(
        'not-allowed',
        'This is for curators of the installation, and of a community that has the study.',
      );
    if (!(await services().studies.getVersion(accession, 'newest'))) throw new Problem('not-found');
    return caller.user.id;
  };

  app.openapi(mounted(routes.listQuarantine), async (c) => {
    const { accession } = c.req.valid('param');
    await demandCurator(c, accession);
    return c.json({ files: await services().quarantine.ofStudy(accession) }, 200, unstored);
  });

  app.openapi(mounted(routes.setQuarantine), async (c) => {
    const { accession } = c.req.valid('param');
    const by = await demandCurator(c, accession);
    const { version, path, isHeld, reason } = c.req.valid('json');
    const { quarantine, studies } = services();
    const found = await studies.getVersionFile(accession, version, path);
    if (!found) throw new Problem('not-found', 'This version has no file of this path.');
    const file = { accession, version, path, sha256: found.sha256 };
    if (isHeld) await quarantine.place(file, reason, by);
    else if (!(await quarantine.lift(file, reason)))
      throw new Problem('state-conflict', 'This file is not in quarantine.');
    return c.json({ files: await quarantine.ofStudy(accession) }, 200, unstored);
  });
}
