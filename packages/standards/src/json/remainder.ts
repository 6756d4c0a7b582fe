import { isRecord, isSameJson, type Json, type JsonRecord } from './json.ts';

/** A step into a document: a member's name, a place in a list, or the element of a list with this identifying member. */
export type Step = string | number | { member: string; is: string };

/**
 * One thing a document says that our own writing of it does not, or says otherwise.
 * `was`: what we write there (left out: nothing); `now`: what the document had (left out: nothing).
 */
export interface RemainderEntry {
  path: Step[];
  was?: Json;
  now?: Json;
  /** Order of the identified elements of the list at the path, where it differs from ours. */
  order?: string[];
}

/** What an import left over, to be given back on export. */
export type Remainder = RemainderEntry[];

/** Members that name an element of a list, in the order they are tried. */
const identities = ['@id', 'accno', 'uuid', 'ID'];

function identityOf(a: readonly Json[], b: readonly Json[]): string | undefined {
  if (a.length === 0 || b.length === 0) return undefined;
  return identities.find((member) =>
    [a, b].every((list) => {
      const names = list.map((one) => (isRecord(one) && typeof one[member] === 'string' ? one[member] : undefined));
      return names.every((name) => name !== undefined) && new Set(names).size === names.length;
    }),
  );
}

const nameOf = (element: Json, member: string) => (element as JsonRecord)[member] as string;

/** What `original` says beyond, or other than, `written`. `restoreJson(written, …)` then gives `original`. */
export function jsonRemainder(original: Json, written: Json): Remainder {
  const entries: Remainder = [];
  compare(original, written, [], entries);
  return entries;
}

function compare(original: Json, written: Json, path: Step[], entries: Remainder): void {
  if (isSameJson(original, written)) return;
  if (isRecord(original) && isRecord(written)) {
    for (const key of Object.keys(original))
      if (!Object.hasOwn(written, key)) entries.push({ path: [...path, key], now: original[key]! });
      else compare(original[key]!, written[key]!, [...path, key], entries);
    for (const key of Object.keys(written))
      if (!Object.hasOwn(original, key)) entries.push({ path: [...path, key], was: written[key]! });
    return;
  }
  if (Array.isArray(original) && Array.isArray(written)) {
    const member = identityOf(original, written);
    if (member !== undefined) return compareNamed(original, written, member, path, entries);
    if (original.length === written.length)
      return original.forEach((one, index) => compare(one, written[index]!, [...path, index], entries));
  }
  entries.push({ path, was: written, now: original });
}

function compareNamed(original: Json[], written: Json[], member: string, path: Step[], entries: Remainder): void {
  const ours = new Map(written.map((one) => [nameOf(one, member), one]));
  const theirs = original.map((one) => nameOf(one, member));
  const known = new Set(theirs);
  for (const one of original) {
    const name = nameOf(one, member);
    const step = { member, is: name };
    const own = ours.get(name);
    if (own === undefined) entries.push({ path: [...path, step], now: one });
    else compare(one, own, [...path, step], entries);
  }
  for (const [name, one] of ours)
    if (!known.has(name)) entries.push({ path: [...path, { member, is: name }], was: one });
  const after = [...ours.keys()].filter((name) => known.has(name));
  for (const name of theirs) if (!ours.has(name)) after.push(name);
  if (after.some((name, index) => name !== theirs[index])) entries.push({ path, order: theirs });
}

/**
 * Gives back what an import left over, wherever the place is still there and we still write what we wrote then:
 * what was edited since stays edited.
 * @returns the document, and the entries that found no place any more
 */
export function restoreJson(written: Json, remainder: Remainder): { document: Json; unplaced: Remainder } {
  // Not structuredClone: a part that stands at two places must become two.
  const holder: { root: Json } = { root: JSON.parse(JSON.stringify(written)) as Json };
  const unplaced = remainder.filter((entry) => !place(holder, entry));
  return { document: holder.root, unplaced };
}

function place(holder: { root: Json }, entry: RemainderEntry): boolean {
  let parent: Json = holder as unknown as JsonRecord;
  let step: Step = 'root';
  for (const next of entry.path) {
    const inner: Json | undefined = childAt(parent, step);
    if (inner === undefined) return false;
    parent = inner;
    step = next;
  }
  const current = childAt(parent, step);
  if (entry.order) return reorder(current, entry.path, entry.order);
  if (!isSameJson(current, entry.was)) return false;
  return setAt(parent, step, entry.now);
}

function childAt(parent: Json, step: Step): Json | undefined {
  if (typeof step === 'string') return isRecord(parent) && Object.hasOwn(parent, step) ? parent[step] : undefined;
  if (!Array.isArray(parent)) return undefined;
  if (typeof step === 'number') return parent[step];
  return parent.find((one) => isRecord(one) && one[step.member] === step.is);
}

function setAt(parent: Json, step: Step, value: Json | undefined): boolean {
  const copy = value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as Json);
  if (typeof step === 'string') {
    if (!isRecord(parent)) return false;
    if (copy === undefined) delete parent[step];
    // Plain assignment to `__proto__` would set the prototype.
    else Object.defineProperty(parent, step, { value: copy, enumerable: true, writable: true, configurable: true });
    return true;
  }
  if (!Array.isArray(parent)) return false;
  const at = typeof step === 'number' ? step : parent.findIndex((one) => isRecord(one) && one[step.member] === step.is);
  if (copy === undefined) parent.splice(at, 1);
  else if (at < 0) parent.push(copy);
  else parent[at] = copy;
  return true;
}

function reorder(list: Json | undefined, path: readonly Step[], order: readonly string[]): boolean {
  if (!Array.isArray(list)) return false;
  const member = identities.find((one) =>
    list.every((element) => isRecord(element) && typeof element[one] === 'string'),
  );
  if (member === undefined || path.length < 0) return false;
  const places = new Map(order.map((name, index) => [name, index]));
  const rank = (one: Json) => places.get(nameOf(one, member)) ?? order.length;
  list.sort((a, b) => rank(a) - rank(b));
  return true;
}
