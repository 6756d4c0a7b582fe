import { binderAddress, isPublicHost, issueWords, type MessageKey } from '@micrarium/api';
import { insideNames } from '@micrarium/formats';
import { type FormatId, formatById } from '@micrarium/formats';
import {
  type ConversionRecord,
  type Dataset,
  gradedForTier,
  type ImageDescription,
  type Issue,
  type StudyItem,
} from '@micrarium/model';
import type { Loss } from '@micrarium/repository';
import { html, raw } from 'hono/html';
import {
  fileCountText,
  apiPath,
  contentPath,
  dayText,
  filePath,
  isClosedPicture,
  isViewable,
  listed,
  type LandingData,
  numberText,
  pagePath,
  pictureOf,
  sizeText,
} from './landing-data.ts';
import { imagesLinks } from './landing-images.ts';
import { referencesTable } from './landing-references.ts';
import { challengeLink } from './landing-reuse.ts';

type Html = ReturnType<typeof html>;
const nothing = html``;
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

const shortUnits: Readonly<Record<string, string>> = {
  nanometer: 'nm',
  micrometer: 'µm',
  millimeter: 'mm',
  pixel: 'px',
};

function imageText({ text }: LandingData, image: ImageDescription): string {
  const { x, y, z, c, t } = image.sizes;
  const size = image.voxelSize?.x;
  const pixel = size ? `; ${text('study.pixel', { size: `${size.value} ${shortUnits[size.unit] ?? size.unit}` })}` : '';
  return `${text('study.sizes', { x, y, z, c, t })}${pixel}`;
}

function countsText({ text, language }: LandingData, item: StudyItem): string {
  if (!item.counts) return item.format;
  const { objects, tracks, frames, splits } = item.counts;
  const counted = text('study.counts', { objects, tracks, frames });
  return splits > 0 ? listed([counted, text('study.splits', { splits })], language) : counted;
}

function imageCell(data: LandingData, item: StudyItem): Html {
  const { version, text } = data;
  const picture = pictureOf(item);
  const source =
    picture === undefined || isClosedPicture(data, item)
      ? undefined
      : contentPath(version, item.id, `image-${picture}.thumbnail.png`);
  const name = isViewable(item)
    ? html`<a href="/viewer/${version.accession}/${version.version}/${item.id}">${nameOf(item.path)}</a>`
    : html`<span class="b">${nameOf(item.path)}</span>`;
  return html`<div class="cell">${
    source
      ? html`<img src="${source}" alt="${text('study.film', { name: nameOf(item.path) })}" loading="lazy">`
      : html`<span class="none"></span>`
  }<div>${name}${item.images.slice(0, 3).map((image) => html`<p>${imageText(data, image)}</p>`)}</div></div>`;
}

/** Feature tables of an item: rows, what they are about, and every column with unit, meaning and term. */
function featureTables({ text }: LandingData, tables: NonNullable<StudyItem['tables']>): Html {
  const one = ({ name, rows, columns }: (typeof tables)[number]) => {
    const keys = columns.filter(({ keyedTo }) => keyedTo !== undefined).map((column) => column.name);
    const about = keys.length > 0 ? `; ${text('study.rowsKeyedTo', { keys: keys.join(', ') })}` : '';
    return html`<details><summary>${name}: ${text('study.tableSize', { rows, columns: columns.length })}${about}</summary><dl class="cols">${columns
      .slice(0, 200)
      .map(
        ({ name: column, unit, meaning, term }) =>
          html`<dt>${column}${unit ? html` <span class="m3">(${unit})</span>` : ''}</dt><dd>${meaning ?? ''}${
            term ? html` <span class="m3">${term.label}${term.id ? ` ${term.id}` : ''}</span>` : ''
          }</dd>`,
      )}</dl></details>`;
  };
  return html`${tables.slice(0, 50).map(one)}`;
}

/** Way to the notebook of a data set that holds anything one could load. @param items those of the data set */
function notebookLink({ version, text, language, origin }: LandingData, id: string, items: readonly StudyItem[]): Html {
  if (!items.some(({ trackSets, images }) => trackSets.length + images.length > 0)) return nothing;
  const address = `${apiPath(version)}/datasets/${id}`;
  // Binder fetches from here: only where others reach this site.
  const binder = isPublicHost(new URL(origin).hostname)
    ? html` · <a class="l" href="${binderAddress(origin + address, language)}" rel="noopener">${text('notebook.binder')}</a>`
    : nothing;
  return html`<p class="s"><a class="l" href="${address}/notebook.ipynb?lang=${language}">${text('notebook.link')}</a> · <a class="l" href="${address}/notebook.ipynb?lang=${language}&amp;code=typescript">${text('notebook.linkTypeScript')}</a>${binder}</p>`;
}

/** Data sets on one page; a study of loose images has as many as images. */
export const datasetsPerPage = 500;

