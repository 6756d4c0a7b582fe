import {
  challengeReferences,
  type ClassCount,
  maskedImages,
  type TrainingDataset,
  trainingDatasets,
  trainingFolders,
} from '@micrarium/repository';
import { splitParts } from '@micrarium/standards';
import { html } from 'hono/html';
import type { SimilarReason, SimilarStudy } from '../../similar/similar-studies.ts';
import { apiPath, type LandingData, listed, numberText } from './landing-data.ts';

type Html = ReturnType<typeof html>;

/** Way to the challenge, where data sets of the study are ground truth. */
export function challengeLink({ version, text, privateUntil }: LandingData): Html {
  if (privateUntil || challengeReferences(version).scored.length === 0) return html``;
  return html`<span class="end"><a class="btn sm" href="/studies/${version.accession}/challenge">${text('reuse.challenge')}</a></span>`;
}

/** Data sets whose COCO is linked. */
const mostLinked = 30;

/** What is declared training material: parts of the split with how much each holds, and the forms that programs for learning read. */
export function trainingSection(data: LandingData): Html {
  const { version, text, language, origin } = data;
  const all = trainingDatasets(version);
  if (all.length === 0) return html``;
  const number = (value: number) => numberText(value, language);
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
  const paired = all.filter(
    ({ dataset }) =>
      version.pairs.some(({ trackItem }) => dataset.quantitativeItems.includes(trackItem)) ||
      maskedImages(version, dataset.id).length > 0,
  );
  const [folder] = trainingFolders(all);
  const zarr = `${apiPath(version)}/training.zarr.zip`;
  const lines = [
    'import json, urllib.request',
    `croissant = json.load(urllib.request.urlopen("${origin}${croissant}"))`,
    ...(paired[0] ? [`coco = json.load(urllib.request.urlopen("${origin}${coco(paired[0].dataset.id)}"))`] : []),
  ];
  const zarrLines = [
    'import urllib.request, zarr.storage',
    `training_zip, _ = urllib.request.urlretrieve("${origin}${zarr}", "training.zarr.zip")`,
    'training = zarr.open(zarr.storage.ZipStore(training_zip, mode="r"), mode="r")',
    `for name, image in training["${folder}"].groups():`,
    '    pixels = image["0"]  # t, c, z, y, x',
    '    labels = {key: one["0"] for key, one in image["labels"].groups()} if "labels" in image else {}',
  ];
  const heads = (['part', 'dataset', 'images', 'objects', 'share'] as const).map(
    (name, at) => html`<th scope="col"${at > 0 ? html` class="r"` : ''}>${text(`training.${name}`)}</th>`,
  );
  return html`<section class="sec" id="training"><div class="hd"><h2>${text('training.title')}</h2></div>
<dl class="kv"><dt>${text('training.task')}</dt><dd>${words(all.map(({ task }) => task))}</dd><dt>${text('training.annotation')}</dt><dd>${words(all.map(({ annotationType }) => annotationType))}</dd></dl>
<div class="scrollx"><table class="t"><thead><tr>${heads}</tr></thead><tbody>${parts.filter(({ of }) => of.length > 0).map(row)}</tbody></table></div>
${balanceTables(data)}
<p class="forms"><a class="l" href="${croissant}">Croissant</a>${folder === undefined ? '' : html` <a class="l" href="${zarr}">${text('training.zarr')}</a>`}${paired
    .slice(0, mostLinked)
    .map(
      ({ dataset }) =>
        html` <a class="l" href="${coco(dataset.id)}">${text('training.coco', { title: dataset.title })}</a>`,
    )}</p>
<details><summary>${text('training.load')}</summary><code class="code">${lines.join('\n')}</code>${folder === undefined ? '' : html`<code class="code">${zarrLines.join('\n')}</code>`}</details></section>`;
}

/** Classes of a table that are shown. */
const mostClassesShown = 20;

/** A table for each column that names classes: how many there are of each in each part of the split. */
function balanceTables({ balance, text, language }: LandingData): Html {
  if (!balance) return html``;
  const byColumn = Map.groupBy(balance.classes, ({ of, column }) => `${of} ${column}`);
  const tables = [...byColumn.values()].map((classes) => balanceTable(classes, { text, language }));
  const { uncounted } = balance;
  const head = tables.length > 0 ? html`<h3 class="after">${text('training.balance')}</h3>` : '';
  return html`${head}${tables}${uncounted > 0 ? html`<p class="s m2">${text('training.uncounted', { count: uncounted })}</p>` : ''}`;
}

function balanceTable(
  classes: readonly ClassCount[],
  { text, language }: Pick<LandingData, 'text' | 'language'>,
): Html {
  const number = (value: number) => numberText(value, language);
  const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const all = classes.reduce((sum, { total }) => sum + total, 0);
  const parts = [...splitParts, 'none' as const].filter((part) => classes.some((one) => one.parts[part] !== undefined));
  const { of, column } = classes[0]!;
  const heads = [
    ...parts.map((part) => (part === 'none' ? text('training.noPart') : part)),
    text('training.total'),
    text('training.shareOfClass'),
  ].map((head) => html`<th scope="col" class="r">${head}</th>`);
  const rows = classes.slice(0, mostClassesShown).map(({ name, parts: counts, total }) => {
    const numbers = [...parts.map((part) => number(counts[part] ?? 0)), number(total), share.format(total / all)];
    return html`<tr><th scope="row">${name === '' ? text('training.noClass') : name}</th>${numbers.map((one) => html`<td class="r num">${one}</td>`)}</tr>`;
  });
  const more = classes.length - mostClassesShown;
  return html`<div class="scrollx"><table class="t"><thead><tr><th scope="col">${text(`training.class.${of}`, { column })}</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div>${more > 0 ? html`<p class="s m2">${text('training.moreClasses', { count: number(more) })}</p>` : ''}`;
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
