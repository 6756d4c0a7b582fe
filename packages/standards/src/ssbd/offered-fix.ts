import type { Contributor, FieldValue, Term } from '@micrarium/model';
import type { Field } from '../field.ts';
import { splitValueKey } from '../fields/tiers.ts';
import { isEmail, readDoi, readLink, readOrcid, withoutUnseen } from '../identifiers/identifiers.ts';
import { findLicence, licenceById } from '../licences/licences.ts';
import { vocabularyTerms } from '../vocabulary/starter-terms.ts';
import { checkField, isCalendarDate } from './check.ts';
import { joinedValues, withoutCut } from './list-entries.ts';
import { isScale, isUnitless, scaleWithUnit } from './scale-units.ts';

/** Values by key that would mend what a person entered; `undefined` empties the field. */
export type OfferedFix = Record<string, FieldValue | undefined>;

/** Words that people put where a DOI or an address is asked for, and the status of the paper they mean. */
const statuses: readonly (readonly [RegExp, string])[] = [
  [/^(submitted|under review|in review|in revision|pending( review)?|under revision)\b/i, 'submitted'],
  [/^(accepted|in press|forthcoming|to appear)\b/i, 'in press'],
  [
    /^(in prep(aration)?|unpublished|not (yet )?published|tbd|tba|to be (determined|announced)|n\/?a|none)\b/i,
    'in preparation',
  ],
];
const statusOf = (text: string) => statuses.find(([pattern]) => pattern.test(text))?.[1];

/**
 * What an entered value most likely means, offered beside the issue; nothing is changed unasked. `undefined` where the value
 * is in order, or where nothing can be known: a cut-off address has no fix.
 */
export function offeredFix(field: Field, value: FieldValue | undefined): OfferedFix | undefined {
  if (value === undefined || value.length === 0) return undefined;
  const found = checkField(field, value);
  if (found.length === 0 || found.some(({ code }) => code === 'field-wrong-kind')) return undefined;
  const { dataset } = splitValueKey(field.id);
  const mended = typeof value === 'string' ? mendedText(field, value.trim()) : mendedList(field, value);
  if (mended !== undefined) {
    // A fix that is itself at fault is none; of a list, one that mends some entries is better than none.
    const left = checkField(field, mended);
    const isBetter = typeof value !== 'string' && left.length < found.length;
    return isBetter || left.every(({ severity }) => severity === 'info') ? { [field.id]: mended } : undefined;
  }
  const status = typeof value === 'string' && dataset === undefined ? statusOf(value.trim()) : undefined;
  return status !== undefined && (field.id === 'paperDoi' || field.id === 'paperUrl')
    ? { [field.id]: undefined, paperStatus: status }
    : undefined;
}

function mendedText(field: Field, text: string): string | undefined {
  // oxlint-disable-next-line no-control-regex
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
  const by: Partial<Record<Field['type'], () => string | undefined>> = {
    doi: () => mendedDoi(clean),
    'email-list': () => mendedEmails(clean),
    licence: () => {
      const found = findLicence(clean)?.spdx;
      return found !== undefined && licenceById(found) ? found : undefined;
    },
    orcid: () => readOrcid(clean),
    url: () => mendedUrl(field, clean),
    date: () => mendedDate(clean),
  };
  const chosen = field.choices?.find((one) => folded(one) === folded(clean));
  const mended =
    chosen ??
    (isScale(field.id) && isUnitless(clean) ? scaleWithUnit(field.id, clean) : undefined) ??
    by[field.type]?.();
  return mended ?? (clean === text ? undefined : clean);
}

const folded = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * The DOI in a text: as `readDoi` tidies it, without spaces inside, out of the address of an article, or with the beginning
 * that was lost while copying.
 */
