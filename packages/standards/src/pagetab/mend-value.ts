import type { Issue } from '@micrarium/model';
import { isRecord, type Json, type JsonRecord, listOf, recordsOf, textOf } from '../json/json.ts';

/** Issues whose offer is the whole value of one attribute. */
const ofOneValue: ReadonlySet<string> = new Set([
  'association-dangling',
  'doi-malformed',
  'email-malformed',
  'licence-unlisted',
  'reference-unmarked',
]);

/** Letters of a value by which an issue names it. */
const shown = 80;

/** Is what an issue offers the whole value that belongs in its place? A check cuts long ones, and says so by their last sign. */
export function isOfferedValue({ code, offer }: Pick<Issue, 'code' | 'offer'>): boolean {
  return offer !== undefined && ofOneValue.has(code) && !offer.endsWith('…');
}

/**
 * A submission with the offer of an issue written where its value stands: a title that no section has, a DOI, an address, a
 * licence; an affiliation is marked as a reference wherever it stands. `undefined` where the offer is no whole value, or the value is no longer there.
 * @param document the JSON form, as it was checked
 */
export function withOffer(document: Json, issue: Issue): Json | undefined {
  const { message, where, offer } = issue;
  if (offer === undefined || !isOfferedValue(issue)) return undefined;
  const mended = JSON.parse(JSON.stringify(document)) as Json;
  const section = sectionAt(mended, where.field ?? '');
  // One value may be the beginning of another ("A B" and "A B <a@example.org>"): the longest that is named is meant.
  const [attribute] = listOf(section?.attributes)
    .filter(isRecord)
    .filter((one) => {
      const text = textOf(one.value) ?? '';
      if (issue.code === 'reference-unmarked') return text === offer;
      return text !== '' && message.includes(`“${text.slice(0, shown)}`);
    })
    .sort((one, other) => textOf(other.value)!.length - textOf(one.value)!.length);
  if (!attribute) return undefined;
  attribute.value = offer;
  // The value is the right one; that it leads to a section is what was not said, of no author.
  if (issue.code === 'reference-unmarked') markReferences(isRecord(mended) ? mended.section : undefined, offer);
  return mended;
}

/** Marks every affiliation with this organisation, in a section and all below it, as a reference. */
function markReferences(section: Json | undefined, organisation: string, depth = 0): void {
  if (Array.isArray(section)) return section.forEach((one) => markReferences(one, organisation, depth));
  if (!isRecord(section) || depth > deepest) return;
  for (const one of recordsOf(section.attributes))
    if (/^affiliation$/i.test(textOf(one.name) ?? '') && textOf(one.value) === organisation) one.reference = true;
  for (const one of listOf(section.subsections)) markReferences(one, organisation, depth + 1);
}

/** Sections within one another; real submissions have four. */
const deepest = 20;

/** The section at a place such as `section.subsections[4]`, or `section.subsections[4][0]` in a table of sections. */
function sectionAt(document: Json, place: string): JsonRecord | undefined {
  let at: Json | undefined = document;
  for (const step of place.match(/[A-Za-z]+|\d+/g) ?? []) {
    if (/^\d+$/.test(step)) at = listOf(at)[Number(step)];
    else at = isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return isRecord(at) ? at : undefined;
}
