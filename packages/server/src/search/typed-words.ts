import { facetOfWord, type SearchFacetName } from '@micrarium/standards';
import { searchTerms } from './words.ts';

/** What was typed into the search: words for anywhere, and what stands behind the name of a filter. */
export interface TypedSearch {
  words: string[];
  fielded: { facet: SearchFacetName; words: string[] }[];
}

/** Filters that may be typed in one search. */
const mostFielded = 8;

/**
 * Reads `organism:mammal strain:"C57BL/6J" wound`: a word, or several in quotation marks, behind the name of a filter and a
 * colon are looked for in that filter only. What stands before another colon is a word like others (`GO:0008104`).
 */
export function readTyped(typed: string): TypedSearch {
  const fielded: TypedSearch['fielded'] = [];
  const rest = typed.replace(
    /(^|\s)([\p{L}-]+):(?:"([^"]*)"|“([^”]*)”|([^\s"“]+))/gu,
    (all, before: string, name: string, ...said) => {
      const facet = facetOfWord(name.replaceAll('-', ''));
      const words = searchTerms(said.slice(0, 3).find((one: unknown) => typeof one === 'string') as string);
      if (!facet || words.length === 0 || fielded.length === mostFielded) return all;
      fielded.push({ facet: facet.name, words });
      return before;
    },
  );
  return { words: searchTerms(rest), fielded };
}
