import { routes } from '@micrarium/api';
import { can } from '@micrarium/repository';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { damagedStudies, fixityFindings, fixityRuns, integritySummary } from '../fixity/fixity-report.ts';
import { referenceSummary } from '../references/reference-report.ts';
import { allEvents, listEvents, noteAlone } from '../audit/audit-log.ts';
import { auditHead, verifyAudit } from '../audit/verify-audit.ts';
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
    c.json(
      {
        ...(await integritySummary(services().db)),
        damagedStudies: await damagedStudies(services().db),
        elsewhere: await referenceSummary(services().db),
      },
      200,
      { 'cache-control': 'public, max-age=60' },
    ),
  );

  app.openapi(mounted(routes.getFixity), async (c) => {
    operator(c);
    const { db } = services();
    const [integrity, runs, findings] = [await integritySummary(db), await fixityRuns(db), await fixityFindings(db)];
    const answer = { integrity, runs, findings, hasCopy: config.copy !== undefined, everyDays: config.fixityDays };
    return c.json(answer, 200, unstored);
  });

  app.openapi(mounted(routes.auditHead), async (c) =>
    c.json({ head: (await auditHead(services().db)) ?? null }, 200, { 'cache-control': 'public, max-age=60' }),
  );

  app.openapi(mounted(routes.listAudit), async (c) => {
    operator(c);
    const { limit = 100, ...query } = c.req.valid('query');
    const events = await listEvents(services().db, { ...query, limit });
    const shown = events.map((event) => ({
      ...event,
      detail: event.detail as Record<string, string | number | string[]>,
    }));
    return c.json({ events: shown, before: events.length === limit ? events.at(-1)!.seq : null }, 200, unstored);
  });

  app.openapi(mounted(routes.verifyAudit), async (c) => {
    operator(c);
    return c.json(await verifyAudit(services().db, config.data), 200, unstored);
  });

  app.openapi(mounted(routes.exportAudit), async (c) => {
    operator(c);
    const { db } = services();
    await noteAlone(db, 'audit.export', 'installation');
    const events = allEvents(db);
    const encoder = new TextEncoder();
    const lines = new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        const next = await events.next();
        if (next.done) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`));
      },
    });
    return new Response(lines, {
      headers: {
        ...unstored,
        'content-type': 'application/x-ndjson',
        'content-disposition': 'attachment; filename="audit.ndjson"',
      },
    });
  });

  app.openapi(mounted(routes.startFixity), async (c) => {
    operator(c);
    const { jobs, clock } = services();
    await jobs.send('check-fixity', { cause: 'page', dueBefore: clock.now().toISOString() }, 'fixity');
    return c.json({ started: true as const }, 202, unstored);
  });
}
