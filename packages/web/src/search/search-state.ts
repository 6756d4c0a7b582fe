import { firstFacetNames, furtherFacetNames, type SearchFacetName } from '@micrarium/standards';
import { type SearchValues, writeSearch } from '../app/search-string.ts';

const allFacetNames: readonly FacetName[] = [...firstFacetNames, ...furtherFacetNames];
/** A filter. */
export type FacetName = SearchFacetName;

/** Columns of the table of studies that it is sorted by. */
export const tableColumns = [
  'project',
  'title',
  'released',
  'updated',
  'organism',
  'datatype',
  'basedOn',
  'imageSets',
  'quantitativeSets',
  'paper',
] as const;
/** A column of the table of studies. */
export type TableColumn = (typeof tableColumns)[number];
const views = ['list', 'wall', 'table', 'images'] as const;

/** How many results are asked for at a time, and at most. */
export const pageSize = 20;
export const mostShown = 1000;

/** What a search is: everything stands in the address. */
export interface SearchState {
  q: string;
  filters: Record<FacetName, string[]>;
  sort: 'relevance' | 'newest' | TableColumn;
  /** Largest first, of a column. */
  isDown: boolean;
  /** Are the further filters open? */
  more: boolean;
  view: (typeof views)[number];
  /** How many results are shown. */
  shown: number;
}

function listOf(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** Words that ask for images by what is said of them: "images with decreased cell movement speed". */
const asksForImages = [
  /^\s*images?\s+(?:annotated\s+with|labelled\s+with|with|showing|that\s+show)\s+(\S.*)$/i,
  /^\s*(\S.*?)(?:の(?:ある|見られる)|が(?:ある|見られる)|を(?:持つ|示す))画像\s*$/,
];

/** What is asked for of images, where words ask for them. */
export function imagesAskedFor(words: string): string | undefined {
  for (const pattern of asksForImages) {
    const asked = pattern.exec(words)?.[1];
    if (asked !== undefined) return asked;
  }
  return undefined;
}

/** The search an address stands for; values nobody offers are taken as the default. */
export function searchOf(values: SearchValues): SearchState {
  const one = (name: string) => listOf(values[name])[0] ?? '';
  const sort = one('sort');
  const shown = Number(one('shown'));
  const view = views.find((name) => name === one('view'));
  // Who chose how results are shown has them so.
  const ofImages = view === undefined ? imagesAskedFor(one('q')) : undefined;
  return {
    q: ofImages ?? one('q'),
    filters: Object.fromEntries(
      allFacetNames.map((name) => [name, [...new Set(listOf(values[name]))]]),
    ) as SearchState['filters'],
    sort: sort === 'newest' ? sort : (tableColumns.find((column) => column === sort) ?? 'relevance'),
    isDown: one('order') === 'desc',
    more: one('more') === '1',
    view: view ?? (ofImages === undefined ? 'list' : 'images'),
    shown: Number.isInteger(shown) && shown > pageSize ? Math.min(shown, mostShown) : pageSize,
  };
}

/** The address of a search; defaults are left out. */
export function addressOf(state: SearchState): SearchValues {
  return {
    ...(state.q === '' ? {} : { q: state.q }),
    ...Object.fromEntries(
      allFacetNames.filter((name) => state.filters[name].length > 0).map((name) => [name, state.filters[name]]),
    ),
    ...(state.sort === 'relevance' ? {} : { sort: state.sort }),
    ...(state.isDown ? { order: 'desc' } : {}),
    ...(state.more ? { more: '1' } : {}),
    ...(state.view === 'list' ? {} : { view: state.view }),
    ...(state.shown === pageSize ? {} : { shown: String(state.shown) }),
  };
}

/** The same as the server's interface takes it. */
export function queryOf(state: SearchState, limit: number): Record<string, string | string[] | number> {
  const { view: _view, shown: _shown, ...query } = addressOf(state);
  return { ...query, limit };
}

/** Address of the feed that tells of new studies of a search, newest first. */
export function feedOf(state: SearchState, form: 'atom' | 'json'): string {
  const filters = allFacetNames
    .filter((name) => state.filters[name].length > 0)
    .map((name) => [name, state.filters[name]]);
  const search = writeSearch({ ...(state.q === '' ? {} : { q: state.q }), ...Object.fromEntries(filters) });
  return `/feed.${form}${search}`;
}

/** A filter value switched on or off; shows the first page again. */
export function toggled(state: SearchState, name: FacetName, value: string): SearchState {
  const now = state.filters[name];
  const next = now.includes(value) ? now.filter((one) => one !== value) : [...now, value];
  return { ...state, filters: { ...state.filters, [name]: next }, shown: pageSize };
}

/** Nothing filtered; words and view stay. */
export function unfiltered(state: SearchState): SearchState {
  return { ...searchOf({ q: state.q }), view: state.view, sort: state.sort, isDown: state.isDown, more: state.more };
}

/** How many filters are set. */
export function countFilters(state: SearchState): number {
  return allFacetNames.reduce((sum, name) => sum + state.filters[name].length, 0);
}

/** Every filter value that is set. */
export function setFilters(state: SearchState): { name: FacetName; value: string }[] {
  return allFacetNames.flatMap((name) => state.filters[name].map((value) => ({ name, value })));
}
