import { type Language, translator } from '@micrarium/api';
import { html } from 'hono/html';
import { writtenHeads } from '../audit/verify-audit.ts';
import { damagedStudies, integritySummary } from '../fixity/fixity-report.ts';
import { referenceSummary } from '../references/reference-report.ts';
import type { Application } from './app.ts';
import { chosenLanguage, framedPage } from './frame/page-frame.ts';
import { bundleSheets } from './frame/page-sheets.ts';
import type { Kernel, Services } from './kernel.ts';
import { dayText, sizeText } from './landing/landing-data.ts';

/** Days of the audit log that are shown. */
const shownHeads = 30;

/** The daily heads of the audit log, newest first; nothing before the first day is over. */
async function logSection(dataFolder: string, language: Language) {
  const text = translator(language);
  const heads = (await writtenHeads(dataFolder)).slice(-shownHeads).toReversed();
  if (heads.length === 0) return '';
  const lines = heads.map(
    ({ seq, hash, at }) =>
      html`<tr><td class="num">${dayText(at, language)}</td><td class="r num">${new Intl.NumberFormat(language).format(seq)}</td><td class="mono s">${hash}</td></tr>`,
  );
  return html`<h2 id="log">${text('care.log')}</h2><p class="prose">${text('care.logText')}</p><div class="scrollx" role="group" tabindex="0" aria-label="${text('care.log')}"><table class="t"><thead><tr><th scope="col">${text('care.logDay')}</th><th scope="col" class="r">${text('care.logEvents')}</th><th scope="col">${text('care.logHash')}</th></tr></thead><tbody>${lines}</tbody></table></div><p class="s"><a class="l" href="/api/v1/audit/head">${text('care.logNow')}</a></p>`;
}

/** Studies with damage that no copy mends, with the way to their files. */
async function damagedSection(services: Services, language: Language) {
  const text = translator(language);
  const studies = await damagedStudies(services.db);
  if (studies.length === 0) return '';
  const lines = studies.map(
    ({ accession, findings, since }) =>
      html`<tr><td><a class="l mono" href="/studies/${accession}#files">${accession}</a></td><td class="r num">${new Intl.NumberFormat(language).format(findings)}</td><td class="num nw">${dayText(since, language)}</td></tr>`,
  );
  return html`<h2 id="damaged">${text('care.damaged')}</h2><p class="prose">${text('lost.integrity')}</p><div class="scrollx" role="group" tabindex="0" aria-label="${text('care.damaged')}"><table class="t"><thead><tr><th scope="col">${text('lost.study')}</th><th scope="col" class="r">${text('lost.findings')}</th><th scope="col">${text('lost.known')}</th></tr></thead><tbody>${lines}</tbody></table></div>`;
}

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
    const log = await logSection(kernel.config.data, language);
    const content = html`<main class="wrap plain"><h1>${text('care.title')}</h1><p class="prose">${text('care.text', { days: kernel.config.fixityDays })}</p>
<dl class="kv">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>${await damagedSection(services(), language)}${ofElsewhere}${log}</main>`;
    const inOtherLanguage = `/integrity?lang=${language === 'en' ? 'ja' : 'en'}`;
    const sheets = await bundleSheets(kernel.webBundle());
    const title = `${text('care.title')} · Micrarium`;
    return await c.html(framedPage({ language, text, sheets, title, inOtherLanguage }, content));
  });
}
