import { routes } from '@micrarium/api';
import { can } from '@micrarium/repository';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { fixityFindings, fixityRuns, integritySummary } from '../fixity/fixity-report.ts';
import { signedIn } from './account-routes.ts';
import type { HttpContext, HttpEnvironment } from './context.ts';
import type { Kernel, Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

/** Goes on for the owner of the installation, with a session. @throws Problem */
export function operator(c: HttpContext): void {
  const { subject } = signedIn(c);
  if (!can(subject, 'system.maintain', { kind: 'service' }))
    throw new Problem('not-allowed', 'This is for the owner of the installation, signed in on the page.');
}

const unstored = { 'cache-control': 'no-store' };

/** What the operator sees and does. */
export function adminRoutes(app: OpenAPIHono<HttpEnvironment>, kernel: Kernel, services: () => Services): void {
  const { config } = kernel;
  app.openapi(mounted(routes.getIntegrity), async (c) =>
    c.json(await integritySummary(services().db), 200, { 'cache-control': 'public, max-age=60' }),
  );

  app.openapi(mounted(routes.getFixity), async (c) => {
    operator(c);
    const { db } = services();
    const [integrity, runs, findings] = [await integritySummary(db), await fixityRuns(db), await fixityFindings(db)];
    const answer = { integrity, runs, findings, hasCopy: config.copy !== undefined, everyDays: config.fixityDays };
    return c.json(answer, 200, unstored);
  });

  app.openapi(mounted(routes.startFixity), async (c) => {
    operator(c);
    const { jobs, clock } = services();
    await jobs.send('check-fixity', { cause: 'page', dueBefore: clock.now().toISOString() }, 'fixity');
    return c.json({ started: true as const }, 202, unstored);
  });
}
