import { commonUnit, type Contributor, type FieldValue, type Term } from '@micrarium/model';
import { datasetFields, metadataFieldById, metadataFields, valueFor, shownTitle } from '@micrarium/standards';
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

/** Fields of terms: what stands above a term of theirs in its vocabulary filters too. */
export const widerFacets = ['organism', 'cellType', 'condition', 'method'] as const;

/** A field whose wider terms filter too. */
export type WiderFacet = (typeof widerFacets)[number];

/** Fields of the metadata that a facet shows: a perturbation is a treatment or a change of genes, as in the search. */
const fieldsOfFacet: Readonly<Record<WiderFacet, readonly string[]>> = {
  organism: ['organism'],
  cellType: ['cellType'],
  condition: ['treatment', 'geneticChange'],
  method: ['imagingMethods'],
};

/** A set of tracks with what its study says of it. */
export interface DescribedSet {
  /** Where it lies. */
  source: SsbdSet;
  title: string;
  /** Every value the set has in a field; none where nothing is known. */
  facets: Readonly<Record<ExploreFacet, readonly string[]>>;
  /** Terms of the fields of terms. */
  terms: Readonly<Record<WiderFacet, readonly Term[]>>;
  /** Time between frames in seconds, where the file says it in a unit of time. */
  interval: number | undefined;
  tracks: number;
}

/** Filters: values of one field are alternatives, fields add up. A field without values filters nothing. */
export interface ExploreFilters extends Partial<Readonly<Record<ExploreFacet, readonly string[]>>> {
  /** Values of any other field of the metadata, by its id. */
  where?: ReadonlyMap<string, readonly string[]>;
  /** Of the time between frames, in seconds. Sets whose frames have no time in seconds are left out. */
  interval?: { least?: number | undefined; most?: number | undefined };
  /** Of the number of tracks. */
  tracks?: { least?: number | undefined; most?: number | undefined };
}

/** Names of what stands above terms, by the label of the term. */
export type WiderNames = ReadonlyMap<string, readonly string[]>;

/** The data set of a version that a set lies in. */
const datasetOf = ({ version, item }: SsbdSet): string | undefined =>
  version.datasets.find(({ quantitativeItems }) => quantitativeItems.includes(item.id))?.id;

/** What is known of a set without reading it. What a data set says of itself comes before what the study says. */
export function describeSet(source: SsbdSet): DescribedSet {
  const { version, set } = source;
  const { values } = version.metadata;
  const dataset = datasetOf(source);
  const termsOf = (facet: WiderFacet): Term[] =>
    fieldsOfFacet[facet].flatMap((field) => {
      const value = valueFor(values, field, dataset);
      const list = Array.isArray(value) ? (value as (string | Term)[]) : typeof value === 'string' ? [value] : [];
      return list.map((one) => (typeof one === 'string' ? { label: one } : one));
    });
  const terms = {
    organism: termsOf('organism'),
    cellType: termsOf('cellType'),
    condition: termsOf('condition'),
    method: termsOf('method'),
  };
  const z = set.extent?.z;
  return {
    source,
    title: shownTitle(values.title),
    facets: {
      organism: wordsOf(terms.organism),
      cellType: wordsOf(terms.cellType),
      condition: wordsOf(terms.condition),
      method: wordsOf(terms.method),
      licence: wordsOf(values.licence),
      year: [version.publishedAt.slice(0, 4)],
      // As the measures count them: z is there, and not everywhere the same.
      dimensions: [set.hasZ && (z === undefined || z[0] < z[1]) ? '3' : '2'],
      software: set.software ? [set.software] : [],
    },
    terms,
    interval: secondsOf(set),
    tracks: set.counts.tracks,
  };
}

/** The time between frames of a set in seconds; `undefined` where its times are in no unit of time. */
function secondsOf({ frameInterval, spaceUnit, timeUnit }: SsbdSet['set']): number | undefined {
  if (frameInterval === undefined) return undefined;
  const { unit, factor } = commonUnit('time', spaceUnit ?? 'unknown', timeUnit ?? 'unknown');
  return unit === 'second' ? frameInterval * factor : undefined;
}

/** The words of a field: labels of terms, names of people, nothing twice; none where it is said to have none. */
export function wordsOf(value: FieldValue | undefined): string[] {
  if (value === undefined) return [];
  const words = typeof value === 'string' ? [value] : (value as (string | Term | Contributor)[]).map(labelOf);
  return [...new Set(words)].filter((word) => word !== '' && word !== 'NA');
}

const labelOf = (one: string | Term | Contributor): string => {
  if (typeof one === 'string') return one;
  return 'label' in one ? one.label : `${one.firstName} ${one.lastName}`.trim();
};

/** Fields that sets are filtered by under a name of their own, are texts that no two share, or hold for the whole archive. */
const unasked: ReadonlySet<string> = new Set([
  'organism',
  'cellType',
  'imagingMethods',
  'licence',
  'title',
  'datasetTitle',
  'projectName',
  'projectUrl',
  'localId',
  'file',
  'doi',
  'version',
  'updateDate',
  'releaseDate',
  'dataSize',
]);
const askable = new Set(
  metadataFields
    .filter(
      ({ id, type, isPrivate }) => !unasked.has(id) && isPrivate !== true && !/^(long-text|email-list)$/.test(type),
    )
    .map(({ id }) => id),
);

