import { isRecord, isSameJson, type Json, type JsonRecord } from './json.ts';
import type { Remainder, Step } from './remainder.ts';

/** Members that tell elements of a list apart, in the order they are tried: names that people gave before made identifiers. */
const anchors = ['Model', 'name', 'Name', 'title', 'Title', 'lastName', 'ID', '@id', 'accno', 'identifier'];
/** Members of an element that is a statement by itself: a further attribute, comment or property. */
const statements = ['value', 'values', 'Schema_ID'];
/** Where people can be reached stays with the person who imported it. */
const personal = /phone|^fax$|mail|^mbox$/i;
const address = /[^\s@"<>]+@[^\s@"<>]+\.[A-Za-z]{2,}/;

/** Is a member, by its name or by what it holds, where somebody can be reached? */
export const isContact = (name: string, value: string): boolean => personal.test(name) || address.test(value);

/**
 * What a document says that our own writing of the same does not say at all: members we do not know, and further attributes
 * in lists of them. Never what both say differently: that may have been edited. Contact addresses are left out.
 * Lists are walked by what tells their elements apart, so that a part is never given back at another's place.
 */
export function unknownParts(original: Json, written: Json): Remainder {
  const entries: Remainder = [];
  walk(original, written, [], entries);
  return entries.filter(({ now }) => !address.test(JSON.stringify(now)));
}

function walk(original: Json, written: Json, path: Step[], entries: Remainder): void {
  if (isRecord(original) && isRecord(written)) {
    for (const [key, now] of Object.entries(original)) {
      if (key.startsWith('@') && key !== '@graph') continue;
      if (Object.hasOwn(written, key)) walk(now, written[key]!, [...path, key], entries);
      else if (!isEmpty(now) && !personal.test(key)) entries.push({ path: [...path, key], now });
    }
    return;
  }
  if (!Array.isArray(original) || !Array.isArray(written) || isSameJson(original, written)) return;
  if (!original.every(isRecord) || !written.every(isRecord)) return;
  const member = anchorOf(original, written);
  if (member === undefined) {
    if (original.length === 1 && written.length === 1) walk(original[0]!, written[0]!, [...path, 0], entries);
    return;
  }
  const ours = new Map(written.map((one) => [one[member], one]));
  for (const one of original) {
    const step = { member, is: one[member] as string };
    const own = ours.get(one[member]);
    if (own) walk(one, own, [...path, step], entries);
    else if (statements.some((name) => name in one) && !personal.test(step.is))
      entries.push({ path: [...path, step], now: one });
  }
}

/** A member whose texts tell the elements of both lists apart. */
function anchorOf(...lists: readonly (readonly JsonRecord[])[]): string | undefined {
  return anchors.find((member) =>
    lists.every((list) => {
      const names = list.map((one) => one[member]);
      return names.every((name) => typeof name === 'string' && name !== '') && new Set(names).size === names.length;
    }),
  );
}

const isEmpty = (value: Json): boolean =>
  value === null ||
  value === '' ||
  (Array.isArray(value) ? value.every(isEmpty) : isRecord(value) && Object.values(value).every(isEmpty));
