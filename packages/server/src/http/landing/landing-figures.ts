import { unturned } from '@micrarium/api';
import type { StudyItem } from '@micrarium/model';
import {
  analysisTarget,
  type FigureLink,
  figureDoi,
  figuresKey,
  figureViewPath,
  readFigures,
} from '@micrarium/standards';
import { html } from 'hono/html';
import { contentPath, filePath, isClosedItem, isViewable, type LandingData } from './landing-data.ts';

type Html = ReturnType<typeof html>;

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** Figures of a version that can be shown. */
export const figuresOf = ({ version }: Pick<LandingData, 'version'>): FigureLink[] =>
  readFigures(version.metadata.values[figuresKey]).filter(({ label }) => label.trim() !== '');

/** Panels of figures in papers, each with the image, the table and the analysis behind it. Nothing where none is named. */
export function figuresSection(data: LandingData): Html {
  const figures = figuresOf(data);
  if (figures.length === 0) return html``;
  const { text } = data;
  const one = (figure: FigureLink, index: number) => {
    const doi = figureDoi(figure);
    const links = [imageLink(data, figure), ...tableLinks(data, figure), analysisLink(data, figure)];
    const caption = (figure.caption ?? '').split(/\n{2,}/).filter((part) => part.trim() !== '');
    return html`<li id="figure-${index + 1}">${picture(data, figure)}<div><p><b>${unturned(figure.label)}</b>${
      doi === undefined
        ? ''
        : html` <span class="s m2">${text('figures.paper')}</span> <a class="l mono s" href="https://doi.org/${encodeURI(doi)}">${doi}</a>`
    }</p>${caption.map((part) => html`<p>${part}</p>`)}<p class="row s">${links}</p></div></li>`;
  };
  return html`<section class="sec" id="figures"><div class="hd"><h2>${text('figures.title')}</h2><span class="s m3 num">${figures.length}</span></div><ul class="figs">${figures.map(one)}</ul></section>`;
}

const itemAt = ({ version }: LandingData, path: string | undefined): StudyItem | undefined =>
  path === undefined ? undefined : version.items.find((item) => item.path === path);

/** The first frame, where one was made of exactly this image. */
function picture(data: LandingData, { image, imageIndex = 0 }: FigureLink): Html | '' {
  const item = itemAt(data, image);
  const isMade = item?.conversions.some(
    ({ parameters, outputs }) =>
      parameters['image'] === imageIndex && outputs.some(({ path }) => path.endsWith('.thumbnail.png')),
  );
  if (!item || !isMade || isClosedItem(data, item)) return '';
  const source = contentPath(data.version, item.id, `image-${imageIndex}.thumbnail.png`);
  return html`<img src="${source}" alt="${data.text('figures.picture', { name: nameOf(item.path) })}" loading="lazy">`;
}

function imageLink(data: LandingData, figure: FigureLink): Html | '' {
  const item = itemAt(data, figure.image);
  if (!item) return '';
  const name = nameOf(item.path);
  const path = isViewable(item) ? figureViewPath(figure, data.version) : undefined;
  if (path === undefined) return html`<span>${data.text('figures.image', { name })}</span>`;
  return html`<a class="btn sm" href="${path}">${data.text('figures.view')}</a><a class="l" href="${path}">${data.text('figures.image', { name })}</a>`;
}

/** The file itself, or the data set it lies in where it is a folder; and what is measured of it. */
function tableLinks(data: LandingData, { table }: FigureLink): Html[] {
  const { version, text, alsoFiles = [] } = data;
  const item = itemAt(data, table);
  if (!item && table !== undefined && alsoFiles.includes(table))
    return [
      html`<a class="l" href="${filePath(version, table)}">${text('figures.table', { name: nameOf(table) })}</a>`,
    ];
  if (!item) return [];
  const name = nameOf(item.path);
  const dataset = version.datasets.find(({ quantitativeItems }) => quantitativeItems.includes(item.id));
  const address = item.files.includes(item.path) ? filePath(version, item.path) : `#${dataset?.id ?? 'data'}`;
  const measured = (item.counts?.edges ?? 0) > 0;
  return [
    html`<a class="l" href="${address}">${text('figures.table', { name })}</a>`,
    ...(measured
      ? [
          html`<a class="l" href="/measures/${version.accession}/${version.version}/${item.id}">${text('figures.measures', { name })}</a>`,
        ]
      : []),
  ];
}

function analysisLink({ version, text, alsoFiles = [] }: LandingData, { analysis = '' }: FigureLink): Html | '' {
  if (analysis.trim() === '') return '';
  const target = analysisTarget(analysis);
  if ('url' in target)
    return html`<a class="l" href="${target.url}" rel="nofollow noopener">${text('figures.analysis')}</a>`;
  if ('page' in target) return html`<a class="l" href="${target.page}">${text('figures.analysis')}</a>`;
  const isThere = alsoFiles.includes(target.file) || version.items.some(({ files }) => files.includes(target.file));
  return isThere
    ? html`<a class="l" href="${filePath(version, target.file)}">${text('figures.analysis')}: ${nameOf(target.file)}</a>`
    : '';
}
