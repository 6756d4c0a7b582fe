import { routes, translator } from '@micrarium/api';
import { demand } from '@micrarium/repository';
import { html } from 'hono/html';
import { agentKind } from '../usage/agents.ts';
import { overview } from '../usage/overview.ts';
import type { Use } from '../usage/usage-counter.ts';
import { counterReport, mostUsed, usageCsv, usageOfAll, usageOfStudy, type UsageRow } from '../usage/usage-report.ts';
import { operator } from './admin-routes.ts';
import type { Application } from './app.ts';
import { type HttpContext, remoteAddress } from './context.ts';
import { chosenLanguage, framedPage } from './frame/page-frame.ts';
import { bundleSheets } from './frame/page-sheets.ts';
import type { Kernel, Services } from './kernel.ts';
import { sizeText } from './landing/landing-data.ts';
import { originOf, mounted } from './route.ts';
import { versionFor } from './study-access.ts';

const cached = { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' };
/** Below a study: what is taken away, and what is read in pieces. Everything else is a look. */
const taken = /^\/(files\/.+|export\.zip|export\.bag\.zip|training\.zarr\.zip|items\/[^/]+\/export\/.+)$/;
const readInPieces = /^\/items\/[^/]+\/(content\/|objects)/;
const place = /^(?:\/api\/v1)?\/studies\/([A-Z]+-\d{1,12})(?:\/(?:versions|v)\/(\d{1,9}))?(\/.*)?$/;

type Target = Pick<Use, 'accession' | 'kind'> & { version: number | undefined };

/** What of a study an address is about; `undefined` where it is none, or nothing that is counted. */
export function targetOf(path: string): Target | undefined {
  const found = place.exec(path);
  if (!found) return undefined;
  const [, accession = '', version, rest = ''] = found;
  if (rest === '/usage' || rest === '/linkset') return undefined;
  const kind = taken.test(rest) ? 'file' : readInPieces.test(rest) ? 'read' : 'page';
  return { accession, version: version === undefined ? undefined : Number(version), kind };
}

/** Address of who asks: behind a proxy of this machine the one it names. Only hashed, never kept. */
function addressOf(c: HttpContext): string {
  const near = remoteAddress(c);
  const isProxy = near === 'local' || /^(::ffff:)?127\.|^::1$/.test(near);
  return (isProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined) ?? near;
}

/** The use that an answer is, but for its bytes; `undefined` where it does not count. */
async function useOf(
  c: HttpContext,
  services: Services,
  target: Target,
): Promise<Omit<Use, 'bytes' | 'at'> | undefined> {
  const headers = c.req.raw.headers;
  const hasToken = headers.has('authorization');
  const agent = agentKind(c.req.header('user-agent'), hasToken);
  if (agent === 'robot') return undefined;
  const { accession, kind } = target;
  const { path } = c.req;
  const sender = `${addressOf(c)} ${c.req.header('user-agent')}`;
  const caller = hasToken || headers.has('cookie') ? await services.accounts.whoAsks(headers) : undefined;
  // Those whose study it is do not use it by looking after it.
  if (caller && caller.user.id === (await services.studies.ownerOf(accession))) return undefined;
  const version = target.version ?? (await services.studies.getVersion(accession, 'newest'))?.version;
  return version === undefined
    ? undefined
    : { accession, version, visitor: caller?.user.id ?? sender, agent, kind, path };
}

/** Counts the answers about published studies; behind the answer, which never waits for it. */
export function countUsage(app: Application, kernel: Kernel): void {
  const count = async (c: HttpContext, next: () => Promise<void>) => {
    const target = c.req.method === 'GET' ? targetOf(c.req.path) : undefined;
    await next();
    const services = kernel.services();
    const { status, headers } = c.res;
    // What is shown by a private link is not used, but reviewed; it is marked so that nobody indexes it.
    const isCounted = [200, 206, 304].includes(status) && !headers.get('x-robots-tag')?.includes('noindex');
    if (!target || !services || !isCounted) return;
    const bytes = status === 304 || target.kind === 'page' ? 0 : Number(headers.get('content-length') ?? 0);
    const found = useOf(c, services, target);
    const add = (answered: number) =>
      void found
        .then((use) => use && services.usage.count({ ...use, bytes: answered, at: services.clock.now() }))
        .catch((fault: unknown) => kernel.noteFault(fault, 'usage'));
    add(bytes);
    // Further ranges that are answered from memory are the same visitor's: who asks is part of what is remembered.
    if (c.env?.direct) c.env.direct.again = add;
  };
  app.use('/studies/*', count);
  app.use('/api/v1/studies/*', count);
}

interface MonthLine {
  month: string;
  regular?: UsageRow;
  machine?: UsageRow;
}

function byMonth(rows: readonly UsageRow[]): MonthLine[] {
  const lines = new Map<string, MonthLine>();
  for (const row of rows) {
    const line = lines.get(row.month) ?? { month: row.month };
    line[row.access] = row;
    lines.set(row.month, line);
  }
  return [...lines.values()].toReversed();
}

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
    const rows = await usageOfStudy(db, accession);
    if (format === 'json') return c.json({ months: rows }, 200, cached);
    if (format === 'csv') {
      const name = `attachment; filename="${accession}-usage.csv"`;
      const headers = { ...cached, 'content-type': 'text/csv; charset=utf-8', 'content-disposition': name };
      return new Response(usageCsv(rows), { headers }) as never;
    }
    const address = `${originOf(c, kernel.config.publicUrl)}/studies/${accession}`;
    const title = String(found.metadata.values['title'] ?? accession);
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

  app.get('/statistics', async (c, next) => {
    if (!kernel.services()) return await next();
    const language = chosenLanguage(c);
    const text = translator(language);
    const { db, studies } = services();
    const [rows, most, totals] = await Promise.all([usageOfAll(db, 24), mostUsed(db, 20), studies.totals()]);
    const number = new Intl.NumberFormat(language);
    const cell = (value: number | undefined) => html`<td class="r num">${number.format(value ?? 0)}</td>`;
    const months = byMonth(rows).map(
      ({ month, regular, machine }) =>
        html`<tr><td class="num">${month}</td>${cell(regular?.uniqueInvestigations)}${cell(regular?.uniqueRequests)}${cell(machine?.uniqueInvestigations)}${cell(machine?.uniqueRequests)}<td class="r num">${sizeText((regular?.bytes ?? 0) + (machine?.bytes ?? 0), language)}</td></tr>`,
    );
    const studiesUsed = most.map(
      (one) =>
        html`<tr><td><a class="l" href="/studies/${one.accession}">${one.title}</a> <span class="mono m3 s">${one.accession}</span></td>${cell(one.views)}${cell(one.downloads)}</tr>`,
    );
    const heads = ['month', 'views', 'downloads', 'machineViews', 'machineDownloads', 'bytes'] as const;
    const head = heads.map(
      (key, at) => html`<th scope="col"${at > 0 ? html` class="r"` : ''}>${text(`usage.${key}`)}</th>`,
    );
    const monthTable = html`<section class="sec"><div class="hd"><h2>${text('usage.months')}</h2></div><div class="scrollx"><table class="t"><thead><tr>${head}</tr></thead><tbody>${months}</tbody></table></div></section>`;
    const mostTable = html`<section class="sec"><div class="hd"><h2>${text('usage.most')}</h2></div><div class="scrollx"><table class="t"><thead><tr><th scope="col">${text('usage.study')}</th><th scope="col" class="r">${text('usage.views')}</th><th scope="col" class="r">${text('usage.downloads')}</th></tr></thead><tbody>${studiesUsed}</tbody></table></div></section>`;
    const content = html`<main class="wrap plain"><h1>${text('usage.title')}</h1><p class="prose">${text('usage.text')}</p>
<dl class="kv"><dt>${text('care.studies')}</dt><dd>${number.format(totals.studies)}</dd></dl>
${months.length === 0 ? html`<p class="m2">${text('usage.none')}</p>` : monthTable}
${most.length === 0 ? '' : mostTable}
<p class="s"><a class="l" href="/api/v1/usage">${text('usage.asJson')}</a></p></main>`;
    const inOtherLanguage = `/statistics?lang=${language === 'en' ? 'ja' : 'en'}`;
    const sheets = await bundleSheets(kernel.webBundle());
    const title = `${text('usage.title')} · Micrarium`;
    return await c.html(framedPage({ language, text, sheets, title, inOtherLanguage }, content));
  });
}
