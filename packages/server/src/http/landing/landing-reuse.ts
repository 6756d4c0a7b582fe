import { challengeReferences, type TrainingDataset, trainingDatasets } from '@micrarium/repository';
import { splitParts } from '@micrarium/standards';
import { html } from 'hono/html';
import type { SimilarReason, SimilarStudy } from '../../similar/similar-studies.ts';
import { apiPath, type LandingData, listed } from './landing-data.ts';

type Html = ReturnType<typeof html>;

/** Way to the challenge, where data sets of the study are ground truth. */
export function challengeLink({ version, text, privateUntil }: LandingData): Html {
  if (privateUntil || challengeReferences(version).scored.length === 0) return html``;
  return html`<span class="end"><a class="btn sm" href="/studies/${version.accession}/challenge">${text('reuse.challenge')}</a></span>`;
}

/** Data sets whose COCO is linked. */
const mostLinked = 30;

/** What is declared training material: parts of the split with how much each holds, and the forms that programs for learning read. */
export function trainingSection({ version, text, language, origin }: LandingData): Html {
  const all = trainingDatasets(version);
  if (all.length === 0) return html``;
  const number = (value: number) => new Intl.NumberFormat(language).format(value);
  const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const sum = (of: readonly TrainingDataset[], what: 'images' | 'objects') =>
    of.reduce((all, one) => all + one[what], 0);
  const total = sum(all, 'objects');
  const parts = [...splitParts, undefined].map((part) => ({ part, of: all.filter((one) => one.part === part) }));
  const row = ({ part, of }: (typeof parts)[number]) =>
    html`<tr><th scope="row">${part ?? text('training.noPart')}</th><td class="r num">${number(of.length)}</td><td class="r num">${number(sum(of, 'images'))}</td><td class="r num">${number(sum(of, 'objects'))}</td><td class="r num">${total > 0 ? share.format(sum(of, 'objects') / total) : ''}</td></tr>`;
  const words = (values: readonly string[]) => listed([...new Set(values.filter((one) => one !== ''))], language);
  const croissant = `${apiPath(version)}/croissant.json`;
  const coco = (id: string) => `${apiPath(version)}/datasets/${id}/coco.json`;
  const paired = all.filter(({ dataset }) =>
    version.pairs.some(({ trackItem }) => dataset.quantitativeItems.includes(trackItem)),
  );
  const lines = [
    'import json, urllib.request',
    `croissant = json.load(urllib.request.urlopen("${origin}${croissant}"))`,
    ...(paired[0] ? [`coco = json.load(urllib.request.urlopen("${origin}${coco(paired[0].dataset.id)}"))`] : []),
  ];
  const heads = (['part', 'dataset', 'images', 'objects', 'share'] as const).map(
    (name, at) => html`<th scope="col"${at > 0 ? html` class="r"` : ''}>${text(`training.${name}`)}</th>`,
  );
  return html`<section class="sec" id="training"><div class="hd"><h2>${text('training.title')}</h2></div>
<dl class="kv"><dt>${text('training.task')}</dt><dd>${words(all.map(({ task }) => task))}</dd><dt>${text('training.annotation')}</dt><dd>${words(all.map(({ annotationType }) => annotationType))}</dd></dl>
<div class="scrollx"><table class="t"><thead><tr>${heads}</tr></thead><tbody>${parts.filter(({ of }) => of.length > 0).map(row)}</tbody></table></div>
<p class="forms"><a class="l" href="${croissant}">Croissant</a>${paired
    .slice(0, mostLinked)
    .map(
      ({ dataset }) =>
        html` <a class="l" href="${coco(dataset.id)}">${text('training.coco', { title: dataset.title })}</a>`,
    )}</p>
<details><summary>${text('training.load')}</summary><code class="code">${lines.join('\n')}</code></details></section>`;
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
