import type { Issue } from '@micrarium/model';
import { isRecord, type Json, type JsonRecord, listOf, textOf } from '../json/json.ts';

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
 * licence. `undefined` where the offer is no whole value, or the value is no longer there.
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
  // The value is the right one; that it leads to a section is what was not said.
  if (issue.code === 'reference-unmarked') attribute.reference = true;
  return mended;
}

/** The section at a place such as `section.subsections[4]`, or `section.subsections[4][0]` in a table of sections. */
function sectionAt(document: Json, place: string): JsonRecord | undefined {
  let at: Json | undefined = document;
  for (const step of place.match(/[A-Za-z]+|\d+/g) ?? []) {
    if (/^\d+$/.test(step)) at = listOf(at)[Number(step)];
    else at = isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return isRecord(at) ? at : undefined;
}