/** Ways to the data sets before and after those on the page; nothing where all are on it. */
function otherDatasets({ version, text, datasetsFrom: from = 0 }: LandingData): Html {
  const next = from + datasetsPerPage;
  if (from === 0 && next >= version.datasets.length) return nothing;
  return html`<p class="s row after">${from === 0 ? '' : html`<a class="l" href="${pagePath(version)}#data">${text('study.firstDatasets')}</a>`}${
    next < version.datasets.length
      ? html`<a class="l" href="${pagePath(version)}?datasets=${next}#data">${text('study.moreDatasets')}</a>`
      : ''
  }</p>`;
}

/** Data sets: image data and quantitative data side by side. */
export function datasetsSection(data: LandingData): Html {
  const { version, text, datasetsFrom = 0 } = data;
  const shown = version.datasets.slice(datasetsFrom, datasetsFrom + datasetsPerPage);
  const wanted = new Set(shown.flatMap(({ imageItems, quantitativeItems }) => [...imageItems, ...quantitativeItems]));
  const itemOf = new Map(version.items.flatMap((item) => (wanted.has(item.id) ? [[item.id, item] as const] : [])));
  const present = (ids: readonly string[]) => ids.flatMap((id) => itemOf.get(id) ?? []);
  const none = html`<p class="m3">${text('study.none')}</p>`;
  const row = (dataset: Dataset) => {
    const images = present(dataset.imageItems);
    const tables = present(dataset.quantitativeItems);
    return html`<tr id="${dataset.id}"><td><span class="b">${dataset.title}</span>${notebookLink(data, dataset.id, [...images, ...tables])}</td><td class="g">${
      images.length > 0 ? images.map((item) => imageCell(data, item)) : none
    }</td><td class="g">${
      tables.length > 0
        ? tables.map(
            (item) =>
              html`<div><span class="b">${nameOf(item.path)}</span>${
                item.counts || !item.tables ? html`<p>${countsText(data, item)}</p>` : ''
              }${
                (item.counts?.objects ?? 0) > 0
                  ? html`<p><a class="l" href="/space/${version.accession}/${version.version}/${item.id}">${text('study.space')}</a></p>`
                  : ''
              }${
                (item.counts?.edges ?? 0) > 0
                  ? html`<p><a class="l" href="/measures/${version.accession}/${version.version}/${item.id}">${text('study.measures')}</a></p>`
                  : ''
              }${item.tables ? featureTables(data, item.tables) : ''}</div>`,
          )
        : none
    }</td></tr>`;
  };
  return html`<section class="sec" id="data"><div class="hd"><h2>${text('study.datasets')}</h2><span class="s m3 num">${version.datasets.length}</span>${imagesLinks(data)}${challengeLink(data)}</div>
<div class="scrollx"><table class="t ds"><thead><tr><th scope="col">${text('study.dataset')}</th><th scope="col" class="g">${text('study.imageData')}</th><th scope="col" class="g">${text('study.quantitativeData')}</th></tr></thead><tbody>
${shown.map(row)}
</tbody></table></div>${otherDatasets(data)}</section>`;
}

/** Files with sizes and digests. */
export function filesSection(data: LandingData): Html {
  const { version, text, language, files } = data;
  const formatOf = new Map(
    version.items.flatMap((item) =>
      item.files.map((path) => [path, formatById(item.format as FormatId)?.name ?? item.format] as const),
    ),
  );
  const row = (file: LandingData['files'][number]) =>
    html`<tr><td>${
      file.quarantined
        ? html`${file.path} <span class="st bad">${text('study.quarantined', { day: dayText(file.quarantined.since, language) })}</span> <span class="s m2">${file.quarantined.reason}</span>`
        : file.lost
          ? html`<a href="${filePath(version, file.path)}">${file.path}</a> <span class="st bad">${lostText(data, file.lost)}</span>`
          : html`<a href="${filePath(version, file.path)}">${file.path}</a>${lookLink(data, file.path)}`
    }</td><td>${
      formatOf.get(file.path) ?? file.mediaType
    }</td><td class="r num nw">${sizeText(file.size, language)}</td><td><span class="hash">${file.sha256}</span></td></tr>`;
  const count = fileCountText(data);
  return html`<section class="sec" id="files"><div class="hd"><h2>${text('study.files')}</h2><span class="s m3 num">${count}</span></div>
${
  version.fileCount === 0 && version.referenced
    ? nothing
    : html`<div class="scrollx"><table class="t files"><thead><tr><th scope="col">${text('study.fileName')}</th><th scope="col">${text('study.fileIs')}</th><th scope="col" class="r">${text('study.fileSize')}</th><th scope="col">SHA-256</th></tr></thead><tbody>
${files.map(row)}
</tbody></table></div>`
}
<p class="s row after">${data.isFirstFiles ? '' : html`<a class="l" href="${pagePath(version)}#files">${text('study.firstFiles')}</a>`}${
    data.moreFiles ? html`<a class="l" href="${data.moreFiles}">${text('study.moreFiles')}</a>` : ''
  }</p>${referencesTable(data)}</section>`;
}

function lostText({ text, language }: LandingData, { state, since }: Loss): string {
  return since === undefined ? text('lost.now') : text(`lost.${state}Since`, { day: dayText(since, language) });
}

