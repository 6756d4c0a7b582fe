import type { FirstFacetName, FurtherFacetName, SearchFacetName } from '@micrarium/standards';
import type { SearchDocument } from './ports/study-store.ts';

type Held = Pick<
  SearchDocument,
  'organisms' | 'imagingMethods' | 'cellTypes' | 'genes' | 'conditions' | 'kinds' | 'tier' | 'licence' | 'year' | 'more'
>;

const held: { readonly [Name in FirstFacetName]: (document: Held) => readonly string[] } = {
  organism: ({ organisms }) => organisms,
  method: ({ imagingMethods }) => imagingMethods,
  cellType: ({ cellTypes }) => cellTypes ?? [],
  gene: ({ genes }) => genes ?? [],
  condition: ({ conditions }) => conditions ?? [],
  kind: ({ kinds }) => kinds,
  tier: ({ tier }) => [tier ?? 'archive'],
  licence: ({ licence }) => [licence],
  year: ({ year }) => [year],
};

/** What a study is counted by in a filter. */
export function facetValuesOf(document: Held, facet: SearchFacetName): readonly string[] {
  return facet in held ? held[facet as FirstFacetName](document) : (document.more?.[facet as FurtherFacetName] ?? []);
}
