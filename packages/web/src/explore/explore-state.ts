import { pathMeasureIds } from '@micrarium/model';
import { metadataFieldById } from '@micrarium/standards';
import type { SearchValues } from '../app/search-string.ts';

/** Filters with counts, in the order they are shown. */
export const facetNames = [
  'organism',
  'cellType',
  'condition',
  'method',
  'dimensions',
  'software',
  'licence',
  'year',
] as const;

/** A filter. */
export type FacetName = (typeof facetNames)[number];

/** Fields by which dots may be coloured, beside any field of the metadata. */
export const groupNames = [...facetNames, 'study', 'interval'] as const;

/** A field by which dots may be coloured: one of ours, or any other of the metadata as `field:strain`. */
export type GroupName = (typeof groupNames)[number] | `field:${string}`;

/** What may differ between sets so that their numbers should not be compared without a thought. */
export const differenceNames = ['interval', 'dimensions', 'software', 'gaps', 'units', 'definition'] as const;

/** One of them. */
export type DifferenceName = (typeof differenceNames)[number];

/** Limits that sets are filtered by: of the time between frames in seconds, and of the number of tracks. */
export const limitNames = ['minInterval', 'maxInterval', 'minTracks', 'maxTracks'] as const;

/** One of them. */
export type LimitName = (typeof limitNames)[number];

/** What the page shows: everything stands in the address. */
export interface ExploreState {
  /** One or two measures of paths. */
  measures: string[];
  filters: Record<FacetName, string[]>;
  limits: Partial<Record<LimitName, number>>;
  /** Further fields of the metadata that are shown as filters, with the values chosen. */
  further: Record<string, string[]>;
  by: GroupName | undefined;
  /** Is each dot a track, or, where left out, a data set? */
  dots?: 'tracks';
  /** Only sets with this value are shown; the others are left out of plots and table. */
  only: Partial<Record<DifferenceName, string>>;
  /** Sets with one of these values are left out of plots and table. */
  without: Partial<Record<DifferenceName, string[]>>;
  /** Time between frames to which faster sets are thinned out, as `60 second`; as recorded where left out. */
  resample?: string;
  /** Saved query of whose versions the sets are shown; the newest versions where left out. */
  query?: string;
}

/** A time between frames in an address. */
const intervalPattern = /^\d+(?:\.\d+)?(?:e[+-]?\d+)? [a-z]+$/;

/** Id of a saved query in an address. */
const queryPattern = /^Q-[0-9A-Z]{4,20}$/;

/** Further fields shown at once: each costs the server a count. */
const mostFurther = 6;

const listOf = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** A field that dots may be coloured by. */
function groupOf(name: string | undefined): GroupName | undefined {
  const field = /^field:(\w+)$/.exec(name ?? '')?.[1];
  if (field !== undefined) return metadataFieldById(field) ? `field:${field}` : undefined;
  return groupNames.find((one) => one === name);
}

/** The state an address stands for; values nobody offers are taken as the default. */
export function stateOf(values: SearchValues): ExploreState {
  const measures = [...new Set(listOf(values.measure))].filter((id) => pathMeasureIds.includes(id)).slice(0, 2);
  const [resample] = listOf(values.resample);
  const [query] = listOf(values.query);
  const only = differenceNames.flatMap((name) => {
    const value = listOf(values[`only-${name}`])[0];
    return value === undefined ? [] : [[name, value] as const];
  });
  const without = differenceNames.flatMap((name) => {
    const left = [...new Set(listOf(values[`without-${name}`]))];
    return left.length === 0 ? [] : [[name, left] as const];
  });
  const limits = limitNames.flatMap((name) => {
    const value = Number(listOf(values[name])[0] ?? Number.NaN);
    return Number.isFinite(value) && value >= 0 ? [[name, value] as const] : [];
  });
  const by = groupOf(listOf(values.by)[0]);
  return {
    measures: measures.length > 0 ? measures : ['mean_speed', 'straightness'],
    filters: Object.fromEntries(
      facetNames.map((name) => [name, [...new Set(listOf(values[name]))]]),
    ) as ExploreState['filters'],
    limits: Object.fromEntries(limits),
    further: furtherOf(values),
    by,
    only: Object.fromEntries(only),
    without: Object.fromEntries(without),
    ...(listOf(values.dots)[0] === 'tracks' ? { dots: 'tracks' as const } : {}),
    ...(resample !== undefined && intervalPattern.test(resample) ? { resample } : {}),
    ...(query !== undefined && queryPattern.test(query) ? { query } : {}),
  };
}

