import { translator } from '@micrarium/api';
import { html } from 'hono/html';
import { integritySummary } from '../fixity/fixity-report.ts';
import { referenceSummary } from '../references/reference-report.ts';
import type { Application } from './app.ts';
import { chosenLanguage, framedPage } from './frame/page-frame.ts';
import { bundleSheets } from './frame/page-sheets.ts';
import type { Kernel, Services } from './kernel.ts';
import { dayText, sizeText } from './landing/landing-data.ts';

/** The public page about the state of the stored bytes. */
export function integrityPage(app: Application, kernel: Kernel, services: () => Services): void {
  app.get('/integrity', async (c, next) => {
    if (!kernel.services()) return await next();
    const language = chosenLanguage(c);
    const text = translator(language);
    const state = await integritySummary(services().db);
    const number = new Intl.NumberFormat(language);
    const day = (iso: string | undefined) => (iso === undefined ? text('care.notYet') : dayText(iso, language));
    const rows: [string, string][] = [
      [text('care.studies'), number.format(state.studies)],
      [text('care.read'), number.format(state.verified)],
      [text('care.damaged'), number.format(state.damaged)],
      [text('care.files'), number.format(state.files)],
      [text('care.bytes'), sizeText(state.bytes, language)],
      [text('care.oldest'), day(state.oldestCheck)],
      [text('care.newest'), day(state.newestCheck)],
    ];
    const elsewhere = await referenceSummary(services().db);
    const counts = ['looked', 'verified', 'missing', 'changed', 'unreachable'] as const;
    const ofElsewhere =
      elsewhere.count === 0
        ? ''
        : html`<h2>${text('references.title')}</h2><p class="prose">${text('references.integrity', { days: kernel.config.referenceDays })}</p>
<dl class="kv"><dt>${text('care.files')}</dt><dd>${number.format(elsewhere.count)}</dd><dt>${text('care.bytes')}</dt><dd>${sizeText(elsewhere.bytes, language)}</dd>${counts.map(
            (name) => html`<dt>${text(`references.counted.${name}`)}</dt><dd>${number.format(elsewhere[name])}</dd>`,
          )}</dl>`;
    const content = html`<main class="wrap plain"><h1>${text('care.title')}</h1><p class="prose">${text('care.text', { days: kernel.config.fixityDays })}</p>
<dl class="kv">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>${ofElsewhere}</main>`;
    const inOtherLanguage = `/integrity?lang=${language === 'en' ? 'ja' : 'en'}`;
    const sheets = await bundleSheets(kernel.webBundle());
    const title = `${text('care.title')} · Micrarium`;
    return await c.html(framedPage({ language, text, sheets, title, inOtherLanguage }, content));
  });
}