/** Can sets be filtered and grouped by a field of the metadata? */
export const isAskable = (field: string): boolean => askable.has(field);

/** What a set says in any field of the metadata. */
export const valuesOf = ({ source }: DescribedSet, field: string): string[] =>
  wordsOf(valueFor(source.version.metadata.values, field, datasetOf(source)));

/** Fields of the metadata in which any of the sets says something, with how many different values there are. */
export function fieldsOf(sets: readonly DescribedSet[]): { field: string; values: number }[] {
  const found = new Map<string, Set<string>>();
  const seen = new Set<unknown>();
  for (const set of sets) {
    const { values } = set.source.version.metadata;
    // The sets of one study say the same, but for what they say of themselves.
    if (seen.has(values)) continue;
    seen.add(values);
    for (const [key, value] of Object.entries(values)) {
      const field = metadataFieldById(key)?.id;
      if (field === undefined || !askable.has(field)) continue;
      const known = found.get(field) ?? new Set();
      found.set(field, known);
      for (const word of wordsOf(value)) known.add(word);
    }
  }
  const order = [...datasetFields().map(({ id }) => id), ...metadataFields.map(({ id }) => id)];
  return [...found]
    .filter(([, values]) => values.size > 0)
    .map(([field, values]) => ({ field, values: values.size }))
    .sort((a, b) => order.indexOf(a.field) - order.indexOf(b.field));
}

/** Values of a field and, of terms, what stands above them. */
function allValues({ facets, terms }: DescribedSet, name: ExploreFacet, wider: WiderNames): readonly string[] {
  if (!(widerFacets as readonly string[]).includes(name)) return facets[name];
  return [...new Set([...facets[name], ...terms[name as WiderFacet].flatMap(({ label }) => wider.get(label) ?? [])])];
}

/** A filter that is left out of account, to count what its values would show. */
type Except = ExploreFacet | { where: string };

/** Does a set pass all filters but those of one field? */
function passes(set: DescribedSet, filters: ExploreFilters, wider: WiderNames, except?: Except): boolean {
  const { interval, tracks, where } = filters;
  if (interval && !isWithin(set.interval, interval)) return false;
  if (tracks && !isWithin(set.tracks, tracks)) return false;
  for (const [field, wanted] of where ?? []) {
    if (typeof except === 'object' && except.where === field) continue;
    const values = valuesOf(set, field);
    if (wanted.length > 0 && !wanted.some((value) => values.includes(value))) return false;
  }
  return exploreFacets.every((name) => {
    const wanted = filters[name] ?? [];
    if (name === except || wanted.length === 0) return true;
    const values = allValues(set, name, wider);
    return wanted.some((value) => values.includes(value));
  });
}

function isWithin(
  value: number | undefined,
  { least, most }: { least?: number | undefined; most?: number | undefined },
) {
  if (least === undefined && most === undefined) return true;
  return value !== undefined && value >= (least ?? Number.NEGATIVE_INFINITY) && value <= (most ?? Infinity);
}

/** Sets that pass all filters. */
export function filterSets(
  sets: readonly DescribedSet[],
  filters: ExploreFilters,
  wider: WiderNames = new Map(),
): DescribedSet[] {
  return sets.filter((set) => passes(set, filters, wider));
}

/** A value with how many sets it would show. */
export interface CountedValue {
  value: string;
  count: number;
}

/** Values of one field with how many sets have each; most frequent first, then by name. */
function counted(values: Iterable<readonly string[]>): CountedValue[] {
  const counts = new Map<string, number>();
  for (const list of values) for (const value of list) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

/**
 * How many sets each value would show: those that pass the filters of all other fields. Of the fields of terms what stands above the
 * values is counted apart, as `wider`.
 */
export function countFacets(
  sets: readonly DescribedSet[],
  filters: ExploreFilters,
  wider: WiderNames = new Map(),
): { facets: Record<ExploreFacet, CountedValue[]>; wider: Record<WiderFacet, CountedValue[]> } {
  const above = {} as Record<WiderFacet, CountedValue[]>;
  const facets = exploreFacets.map((name) => {
    const fitting = sets.filter((set) => passes(set, filters, wider, name));
    const said = new Set(fitting.flatMap((set) => set.facets[name]));
    const all = counted(fitting.map((set) => allValues(set, name, wider)));
    if (name in fieldsOfFacet) above[name as WiderFacet] = all.filter(({ value }) => !said.has(value));
    return [name, all.filter(({ value }) => said.has(value))] as const;
  });
  return { facets: Object.fromEntries(facets) as Record<ExploreFacet, CountedValue[]>, wider: above };
}

/** How many sets each value of a further field would show. */
export function countField(
  sets: readonly DescribedSet[],
  filters: ExploreFilters,
  field: string,
  wider: WiderNames = new Map(),
): CountedValue[] {
  return counted(
    sets.filter((set) => passes(set, filters, wider, { where: field })).map((set) => valuesOf(set, field)),
  );
}
