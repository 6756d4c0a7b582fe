import { vocabularyTerms } from '@micrarium/standards';

/** A term as it stands in a list. */
export interface TermEntry {
  label: string;
  id?: string | undefined;
}

/**
 * The term typed words stand for: the vocabulary's own where label, synonym or identifier is typed in full; with an
 * identifier in brackets where one was given ("kinetochore (GO:0000776)"); else just the words.
 */
export function termOf(typed: string, vocabulary?: string): TermEntry | undefined {
  const words = typed.trim().replaceAll(/\s+/g, ' ');
  if (words === '') return undefined;
  const wanted = words.toLowerCase();
  const known = vocabularyTerms(vocabulary ?? '').find(({ id, label, synonyms }) =>
    [id, label, ...synonyms].some((name) => name.toLowerCase() === wanted),
  );
  if (known) return { id: known.id, label: known.label };
  const bracketed = /^(.+?)\s*[([]([A-Za-z]+:\w+)[)\]]$/.exec(words);
  return bracketed ? { id: bracketed[2]!, label: bracketed[1]! } : { label: words };
}

/** The list with a term more, unless it is there already. */
export function withTerm(terms: readonly TermEntry[], term: TermEntry): readonly TermEntry[] {
  const isThere = terms.some((one) => (one.id !== undefined && one.id === term.id) || one.label === term.label);
  return isThere ? terms : [...terms, term];
}
