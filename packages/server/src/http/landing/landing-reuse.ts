import { challengeReferences } from '@micrarium/repository';
import { html } from 'hono/html';
import type { SimilarReason, SimilarStudy } from '../../similar/similar-studies.ts';
import { type LandingData, listed } from './landing-data.ts';

type Html = ReturnType<typeof html>;

/** Way to the challenge, where data sets of the study are ground truth. */
export function challengeLink({ version, text, privateUntil }: LandingData): Html {
  if (privateUntil || challengeReferences(version).scored.length === 0) return html``;
  return html`<span class="end"><a class="btn sm" href="/studies/${version.accession}/challenge">${text('reuse.challenge')}</a></span>`;
}

/** Studies of like kind, each with the reasons in words; nothing where there is none. */
export function similarSection(data: LandingData, similar: readonly SimilarStudy[]): Html {
  if (similar.length === 0) return html``;
  const { text, language } = data;
  const number = (value: number) => new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(value);
  const words = (reason: SimilarReason) =>
    reason.kind === 'same'
      ? text(`similar.same.${reason.field}`, { values: listed(reason.values, language) })
      : text(`similar.close.${reason.measure as 'mean_speed' | 'straightness'}`, {
          here: number(reason.here),
          there: number(reason.there),
          unit: reason.unit,
        });
  return html`<section class="sec" id="similar"><div class="hd"><h2>${text('similar.title')}</h2></div><ul>${similar.map(
    ({ accession, title, reasons }) =>
      html`<li class="after"><a class="l b" href="/studies/${accession}">${title}</a> <span class="mono m3 s">${accession}</span><p class="s m2">${reasons.map(
        (reason, at) => html`${at > 0 ? (language === 'ja' ? '。' : '; ') : ''}${words(reason)}`,
      )}</p></li>`,
  )}</ul></section>`;
}
