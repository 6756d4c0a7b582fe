import { useEffect, useState } from 'react';
import { suggestTerms } from '@micrarium/standards';
import { api, routes } from '../app/api.ts';
import { type TermEntry, termOf } from '../deposit/terms.ts';

/** A term offered while typing. */
export interface OfferedTerm {
  id: string;
  label: string;
  /** Why it was found, or what it is under. */
  note?: string;
  /** The typed text is a name of it in full. */
  isWhole?: boolean;
  /** No longer in use: what is taken instead of it, nothing where its ontology does not say. */
  isObsolete?: boolean;
  instead?: { id: string; label: string };
}

/** Milliseconds after the last key before the server is asked. */
const pause = 150;

/** Terms to offer for what is typed: the few that every page knows at once, then those of the server's vocabularies. */
export function useOfferedTerms(vocabulary: string | undefined, typed: string): OfferedTerm[] {
  const [answer, setAnswer] = useState<{ typed: string; terms: OfferedTerm[] }>({ typed: '', terms: [] });
  useEffect(() => {
    if (vocabulary === undefined || typed.trim().length < 2) return;
    const control = new AbortController();
    const timer = setTimeout(() => {
      api
        .call(routes.searchTerms, { query: { q: typed, prefix: vocabulary }, signal: control.signal })
        .then(({ terms }) => setAnswer({ typed, terms: terms.map(offeredOf(typed)) }))
        // Without the server the terms of the page are offered, and anything may be typed.
        .catch(() => {});
    }, pause);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [vocabulary, typed]);
  if (vocabulary === undefined || typed.trim() === '') return [];
  const known: OfferedTerm[] = suggestTerms(vocabulary, typed).map(({ id, label }) => ({ id, label }));
  const more = answer.typed === typed ? answer.terms : [];
  const ids = new Set(more.map(({ id }) => id));
  return [...more, ...known.filter(({ id }) => !ids.has(id))].slice(0, 12);
}

type Found = Awaited<ReturnType<typeof searchTerms>>['terms'][number];
const searchTerms = (q: string) => api.call(routes.searchTerms, { query: { q } });

const offeredOf =
  (typed: string) =>
  ({ id, label, synonyms, parents, obsolete, replacedBy, replacedByLabel }: Found): OfferedTerm => {
    const wanted = typed.trim().toLowerCase();
    const isWhole = [label, ...synonyms, id].some((name) => name.toLowerCase() === wanted);
    const synonym = label.toLowerCase().includes(wanted)
      ? undefined
      : synonyms.find((one) => one.toLowerCase().includes(wanted));
    const note = synonym ?? parents[0];
    return {
      id,
      label,
      isWhole,
      ...(note === undefined ? {} : { note }),
      ...(obsolete ? { isObsolete: true } : {}),
      ...(obsolete && replacedBy !== null ? { instead: { id: replacedBy, label: replacedByLabel ?? replacedBy } } : {}),
    };
  };

/** Cuts pasted text into entries, at line ends, tabs and semicolons. Commas may be part of a name: see `matchPasted`. */
export function pastedEntries(text: string): string[] {
  return text
    .split(/[\n;\t；]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** Cuts an entry at commas outside of brackets. */
const commaParts = (entry: string): string[] =>
  entry
    .split(/[,、](?![^()[\]]*[)\]])/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** Entries that one answer of the server is asked for. */
const mostPasted = 500;

/**
 * The terms that pasted text stands for, looked up together; what no vocabulary has stays as it was written. An entry with
 * commas is one term where its vocabulary has it so ("regulation of transcription, DNA-templated"), else a list.
 */
export async function matchPasted(text: string, vocabulary: string | undefined): Promise<TermEntry[]> {
  const entries = pastedEntries(text);
  const whole = await matchEntries(entries, vocabulary);
  const lists = entries.map((entry, index) => (whole[index]?.id === undefined ? commaParts(entry) : []));
  const parts = await matchEntries([...new Set(lists.flat())], vocabulary);
  const ofPart = new Map([...new Set(lists.flat())].map((part, index) => [part, parts[index]!]));
  return entries.flatMap((_, index) => {
    const list = lists[index]!;
    return list.length > 1 ? list.map((part) => ofPart.get(part)!) : [whole[index]!];
  });
}

/** Terms that several texts stand for, looked up together; what no vocabulary has stays as it was typed. */
export async function matchEntries(entries: readonly string[], vocabulary: string | undefined): Promise<TermEntry[]> {
  const own = entries.map((entry) => termOf(entry, vocabulary) ?? { label: entry });
  const open = entries.flatMap((entry, index) => (own[index]!.id === undefined ? [{ entry, index }] : []));
  if (vocabulary === undefined || open.length === 0) return own;
  try {
    const texts = open.slice(0, mostPasted).map(({ entry }) => entry.slice(0, 500));
    const { terms } = await api.call(routes.matchTerms, { body: { texts, prefix: vocabulary } });
    open.forEach(({ index }, at) => (own[index] = terms[at] ?? own[index]!));
  } catch {
    // Without the server the text stays as it was typed; it is suggested as a term later.
  }
  return own;
}

/** Is a term of a field only what somebody typed? MeSH is not shipped, so its ids cannot be looked up either. */
export function isUnverified(term: TermEntry, vocabulary: string | undefined): boolean {
  if (vocabulary === undefined || /^(NA|Unknown)$/i.test(term.label)) return false;
  return term.id === undefined || vocabulary === 'MeSH';
}
