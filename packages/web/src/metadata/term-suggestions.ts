import { useEffect, useSyncExternalStore } from 'react';
import { api, routes } from '../app/api.ts';
import type { TermEntry } from '../deposit/terms.ts';

/** Texts asked for in one call. */
const atOnce = 500;
/** Milliseconds in which the texts of all fields of a page are gathered into one call. */
const gathering = 120;

/** What each text stands for, by vocabulary; `null` where no term goes by it. */
const known = new Map<string, TermEntry | null>();
const waiting = new Map<string, Set<string>>();
const listeners = new Set<() => void>();
let version = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

const keyOf = (vocabulary: string, text: string) => `${vocabulary}\n${text}`;
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

async function ask(): Promise<void> {
  const asked = [...waiting];
  waiting.clear();
  for (const [vocabulary, texts] of asked) {
    const all = [...texts];
    for (let at = 0; at < all.length; at += atOnce) {
      const piece = all.slice(at, at + atOnce);
      try {
        const { terms } = await api.call(routes.matchTerms, { body: { texts: piece, prefix: vocabulary } });
        piece.forEach((text, index) => known.set(keyOf(vocabulary, text), terms[index] ?? null));
      } catch {
        // Without the server nothing is suggested; the text stays as it was typed.
      }
    }
  }
  version++;
  for (const listener of listeners) listener();
}

/** The text a term is looked up by: its id where it has one, so that what replaces an obsolete term is offered too. */
const textOf = ({ id, label }: TermEntry) => (id ?? label).slice(0, 500);

/** Words people write where they have nothing to say. */
const isNothing = (label: string) => /^(NA|N\/A|none|unknown|not applicable)$/i.test(label.trim());

/** The term an entry should rather be, as far as it is known by now. */
export function suggestedFor(entry: TermEntry, vocabulary: string): TermEntry | undefined {
  const term = isNothing(entry.label) ? undefined : known.get(keyOf(vocabulary, textOf(entry)));
  if (!term) return undefined;
  // Of the same term its own label is better than an abbreviated or local one (“C. elegans”).
  return term.id !== entry.id || term.label.toLowerCase() !== entry.label.toLowerCase() ? term : undefined;
}

/** A free text, or an obsolete term, and the term that goes by that name. */
export interface Suggestion {
  entry: TermEntry;
  term: TermEntry;
}

/** Asks for the terms that free texts name; the page is drawn again when they are known. */
export function useKnownTerms(asked: readonly { vocabulary: string; entries: readonly TermEntry[] }[]): void {
  useSyncExternalStore(subscribe, () => version);
  useEffect(() => {
    for (const { vocabulary, entries } of asked)
      for (const entry of entries) {
        // MeSH is not shipped: what has an id of it is as good as it can be.
        if (isNothing(entry.label) || (vocabulary === 'MeSH' && entry.id !== undefined)) continue;
        const text = textOf(entry);
        if (known.has(keyOf(vocabulary, text))) continue;
        waiting.set(vocabulary, (waiting.get(vocabulary) ?? new Set()).add(text));
        timer ??= setTimeout(() => {
          timer = undefined;
          void ask();
        }, gathering);
      }
  }, [asked]);
}

/** Entries of a field that equal a label or a synonym of a term, or are obsolete, with the terms. */
export function useSuggestions(vocabulary: string | undefined, entries: readonly TermEntry[]): Suggestion[] {
  const asked = vocabulary === undefined ? none : [{ vocabulary, entries }];
  useKnownTerms(asked);
  if (vocabulary === undefined) return [];
  return entries.flatMap((entry) => {
    const term = suggestedFor(entry, vocabulary);
    return term ? [{ entry, term }] : [];
  });
}
const none: readonly never[] = [];

/** The entries with terms in place of the texts they were suggested for; what is there already is not listed twice. */
export function withSuggestions(entries: readonly TermEntry[], taken: readonly Suggestion[]): TermEntry[] {
  const termOf = new Map(taken.map(({ entry, term }) => [entry, { id: term.id, label: term.label }]));
  const next = new Map<string, TermEntry>();
  for (const entry of entries) {
    const one = termOf.get(entry) ?? entry;
    const key = one.id ?? one.label;
    if (!next.has(key)) next.set(key, one);
  }
  return [...next.values()];
}