export function mendedDoi(entered: string): string | undefined {
  const text = withoutUnseen(entered);
  const preprint = /^(?:https?:\/\/arxiv\.org\/abs\/|arxiv\s*:\s*)(\d{4}\.\d{4,5})(?:v\d+)?$/i.exec(text)?.[1];
  // arXiv gives each of its papers a DOI made of its number.
  if (preprint !== undefined) return `10.48550/arxiv.${preprint}`;
  // Words behind a whole DOI are of the next field of a form, not of the DOI.
  const whole = text
    .trim()
    .replace(/^(.*10\.\d{4,9}\/\S*\d)\s+[A-Za-z][A-Za-z :]*$/, '$1')
    .replace(/\s+/g, '');
  const inside = /(?:^|[/=:])(10\.\d{4,9}\/[^\s?#&]+)/.exec(decoded(whole))?.[1];
  const ending = /(\/(full|abstract|pdf|epdf|meta|html?)|\.full(\.pdf)?|\.pdf|v\d+(\.full(\.pdf|-text)?)?)$/i;
  const begun = /^\d{4,9}\/\S/.test(whole)
    ? `10.${whole}`
    : /^(0?\.\d{4,9}\/\S)/.test(whole)
      ? `10${whole.replace(/^0/, '')}`
      : '';
  for (const one of [whole, inside?.replace(ending, ''), begun]) {
    const read = readDoi(one ?? '');
    if ('doi' in read) return read.doi;
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The addresses in a text, each once: `Name <a@b.org>; a@b.org` is one. */
export function mendedEmails(entered: string): string | undefined {
  const text = withoutUnseen(entered);
  const half = text.slice(0, text.length / 2);
  const found = (half + half === text ? half : text).match(/[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[A-Za-z]{2,}/g) ?? [];
  const distinct = [...new Map(found.map((one) => [one.toLowerCase(), one])).values()];
  // What stands before a first “@” of two is a part of the address: which, nobody knows.
  if (/[^\s<>(),;:"]@[^\s@<>(),;:"]+@/.test(text) && half + half !== text) return undefined;
  return distinct.length > 0 && distinct.every(isEmail) ? distinct.join(', ') : undefined;
}

function mendedUrl(field: Field, text: string): string | undefined {
  const whole = text.replace(/\s+/g, '').replace(/[.,;]+$/, '');
  if (/^https?:\/\/[^/]/.test(whole)) return whole;
  if (field.id === 'paperUrl' && /^(pmid:?)?\d{5,9}$/i.test(whole))
    return `https://pubmed.ncbi.nlm.nih.gov/${whole.replace(/\D/g, '')}/`;
  const doi = readDoi(whole);
  if ('doi' in doi) return `https://doi.org/${doi.doi}`;
  return /^([a-z0-9-]+\.)+[a-z]{2,}(\/|$)/i.test(whole) ? `https://${whole}` : undefined;
}

/** The year first; without signs between them, month and day have two digits. */
const yearFirst = [
  /^(\d{4})(?:年|[/.\-\s])\s?(\d{1,2})(?:月|[/.\-\s])\s?(\d{1,2})日?$/,
  /^(\d{4})(\d{2})(\d{2})$/,
  /^(\d{4})(?:年|[/.\-\s])\s?(\d{1,2})月?$/,
  /^(\d{4})年?$/,
];

/**
 * Dates whose order nobody can mistake: the year first, or a month in letters. A year or a month alone, as DataCite allows
 * them, becomes its first day.
 */
function mendedDate(text: string): string | undefined {
  const parts = yearFirst.map((form) => form.exec(text)).find((found) => found !== null);
  const date = parts
    ? [parts[1]!, (parts[2] ?? '1').padStart(2, '0'), (parts[3] ?? '1').padStart(2, '0')].join('-')
    : /[a-z]{3}/i.test(text) && !Number.isNaN(Date.parse(`${text} UTC`))
      ? new Date(`${text} UTC`).toISOString().slice(0, 10)
      : '';
  return isCalendarDate(date) ? date : undefined;
}

function mendedList(field: Field, value: Exclude<FieldValue, string>): FieldValue | undefined {
  if (field.type === 'contributors')
    return (value as Contributor[]).map((one) =>
      one.orcid === undefined ? one : { ...one, orcid: readOrcid(one.orcid) ?? one.orcid },
    );
  if (field.type === 'text-list') return mendedEntries(field, value as string[]);
  const terms = (value as Term[]).flatMap(
    (term): Term[] =>
      (term.id === undefined ? joinedValues(field, term.label) : undefined)?.map((label) =>
        knownTerm(field, label),
      ) ?? [term],
  );
  return field.id.startsWith('organism') ? terms.map(mendedOrganism) : terms;
}

/** Texts cut at their commas put together, several in one entry taken apart, links written out. */
function mendedEntries(field: Field, entries: readonly string[]): string[] {
  const isLinks = splitValueKey(field.id).field === 'links';
  const whole = withoutCut(entries) ?? entries;
  const single = whole.flatMap((entry) => joinedValues(field, entry) ?? [entry]);
  return [...new Set(isLinks ? single.map((entry) => readLink(entry)?.url ?? entry) : single)];
}

/** A label with the identifier of the term it names. */
function knownTerm({ vocabulary }: Field, label: string): Term {
  const known = vocabularyTerms(vocabulary ?? '').find((one) => one.label.toLowerCase() === label.toLowerCase());
  return known ? { label: known.label, id: known.id } : { label };
}

/** "C. elegans" where only one organism we know is meant by it; a lower-case genus gets its capital. */
function mendedOrganism(term: Term): Term {
  const label = term.label.trim();
  const short = /^([A-Z])[a-z]?\.\s*([a-z-]+)$/.exec(label);
  if (short) {
    const found = vocabularyTerms('NCBITaxon').filter(
      (one) => one.label.startsWith(short[1]!) && one.label.split(' ')[1] === short[2],
    );
    return found.length === 1 ? { label: found[0]!.label, id: found[0]!.id } : term;
  }
  const capital = label.replace(/^[a-z]/, (letter) => letter.toUpperCase());
  const known = vocabularyTerms('NCBITaxon').find((one) => one.label.toLowerCase() === label.toLowerCase());
  return known ? { label: known.label, id: known.id } : { ...term, label: capital };
}
