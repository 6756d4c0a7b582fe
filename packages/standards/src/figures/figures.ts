import type { FieldValue, StudyItem } from '@micrarium/model';
import { readDoi } from '../identifiers/identifiers.ts';
import { filled, isRecord, type Json, type JsonRecord } from '../json/json.ts';

/**
 * Key in `StudyMetadata.values` that holds, as JSON text, a list of published figure panels and the data behind them
 * (`FigureLink`). Published with the study, as `naming` is.
 */
export const figuresKey = 'figures';

/** A panel of a figure in a paper, with the image, the table and the analysis it shows. */
export interface FigureLink {
  /** As the paper calls it: "Figure 3b". */
  label: string;
  /** DOI of the paper. */
  doi?: string;
  caption?: string;
  /** Path of the item that holds the image. */
  image?: string;
  /** Index of the image in its item; left out = 0. */
  imageIndex?: number;
  /** How the viewer shows it: parameters of its address, without a leading `?` and without `image`. */
  view?: string;
  /** Path of the item that holds the tracks, objects or table. */
  table?: string;
  /** What was computed: a DOI, an address, a path of this site that begins with a slash, or the path of a file of the study. */
  analysis?: string;
}

/** Longest text of all figures together: what a value may have, with room for escapes. */
const longest = 48_000;
/** Figures of one study. */
const mostFigures = 300;
/** Longest text of each part. */
const lengths = { label: 120, doi: 300, caption: 5000, image: 1000, view: 4000, table: 1000, analysis: 2000 } as const;

/** Line breaks are kept; what else XML forbids is not. */
// oxlint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Figures of a value, complete or not; none where the value is no list of them. What is not known of a figure is left out. */
export function readFigures(value: FieldValue | undefined): FigureLink[] {
  if (typeof value !== 'string' || value === '' || value.length > longest) return [];
  try {
    const read = JSON.parse(value) as Json;
    return Array.isArray(read) ? read.filter(isRecord).slice(0, mostFigures).map(figureOf) : [];
  } catch {
    return [];
  }
}

function figureOf(told: JsonRecord): FigureLink {
  const text = (key: keyof typeof lengths) => {
    const value = told[key];
    return typeof value === 'string' ? value.replace(forbidden, '').slice(0, lengths[key]) : undefined;
  };
  const index = told['imageIndex'];
  return {
    ...filled<Omit<FigureLink, 'label'>>({
      doi: text('doi'),
      caption: text('caption'),
      image: text('image'),
      imageIndex: typeof index === 'number' && Number.isInteger(index) && index > 0 ? index : undefined,
      view: viewParameters(text('view') ?? ''),
      table: text('table'),
      analysis: text('analysis'),
    }),
    label: text('label') ?? '',
  };
}

/** Parameters of a view as they are kept: escaped as an address has them, without the image, which is named beside them. */
export function viewParameters(search: string): string {
  const parameters = new URLSearchParams(search);
  parameters.delete('image');
  return parameters.toString();
}

/** Figures as the text of their value: `''` for none, `undefined` where it would be too long to be kept. */
export function figuresText(figures: readonly FigureLink[]): string | undefined {
  if (figures.length === 0) return '';
  const text = JSON.stringify(figures);
  return text.length > longest || figures.length > mostFigures ? undefined : text;
}

/** DOI of the paper a figure is in, bare and lower case; `undefined` where there is none, or it is not one. */
export function figureDoi({ doi }: Pick<FigureLink, 'doi'>): string | undefined {
  const read = doi === undefined ? undefined : readDoi(doi);
  return read && 'doi' in read ? read.doi : undefined;
}

/** Where an analysis is: an address elsewhere, a page of this site (path and query), or a file of the study. */
export function analysisTarget(text: string): { url: string } | { page: string } | { file: string } {
  const trimmed = text.trim();
  const doi = trimmed.startsWith('/') ? undefined : readDoi(trimmed);
  if (doi && 'doi' in doi) return { url: `https://doi.org/${encodeURI(doi.doi)}` };
  if (/^https?:\/\//i.test(trimmed) && URL.canParse(trimmed)) return { url: new URL(trimmed).href };
  const home = 'https://site.invalid';
  const own = trimmed.startsWith('/') && URL.canParse(trimmed, home) ? new URL(trimmed, home) : undefined;
  // `//elsewhere` begins with a slash too.
  return own?.origin === home ? { page: `${own.pathname}${own.search}${own.hash}` } : { file: trimmed };
}

/** Paths of tables and of files with an analysis that the figures of a value name, each once. */
export function filesOfFigures(value: FieldValue | undefined): string[] {
  const paths = readFigures(value).flatMap(({ table, analysis = '' }) => {
    const target = analysis.trim() === '' ? undefined : analysisTarget(analysis);
    return [...(table === undefined ? [] : [table]), ...(target && 'file' in target ? [target.file] : [])];
  });
  return [...new Set(paths)];
}

/** Path of the view that a figure shows, in a published version; `undefined` where it names no image of it. */
export function figureViewPath(
  { image, imageIndex = 0, view }: FigureLink,
  study: { accession: string; version: number; items: readonly Pick<StudyItem, 'id' | 'path' | 'images'>[] },
): string | undefined {
  const item = image === undefined ? undefined : study.items.find(({ path }) => path === image);
  if (!item || imageIndex >= item.images.length) return undefined;
  const query = [...(imageIndex > 0 ? [`image=${imageIndex}`] : []), ...(view ? [view] : [])].join('&');
  return `/viewer/${study.accession}/${study.version}/${item.id}${query === '' ? '' : `?${query}`}`;
}

/** An item as far as figures refer to it. */
export interface FigureItem {
  path: string;
  files: readonly string[];
  images: readonly unknown[];
}

/** What is wrong with a figure: no label, a DOI that is none, nothing it leads to, or something that is not in the study. */
export type FigureFault = 'label' | 'doi' | 'link' | 'gone';

/** What is wrong with a figure of a study that has these items. */
export function figureFaults(figure: FigureLink, items: readonly FigureItem[]): FigureFault[] {
  const { label, doi, image, imageIndex = 0, table, analysis = '' } = figure;
  const itemOf = (path: string) => items.find((item) => item.path === path);
  const target = analysis.trim() === '' ? undefined : analysisTarget(analysis);
  const isGone =
    (image !== undefined && imageIndex >= (itemOf(image)?.images.length ?? 0)) ||
    (table !== undefined && !itemOf(table)) ||
    (target !== undefined && 'file' in target && !items.some(({ files }) => files.includes(target.file)));
  return [
    ...(label.trim() === '' ? (['label'] as const) : []),
    ...(doi !== undefined && doi.trim() !== '' && figureDoi(figure) === undefined ? (['doi'] as const) : []),
    ...(image === undefined && table === undefined && target === undefined ? (['link'] as const) : []),
    ...(isGone ? (['gone'] as const) : []),
  ];
}