const hierarchies = new Set(['zarr', 'ome-zarr', 'geff']);

/** Way to a look inside: of an HDF5 file, or at the top metadata file of a Zarr hierarchy. */
function lookLink({ version, text }: LandingData, path: string): Html {
  const item = version.items.find((one) => hierarchies.has(one.format) && path.startsWith(`${one.path}/`));
  const isTop = item && ['zarr.json', '.zgroup', '.zarray'].includes(path.slice(item.path.length + 1));
  const file = isTop ? `${item.path}/` : insideNames.test(path) ? path : undefined;
  if (file === undefined) return nothing;
  const query = new URLSearchParams({ study: version.accession, version: String(version.version), file });
  return html` <a class="l s nw" href="/inside?${query.toString()}">${text('study.lookInside')}</a>`;
}

const recipeKeys: Readonly<Record<string, MessageKey>> = {
  'tracks-to-parquet': 'study.recipe.tracks-to-parquet',
  'table-to-parquet': 'study.recipe.table-to-parquet',
  motion: 'study.recipe.motion',
  'objects-by-time': 'study.recipe.objects-by-time',
  'raw-metadata': 'study.recipe.raw-metadata',
  'image-to-ozx': 'study.recipe.image-to-ozx',
  'zarr-packed': 'study.recipe.zarr-packed',
  'zarr-as-deposited': 'study.recipe.zarr-as-deposited',
};

/** How what is shown was made of what was deposited. */
export function provenanceSection({ version, text, language }: LandingData): Html {
  const made = version.items.flatMap((item) => item.conversions.map((one) => ({ item, one }))).slice(0, 100);
  const parameters = (one: ConversionRecord) =>
    Object.entries(one.parameters)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  const row = ({ item, one }: (typeof made)[number]) =>
    html`<tr><td>${item.path}</td><td>${
      recipeKeys[one.recipe] ? text(recipeKeys[one.recipe]!) : one.recipe
    }<p class="m3 xs">${parameters(one)}</p></td><td class="nw">${one.tool} ${one.toolVersion}</td><td class="nw">${dayText(one.madeAt, language)}</td></tr>`;
  return html`<section class="sec" id="provenance"><div class="hd"><h2>${text('study.provenance')}</h2></div><div class="prose"><p>${text('study.provenanceText')}</p></div>
${made.length > 0 ? html`<div class="scrollx"><table class="t prv"><tbody>${made.map(row)}</tbody></table></div>` : ''}</section>`;
}

const icon = (path: string) => raw(`<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="${path}"/></svg>`);
const severityIcons = {
  error: icon('M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM6 6l4 4M10 6l-4 4'),
  warning: icon('M8 2.3 14.3 13H1.7zM8 6.5v3M8 11.3v.1'),
  info: icon('M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 7.3v3.6M8 5v.1'),
} as const;
const shownFindings = 20;

/** What was noticed when the files were read. */
export function findingsSection({ version, text, language, issueTexts }: LandingData): Html {
  const found = version.items.flatMap((item) =>
    gradedForTier(item.issues, version.tier).map((issue) => ({ item, issue })),
  );
  const number = (value: number) => numberText(value, language);
  const place = ({ line, row, column, offset, field }: Issue['where']) =>
    [
      line === undefined ? '' : text('study.place.line', { line: number(line) }),
      row === undefined ? '' : text('study.place.row', { row: number(row) }),
      column === undefined ? '' : text('study.place.column', { column: String(column) }),
      offset === undefined ? '' : text('study.place.offset', { offset: number(offset) }),
      field ?? '',
    ]
      .filter((part) => part !== '')
      .join(' · ');
  const one = ({ item, issue }: (typeof found)[number]) => {
    const { meaning, hint, detail } = issueWords(issue, issueTexts);
    const isEnglish = issueTexts !== undefined && detail === undefined;
    const where = [issue.where.file ?? item.path, place(issue.where)].filter((part) => part !== '').join(' · ');
    return html`<li class="finding ${issue.severity}">${severityIcons[issue.severity]}<div><b>${text(
      `study.severity.${issue.severity}`,
    )}</b> <span${isEnglish ? html` lang="en"` : ''}>${meaning}${hint ? html` <span class="hint">${hint}</span>` : ''}</span>${
      detail ? html`<div class="detail" lang="en">${detail}</div>` : ''
    }<div class="place mono">${where}</div></div></li>`;
  };
  return html`<section class="sec" id="findings"><div class="hd"><h2>${text('study.findings')}</h2><span class="s m3 num">${found.length}</span></div>
<div class="prose"><p>${found.length > 0 ? text('study.findingsText') : text('study.noFindings')}</p></div>
<ul>${found.slice(0, shownFindings).map(one)}</ul>${
    found.length > shownFindings
      ? html`<details><summary>${text('study.moreFindings', { count: found.length - shownFindings })}</summary><ul>${found.slice(shownFindings, 1000).map(one)}</ul></details>`
      : ''
  }</section>`;
}
