/** A filter of the search over studies. */
export interface SearchFacet {
  name: string;
  /** Fields of the form whose entries it counts; none where it counts what the archive knows (licence, year). */
  fields: readonly string[];
  /** Always shown with its counts, or counted only where it is asked for? */
  place: 'first' | 'further';
  /** Other words that people write before a colon for it: `species:mouse`. */
  also: readonly string[];
}

/**
 * The filters of the search, in the order they are shown: the interface, the index and the page are all made of this table.
 * Each may be written in the words of a search too, as `organism:mammal` or `strain:"C57BL/6J"`.
 */
export const searchFacets = [
  { name: 'organism', fields: ['organism'], place: 'first', also: ['species', 'taxon'] },
  { name: 'method', fields: ['imagingMethods'], place: 'first', also: ['imaging', 'microscopy'] },
  { name: 'cellType', fields: ['cellType'], place: 'first', also: ['cell', 'celltype'] },
  { name: 'gene', fields: ['genesProteinsReagents'], place: 'first', also: ['protein', 'reagent'] },
  { name: 'condition', fields: ['treatment', 'geneticChange'], place: 'first', also: ['perturbation', 'treatment'] },
  { name: 'kind', fields: [], place: 'first', also: ['data'] },
  { name: 'tier', fields: [], place: 'first', also: [] },
  { name: 'licence', fields: ['licence'], place: 'first', also: ['license'] },
  { name: 'year', fields: [], place: 'first', also: [] },
  { name: 'strain', fields: ['strain'], place: 'further', also: [] },
  { name: 'cellLine', fields: ['cellLine'], place: 'further', also: ['line', 'cellline'] },
  { name: 'phenotype', fields: ['phenotype'], place: 'further', also: [] },
  { name: 'goProcess', fields: ['biologicalProcess'], place: 'further', also: ['process', 'goprocess'] },
  { name: 'goComponent', fields: ['cellularComponent'], place: 'further', also: ['component', 'gocomponent'] },
  { name: 'goFunction', fields: ['molecularFunction'], place: 'further', also: ['function', 'gofunction'] },
  { name: 'mesh', fields: ['studyType'], place: 'further', also: [] },
  { name: 'person', fields: ['contributors'], place: 'further', also: ['author'] },
  { name: 'paper', fields: ['paperShort', 'paperDoi', 'paperUrl'], place: 'further', also: ['doi'] },
  { name: 'project', fields: ['projectName'], place: 'further', also: [] },
  { name: 'basedOn', fields: ['basedOn'], place: 'further', also: ['basedon'] },
  { name: 'trainingTask', fields: ['trainingTask'], place: 'further', also: ['task', 'trainingtask'] },
  { name: 'collection', fields: [], place: 'further', also: [] },
  { name: 'community', fields: [], place: 'further', also: ['group'] },
] as const satisfies readonly SearchFacet[];

type Facets = (typeof searchFacets)[number];
/** A filter of the search. */
export type SearchFacetName = Facets['name'];
/** A filter that is always counted. */
export type FirstFacetName = Extract<Facets, { place: 'first' }>['name'];
/** A filter that is counted only where it is asked for. */
export type FurtherFacetName = Extract<Facets, { place: 'further' }>['name'];

/** Filters that are always shown with their counts. */
export const firstFacetNames = searchFacets.flatMap((facet): FirstFacetName[] =>
  facet.place === 'first' ? [facet.name] : [],
);
/** Filters that are counted only where they are asked for. */
export const furtherFacetNames = searchFacets.flatMap((facet): FurtherFacetName[] =>
  facet.place === 'further' ? [facet.name] : [],
);

const byWord = new Map<string, Facets>(
  searchFacets.flatMap((facet) =>
    [facet.name.toLowerCase(), ...facet.also].map((word): [string, Facets] => [word, facet]),
  ),
);

/** The filter that a word before a colon means. */
export function facetOfWord(word: string): Facets | undefined {
  return byWord.get(word.toLowerCase());
}
