import { routes } from '@micrarium/api';
import { demand } from '@micrarium/repository';
import { shownTitle } from '@micrarium/standards';
import { overview } from '../usage/overview.ts';
import {
  counterReport,
  shownUsage,
  usageByCountry,
  usageCsv,
  usageOfAll,
  usageOfStudy,
} from '../usage/usage-report.ts';
import { operator } from './admin-routes.ts';
import type { Application } from './app.ts';
import { chosenLanguage } from './frame/page-frame.ts';
import type { Kernel, Services } from './kernel.ts';
import { originOf, mounted } from './route.ts';
import { statisticsPage } from './statistics-page.ts';
import { versionFor } from './study-access.ts';
import { usageBadge } from './usage-badge.ts';

const cached = { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' };

/** How much is used: for programs, and the page for everybody. */
export function usageRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  app.openapi(mounted(routes.getUsage), async (c) => {
    demand(c.var.subject, 'service.read', { kind: 'service' });
    const { months = 24 } = c.req.valid('query');
    return c.json({ months: await usageOfAll(services().db, months) }, 200, cached);
  });

  app.openapi(mounted(routes.getStudyUsage), async (c) => {
    const { accession } = c.req.valid('param');
    const { format = 'json' } = c.req.valid('query');
    const { db, clock, dois } = services();
    const found = await versionFor(c, services(), accession, 'newest');
    if (format === 'json') return c.json({ months: await usageOfStudy(db, accession) }, 200, cached);
    const rows = await usageByCountry(db, accession);
    if (format === 'csv') {
      const name = `attachment; filename="${accession}-usage.csv"`;
      const headers = { ...cached, 'content-type': 'text/csv; charset=utf-8', 'content-disposition': name };
      return new Response(usageCsv(rows), { headers }) as never;
    }
    const address = `${originOf(c, kernel.config.publicUrl)}/studies/${accession}`;
    const title = shownTitle(found.metadata.values['title'], accession);
    const about = { accession, title, address, doi: await dois?.findable(accession), now: clock.now() };
    return Response.json(counterReport(about, rows), { headers: cached }) as never;
  });

  app.openapi(mounted(routes.getOverview), async (c) => {
    operator(c);
    const clock = (await services().trustedClock.look()) ?? null;
    const state = await overview(services().db, kernel.config.data);
    return c.json({ ...state, clock }, 200, { 'cache-control': 'no-store' });
  });

  app.openapi(mounted(routes.confirmClock), async (c) => {
    operator(c);
    await services().trustedClock.confirm();
    return c.body(null, 204);
  });

  app.get('/studies/:accession/usage.svg', async (c) => {
    // Nobody's session matters: it is shown on pages elsewhere.
    c.set('subject', { kind: 'anonymous' });
    const { db, clock } = services();
    const { accession, version } = await versionFor(c, services(), c.req.param('accession'), 'newest');
    const language = chosenLanguage(c);
    const svg = usageBadge((await shownUsage(db, accession, version, clock.now())).all, language);
    return c.body(svg, 200, { ...cached, 'content-type': 'image/svg+xml; charset=utf-8' });
  });

  statisticsPage(app, kernel, services);
}
