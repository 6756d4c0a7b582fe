import { metadataFieldById } from '@micrarium/standards';
import type { TermEntry } from '../deposit/terms.ts';
import type { OfferedValue } from './read-import.ts';
import { suggestedFor, withSuggestions } from './term-suggestions.ts';

/** The entries of an offered value that is a list of terms of a vocabulary; nothing for other values. */
function termsOf({ key, value }: OfferedValue): { vocabulary: string; entries: TermEntry[] } | undefined {
  const field = metadataFieldById(key);
  if (field?.type !== 'term-list' || field.vocabulary === undefined || !Array.isArray(value)) return undefined;
  const entries = value.flatMap((one): TermEntry[] =>
    typeof one === 'string' ? [{ label: one }] : 'label' in one ? [one] : [],
  );
  return entries.length === value.length ? { vocabulary: field.vocabulary, entries } : undefined;
}

/** Terms of imported values to be looked up, by vocabulary. */
export function freeTerms(offers: readonly OfferedValue[]): { vocabulary: string; entries: TermEntry[] }[] {
  return offers.flatMap((offer) => termsOf(offer) ?? []);
}

/** The offered values with terms where a text equals the name of one, and in how many places that is so. */
export function withTermsOf(offers: readonly OfferedValue[]): { offers: OfferedValue[]; count: number } {
  let count = 0;
  const next = offers.map((offer) => {
    const said = termsOf(offer);
    if (!said) return offer;
    const taken = said.entries.flatMap((entry) => {
      const term = suggestedFor(entry, said.vocabulary);
      return term ? [{ entry, term }] : [];
    });
    if (taken.length === 0) return offer;
    count += taken.length;
    return { ...offer, value: withSuggestions(said.entries, taken) as OfferedValue['value'] };
  });
  return { offers: next, count };
}
