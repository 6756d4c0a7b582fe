import type { ChangeKind, EarlierResults } from '@micrarium/model';
import type { Draft, DraftPair, Origin, Value } from './draft.ts';

/** What can be edited in a draft, cut into slots that are compared and merged one by one. */
export type Slots = Readonly<Record<string, unknown>>;

/** A slot that two people changed differently since they last agreed. */
export interface Conflict {
  slot: string;
  mine: unknown;
  theirs: unknown;
}

/** A value with its origin: they are kept and merged together. */
export interface ValueSlot {
  value: Value;
  origin?: Origin;
}

/** Key of a pair: one image of one item, one set of another. */
export function pairKey(pair: Pick<DraftPair, 'imageItem' | 'image' | 'trackItem' | 'part'>): string {
  return `pair:${pair.imageItem}/${pair.image}/${pair.trackItem}/${pair.part}`;
}

/** Parts of the version note; each is a slot of its own. */
export const noteSlots = ['note', 'changeKinds', 'earlierResults'] as const;

type Editable = Pick<Draft, 'metadata' | 'pairs' | 'datasetTitles'> & {
  [Part in (typeof noteSlots)[number]]?: Draft[Part] | null | undefined;
};

/** The slots of a draft. */
export function slotsOf(draft: Editable): Slots {
  const slots: Record<string, unknown> = {};
  for (const [id, value] of Object.entries(draft.metadata.values)) {
    const origin = draft.metadata.origins[id];
    slots[`value:${id}`] = { value, ...(origin ? { origin } : {}) };
  }
  for (const pair of draft.pairs) slots[pairKey(pair)] = pair;
  for (const [id, title] of Object.entries(draft.datasetTitles)) slots[`title:${id}`] = title;
  if (draft.note) slots.note = draft.note;
  if (draft.changeKinds && draft.changeKinds.length > 0) slots.changeKinds = draft.changeKinds;
  if (draft.earlierResults) slots.earlierResults = draft.earlierResults;
  return slots;
}

/** Back from slots to what the server saves. */
export function editableOf(slots: Slots): Required<Pick<Draft, 'metadata' | 'pairs' | 'datasetTitles'>> & {
  note: string;
  changeKinds: ChangeKind[];
  earlierResults: EarlierResults | null;
} {
  const metadata: Draft['metadata'] = { values: {}, origins: {} };
  const pairs: DraftPair[] = [];
  const datasetTitles: Record<string, string> = {};
  for (const slot of Object.keys(slots)) {
    const content = slots[slot];
    const id = slot.slice(slot.indexOf(':') + 1);
    if (slot.startsWith('value:')) {
      const { value, origin } = content as ValueSlot;
      metadata.values[id] = value;
      if (origin) metadata.origins[id] = origin;
    } else if (slot.startsWith('pair:')) pairs.push(content as DraftPair);
    else if (slot.startsWith('title:')) datasetTitles[id] = content as string;
  }
  const note = (slots.note as string | undefined) ?? '';
  const changeKinds = (slots.changeKinds as ChangeKind[] | undefined) ?? [];
  const earlierResults = (slots.earlierResults as EarlierResults | undefined) ?? null;
  return { metadata, pairs, datasetTitles, note, changeKinds, earlierResults };
}

/** Are two slot contents the same, whatever the order of their keys? */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

/** Are two sets of slots the same? */
export function sameSlots(a: Slots, b: Slots): boolean {
  return isSame(a, b);
}

/**
 * Joins two edits of one draft. What only one side changed is taken from it; what both changed alike is no conflict;
 * what both changed differently is a conflict and stays mine until somebody decides.
 * @param base what both started from
 */
export function mergeSlots(base: Slots, mine: Slots, theirs: Slots): { merged: Slots; conflicts: Conflict[] } {
  const merged: Record<string, unknown> = {};
  const conflicts: Conflict[] = [];
  for (const slot of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const iChanged = !isSame(base[slot], mine[slot]);
    const theyChanged = !isSame(base[slot], theirs[slot]);
    const content = iChanged ? mine[slot] : theirs[slot];
    if (iChanged && theyChanged && !isSame(mine[slot], theirs[slot]))
      conflicts.push({ slot, mine: mine[slot], theirs: theirs[slot] });
    if (content !== undefined) merged[slot] = content;
  }
  return { merged, conflicts };
}