/** Further fields of an address: those that are shown (`field`) and those with a value (`where`). */
function furtherOf(values: SearchValues): Record<string, string[]> {
  const further: Record<string, string[]> = {};
  const isField = (name: string) => metadataFieldById(name)?.id === name;
  for (const name of listOf(values.field)) if (isField(name)) further[name] ??= [];
  for (const one of listOf(values.where)) {
    const [, name, value] = /^(\w+):(.+)$/s.exec(one) ?? [];
    if (name === undefined || value === undefined || !isField(name)) continue;
    further[name] = [...new Set([...(further[name] ?? []), value])];
  }
  return Object.fromEntries(Object.entries(further).slice(0, mostFurther));
}

/** Further filters as an address and the interface of the server write them. */
export const whereOf = (further: ExploreState['further']): string[] =>
  Object.entries(further).flatMap(([name, values]) => values.map((value) => `${name}:${value}`));

/** The address of a state; filters that are not set are left out. */
export function addressOf({
  measures,
  filters,
  limits,
  further,
  by,
  dots,
  only,
  without,
  resample,
  query,
}: ExploreState): SearchValues {
  const shown = Object.keys(further).filter((name) => further[name]!.length === 0);
  const where = whereOf(further);
  return {
    measure: measures,
    ...Object.fromEntries(Object.entries(filters).filter(([, values]) => values.length > 0)),
    ...Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, String(value)])),
    ...(shown.length === 0 ? {} : { field: shown }),
    ...(where.length === 0 ? {} : { where }),
    ...(by === undefined ? {} : { by }),
    ...(dots === undefined ? {} : { dots }),
    ...(resample === undefined ? {} : { resample }),
    ...(query === undefined ? {} : { query }),
    ...Object.fromEntries(Object.entries(only).map(([name, value]) => [`only-${name}`, value])),
    ...Object.fromEntries(Object.entries(without).map(([name, values]) => [`without-${name}`, values])),
  };
}

/** A filter value switched on or off. */
export function toggled(state: ExploreState, name: FacetName, value: string): ExploreState {
  return { ...state, filters: { ...state.filters, [name]: withOrWithout(state.filters[name], value) } };
}

/** A value of a further field switched on or off. */
export function toggledFurther(state: ExploreState, name: string, value: string): ExploreState {
  return { ...state, further: { ...state.further, [name]: withOrWithout(state.further[name] ?? [], value) } };
}

const withOrWithout = (list: readonly string[], value: string): string[] =>
  list.includes(value) ? list.filter((one) => one !== value) : [...list, value];

/** A further field shown among the filters, or taken away with what was chosen of it. */
export function withField(state: ExploreState, name: string, isShown: boolean): ExploreState {
  const { [name]: _before, ...others } = state.further;
  return { ...state, further: isShown ? { ...others, [name]: [] } : others };
}

/** Limits set anew; one that is left out limits nothing. */
export function withLimits(state: ExploreState, limits: ExploreState['limits']): ExploreState {
  return { ...state, limits };
}

/** How many filters are set. */
export const filterCount = ({ filters, limits, further }: ExploreState): number =>
  [...Object.values(filters), ...Object.values(further)].reduce((sum, { length }) => sum + length, 0) +
  Object.keys(limits).length;

/** Fields of the metadata whose values are needed: those shown as filters, and the one that dots are coloured by. */
export function fieldsAsked({ further, by }: Pick<ExploreState, 'further' | 'by'>): string[] {
  const own = by?.startsWith('field:') ? [by.slice('field:'.length)] : [];
  return [...new Set([...Object.keys(further), ...own])];
}

/** Only the sets with a value of what differs, or all again where none is given. */
export function onlyWith(state: ExploreState, name: DifferenceName, value: string | undefined): ExploreState {
  const { [name]: _before, ...others } = state.only;
  return { ...state, only: value === undefined ? others : { ...others, [name]: value } };
}

/** Without the sets that have a value of what differs, or with them again. */
export function leavingOut(state: ExploreState, name: DifferenceName, value: string): ExploreState {
  const { [name]: before = [], ...others } = state.without;
  const next = withOrWithout(before, value);
  return { ...state, without: next.length === 0 ? others : { ...others, [name]: next } };
}
