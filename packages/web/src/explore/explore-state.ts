import { pathMeasureIds } from '@micrarium/model';
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

/** Fields by which dots may be coloured. */
export const groupNames = [...facetNames, 'study', 'interval'] as const;

/** A field by which dots may be coloured. */
export type GroupName = (typeof groupNames)[number];

/** What may differ between sets so that their numbers should not be compared without a thought. */
export const differenceNames = ['interval', 'dimensions', 'software', 'gaps', 'units', 'definition'] as const;

/** One of them. */
export type DifferenceName = (typeof differenceNames)[number];

/** What the page shows: everything stands in the address. */
export interface ExploreState {
  /** One or two measures of paths. */
  measures: string[];
  filters: Record<FacetName, string[]>;
  by: GroupName | undefined;
  /** Only sets with this value are shown; the others are left out of plots and table. */
  only: Partial<Record<DifferenceName, string>>;
  /** Time between frames to which faster sets are thinned out, as `60 second`; as recorded where left out. */
  resample?: string;
  /** Saved query of whose versions the sets are shown; the newest versions where left out. */
  query?: string;
}

/** A time between frames in an address. */
const intervalPattern = /^\d+(?:\.\d+)?(?:e[+-]?\d+)? [a-z]+$/;

/** Id of a saved query in an address. */
const queryPattern = /^Q-[0-9A-Z]{4,20}$/;

const listOf = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** The state an address stands for; values nobody offers are taken as the default. */
export function stateOf(values: SearchValues): ExploreState {
  const measures = [...new Set(listOf(values.measure))].filter((id) => pathMeasureIds.includes(id)).slice(0, 2);
  const by = listOf(values.by)[0];
  const [resample] = listOf(values.resample);
  const [query] = listOf(values.query);
  const only = differenceNames.flatMap((name) => {
    const value = listOf(values[`only-${name}`])[0];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    measures: measures.length > 0 ? measures : ['mean_speed', 'straightness'],
    filters: Object.fromEntries(
      facetNames.map((name) => [name, [...new Set(listOf(values[name]))]]),
    ) as ExploreState['filters'],
    by: groupNames.find((name) => name === by),
    only: Object.fromEntries(only),
    ...(resample !== undefined && intervalPattern.test(resample) ? { resample } : {}),
    ...(query !== undefined && queryPattern.test(query) ? { query } : {}),
  };
}

/** The address of a state; filters that are not set are left out. */
export function addressOf({ measures, filters, by, only, resample, query }: ExploreState): SearchValues {
  return {
    measure: measures,
    ...Object.fromEntries(Object.entries(filters).filter(([, values]) => values.length > 0)),
    ...(by === undefined ? {} : { by }),
    ...(resample === undefined ? {} : { resample }),
    ...(query === undefined ? {} : { query }),
    ...Object.fromEntries(Object.entries(only).map(([name, value]) => [`only-${name}`, value])),
  };
}

/** A filter value switched on or off. */
export function toggled(state: ExploreState, name: FacetName, value: string): ExploreState {
  const now = state.filters[name];
  const next = now.includes(value) ? now.filter((one) => one !== value) : [...now, value];
  return { ...state, filters: { ...state.filters, [name]: next } };
}

/** Only the sets with a value of what differs, or all again where none is given. */
export function onlyWith(state: ExploreState, name: DifferenceName, value: string | undefined): ExploreState {
  const { [name]: _before, ...others } = state.only;
  return { ...state, only: value === undefined ? others : { ...others, [name]: value } };
}
