import { routes } from '@micrarium/api';
import { demand } from '@micrarium/repository';
import { allowanceOfStudy, allowancesOf, everyAllowance, setLimit } from '../quotas/quotas.ts';
import { signedIn } from './account-routes.ts';
import { operator } from './admin-routes.ts';
import type { Application } from './app.ts';
import { draftFor } from './draft-access.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** How much may be deposited, and how much is. */
export function quotaRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.listAllowances), async (c) => {
    const { caller, subject } = signedIn(c);
    demand(subject, 'account.read', { kind: 'account', userId: caller.user.id });
    return c.json({ allowances: await allowancesOf(services().db, caller.user.id) }, 200, unstored);
  });

  app.openapi(mounted(routes.getDraftQuota), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    const allowance = (await allowanceOfStudy(services().db, draft.accession)) ?? null;
    return c.json({ allowance }, 200, unstored);
  });

  app.openapi(mounted(routes.listQuotas), async (c) => {
    operator(c);
    return c.json(await everyAllowance(services().db), 200, unstored);
  });

  app.openapi(mounted(routes.setQuota), async (c) => {
    operator(c);
    const { subject } = c.req.valid('param');
    if (!(await setLimit(services().db, subject, c.req.valid('json').limit))) throw new Problem('not-found');
    return c.body(null, 204);
  });
}
