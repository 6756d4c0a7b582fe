import type { FieldValue, Term } from '@micrarium/model';
import type { SsbdSet } from '../ssbd/ssbd-sets.ts';

/** Fields by which sets are filtered, in the order they are offered. */
export const exploreFacets = [
  'organism',
  'cellType',
  'condition',
  'method',
  'licence',
  'year',
  'dimensions',
  'software',
] as const;

/** A field by which sets are filtered. */
export type ExploreFacet = (typeof exploreFacets)[number];

/** A set of tracks with what its study says of it. */
export interface DescribedSet {
  /** Where it lies. */
  source: SsbdSet;
  title: string;
  /** Every value the set has in a field; none where nothing is known. */
  facets: Readonly<Record<ExploreFacet, readonly string[]>>;
}

/** Filters: values of one field are alternatives, fields add up. A field without values filters nothing. */
export type ExploreFilters = Partial<Readonly<Record<ExploreFacet, readonly string[]>>>;

/** What is known of a set without reading it. What a data set says of itself comes before what the study says. */
export function describeSet(source: SsbdSet): DescribedSet {
  const { version, item, set } = source;
  const { values } = version.metadata;
  const dataset = version.datasets.find(({ quantitativeItems }) => quantitativeItems.includes(item.id));
  const own = (field: string) => wordsOf((dataset && values[`${field}@${dataset.id}`]) ?? values[field]);
  const z = set.extent?.z;
  return {
    source,
    title: wordsOf(values.title).join(' '),
    facets: {
      organism: own('organism'),
      cellType: own('cellType'),
      condition: own('treatment'),
      method: own('imagingMethods'),
      licence: wordsOf(values.licence),
      year: [version.publishedAt.slice(0, 4)],
      // As the measures count them: z is there, and not everywhere the same.
      dimensions: [set.hasZ && (z === undefined || z[0] < z[1]) ? '3' : '2'],
      software: set.software ? [set.software] : [],
    },
  };
}

/** The words of a field: labels of terms, nothing twice; none where it is said to have none. */
export function wordsOf(value: FieldValue | undefined): string[] {
  if (value === undefined) return [];
  const words = typeof value === 'string' ? [value] : (value as (string | Term)[]).map(labelOf);
  return [...new Set(words)].filter((word) => word !== '' && word !== 'NA');
}

const labelOf = (one: string | Term) => (typeof one === 'string' ? one : one.label);

/** Does a set pass all filters but those of one field? */
function passes({ facets }: DescribedSet, filters: ExploreFilters, except?: ExploreFacet): boolean {
  return exploreFacets.every((name) => {
    const wanted = filters[name] ?? [];
    return name === except || wanted.length === 0 || wanted.some((value) => facets[name].includes(value));
  });
}

/** Sets that pass all filters. */
export function filterSets(sets: readonly DescribedSet[], filters: ExploreFilters): DescribedSet[] {
  return sets.filter((set) => passes(set, filters));
}

/** How many sets each value would show: those that pass the filters of all other fields. Most frequent first. */
export function countFacets(
  sets: readonly DescribedSet[],
  filters: ExploreFilters,
): Record<ExploreFacet, { value: string; count: number }[]> {
  const counted = exploreFacets.map((name) => {
    const counts = new Map<string, number>();
    for (const set of sets)
      if (passes(set, filters, name))
        for (const value of set.facets[name]) counts.set(value, (counts.get(value) ?? 0) + 1);
    const rows = [...counts].map(([value, count]) => ({ value, count }));
    return [name, rows.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))] as const;
  });
  return Object.fromEntries(counted) as Record<ExploreFacet, { value: string; count: number }[]>;
}
