import { translator } from '@micrarium/api';
import { html } from 'hono/html';
import { countriesOfAll, lastMonths, mostUsed, usageOfAll, type UsageRow } from '../usage/usage-report.ts';
import type { Application } from './app.ts';
import { chosenLanguage, framedPage } from './frame/page-frame.ts';
import { bundleSheets } from './frame/page-sheets.ts';
import type { Kernel, Services } from './kernel.ts';
import { sizeText } from './landing/landing-data.ts';
import { countryName } from './usage-badge.ts';

/** Months that can have been counted. */
const allMonths = 1200;

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

const total = (rows: readonly UsageRow[], key: 'uniqueInvestigations' | 'uniqueRequests' | 'bytes') =>
  rows.reduce((sum, row) => sum + row[key], 0);

/** The public page of statistics: what there is, and how much of it is used. */
export function statisticsPage(app: Application, kernel: Kernel, services: () => Services): void {
  app.get('/statistics', async (c, next) => {
    if (!kernel.services()) return await next();
    const language = chosenLanguage(c);
    const text = translator(language);
    const { db, studies, clock } = services();
    const [everything, most, totals, countries] = await Promise.all([
      usageOfAll(db, allMonths),
      mostUsed(db, 20),
      studies.totals(),
      countriesOfAll(db, 20),
    ]);
    const recent = new Set(lastMonths(clock.now()));
    const rows = everything.filter(({ month }) => recent.has(month));
    const number = new Intl.NumberFormat(language);
    const cell = (value: number | undefined) => html`<td class="r num">${number.format(value ?? 0)}</td>`;
    const months = byMonth(rows).map(
      ({ month, regular, machine }) =>
        html`<tr><td class="num">${month.replace('-', '\u2011')}</td>${cell(regular?.uniqueInvestigations)}${cell(regular?.uniqueRequests)}${cell(machine?.uniqueInvestigations)}${cell(machine?.uniqueRequests)}<td class="r num">${sizeText((regular?.bytes ?? 0) + (machine?.bytes ?? 0), language)}</td></tr>`,
    );
    const studiesUsed = most.map(
      (one) =>
        html`<tr><td><a class="l" href="/studies/${one.accession}">${one.title}</a> <span class="mono m3 s">${one.accession}</span></td>${cell(one.views)}${cell(one.downloads)}</tr>`,
    );
    const heads = ['month', 'views', 'downloads', 'machineViews', 'machineDownloads', 'bytes'] as const;
    const head = heads.map(
      (key, at) => html`<th scope="col"${at > 0 ? html` class="r"` : ''}>${text(`usage.${key}`)}</th>`,
    );
    const monthTable = html`<section class="sec"><div class="hd"><h2>${text('usage.months')}</h2></div><div class="scrollx" role="group" tabindex="0" aria-label="${text('usage.months')}"><table class="t"><thead><tr>${head}</tr></thead><tbody>${months}</tbody></table></div></section>`;
    const mostTable = html`<section class="sec"><div class="hd"><h2>${text('usage.most')}</h2></div><div class="scrollx" role="group" tabindex="0" aria-label="${text('usage.most')}"><table class="t"><thead><tr><th scope="col">${text('usage.study')}</th><th scope="col" class="r">${text('usage.views')}</th><th scope="col" class="r">${text('usage.downloads')}</th></tr></thead><tbody>${studiesUsed}</tbody></table></div></section>`;
    const fromCountries = countries.map(
      (one) => html`<tr><td>${countryName(one.country, language)}</td>${cell(one.views)}${cell(one.downloads)}</tr>`,
    );
    const countryTable = html`<section class="sec"><div class="hd"><h2>${text('usage.countries')}</h2></div><div class="scrollx" role="group" tabindex="0" aria-label="${text('usage.countries')}"><table class="t"><thead><tr><th scope="col">${text('usage.country')}</th><th scope="col" class="r">${text('usage.views')}</th><th scope="col" class="r">${text('usage.downloads')}</th></tr></thead><tbody>${fromCountries}</tbody></table></div></section>`;
    const content = html`<main class="wrap plain"><h1>${text('usage.title')}</h1><p class="prose">${text('usage.text')}</p>
<dl class="kv"><dt>${text('care.studies')}</dt><dd>${number.format(totals.studies)}</dd><dt>${text('usage.views')}</dt><dd>${number.format(total(everything, 'uniqueInvestigations'))}</dd><dt>${text('usage.downloads')}</dt><dd>${number.format(total(everything, 'uniqueRequests'))}</dd><dt>${text('usage.bytes')}</dt><dd>${sizeText(total(everything, 'bytes'), language)}</dd></dl>
${months.length === 0 ? html`<p class="m2">${text('usage.none')}</p>` : monthTable}
${most.length === 0 ? '' : mostTable}
${countries.length === 0 ? '' : countryTable}
<p class="s"><a class="l" href="/api/v1/usage">${text('usage.asJson')}</a></p></main>`;
    const inOtherLanguage = `/statistics?lang=${language === 'en' ? 'ja' : 'en'}`;
    const sheets = await bundleSheets(kernel.webBundle());
    const title = `${text('usage.title')} · Micrarium`;
    return await c.html(framedPage({ language, text, sheets, title, inOtherLanguage }, content));
  });
}
