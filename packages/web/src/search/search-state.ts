import type { SearchValues } from '../app/search-string.ts';

/** Filters with counts, in the order they are shown. */
export const facetNames = [
  'organism',
  'method',
  'cellType',
  'gene',
  'condition',
  'kind',
  'tier',
  'licence',
  'year',
] as const;

/** A filter. */
export type FacetName = (typeof facetNames)[number];

/** How many results are asked for at a time, and at most. */
export const pageSize = 20;
export const mostShown = 1000;

/** What a search is: everything stands in the address. */
export interface SearchState {
  q: string;
  filters: Record<FacetName, string[]>;
  sort: 'relevance' | 'newest' | 'title';
  view: 'list' | 'wall';
  /** How many results are shown. */
  shown: number;
}

function listOf(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** The search an address stands for; values nobody offers are taken as the default. */
export function searchOf(values: SearchValues): SearchState {
  const one = (name: string) => listOf(values[name])[0] ?? '';
  const sort = one('sort');
  const shown = Number(one('shown'));
  return {
    q: one('q'),
    filters: Object.fromEntries(
      facetNames.map((name) => [name, [...new Set(listOf(values[name]))]]),
    ) as SearchState['filters'],
    sort: sort === 'newest' || sort === 'title' ? sort : 'relevance',
    view: one('view') === 'wall' ? 'wall' : 'list',
    shown: Number.isInteger(shown) && shown > pageSize ? Math.min(shown, mostShown) : pageSize,
  };
}

/** The address of a search; defaults are left out. */
export function addressOf(state: SearchState): SearchValues {
  return {
    ...(state.q === '' ? {} : { q: state.q }),
    ...Object.fromEntries(
      facetNames.filter((name) => state.filters[name].length > 0).map((name) => [name, state.filters[name]]),
    ),
    ...(state.sort === 'relevance' ? {} : { sort: state.sort }),
    ...(state.view === 'list' ? {} : { view: state.view }),
    ...(state.shown === pageSize ? {} : { shown: String(state.shown) }),
  };
}

/** The same as the server's interface takes it. */
export function queryOf(state: SearchState, limit: number): Record<string, string | string[] | number> {
  const { view: _view, shown: _shown, ...query } = addressOf(state);
  return { ...query, limit };
}

/** A filter value switched on or off; shows the first page again. */
export function toggled(state: SearchState, name: FacetName, value: string): SearchState {
  const now = state.filters[name];
  const next = now.includes(value) ? now.filter((one) => one !== value) : [...now, value];
  return { ...state, filters: { ...state.filters, [name]: next }, shown: pageSize };
}

/** Nothing filtered; words and view stay. */
export function unfiltered(state: SearchState): SearchState {
  return { ...searchOf({ q: state.q }), view: state.view, sort: state.sort };
}
