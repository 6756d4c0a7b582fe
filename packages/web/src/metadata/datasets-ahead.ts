import { splitValueKey, valueKey } from '@micrarium/standards';
import { useEffect } from 'react';
import type { Draft } from '../deposit/draft.ts';
import type { DraftEditor, EditorView } from '../deposit/draft-editor.ts';
import type { ItemRow } from '../deposit/item-row.ts';
import type { Slots, ValueSlot } from '../deposit/slots.ts';
import { draftDatasets } from './study-state.ts';

/** Begins the id of a data set whose files have not been sent: until then the server has given it none. */
const prefix = 'ahead-';

/** Id of the data set that an item will make, by the path of the item: keys of values are short, paths need not be. */
export function aheadId(path: string): string {
  // FNV-1a of 32 bits, from two beginnings.
  let [first, second] = [0x811c9dc5, 0x1b873593];
  for (let at = 0; at < path.length; at++) {
    first = Math.imul(first ^ path.charCodeAt(at), 0x01000193);
    second = Math.imul(second ^ path.charCodeAt(at), 0x85ebca6b);
  }
  return prefix + [first, second].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
}

/** Is it the id of a data set whose files have not been sent? */
export const isAhead = (id: string): boolean => id.startsWith(prefix);

/** Slot of a key of the form: the title of a data set that is there is its own, not a value. */
export function slotOfKey(key: string): string {
  const { field, dataset } = splitValueKey(key);
  return field === 'datasetTitle' && dataset !== undefined && !isAhead(dataset) ? `title:${dataset}` : `value:${key}`;
}

/** What a slot holds of a value and where it came from. */
const contentOf = (slot: string, { value, origin }: ValueSlot): unknown =>
  slot.startsWith('title:') ? value : { value, ...(origin ? { origin } : {}) };

/** The edit that takes offered values into the form. */
export function editOf(
  offers: readonly { key: string; value: ValueSlot['value']; origin: NonNullable<ValueSlot['origin']> }[],
): Record<string, unknown> {
  return Object.fromEntries(
    offers.map(({ key, ...offered }) => {
      const slot = slotOfKey(key);
      return [slot, contentOf(slot, offered)];
    }),
  );
}

/** The value a key of the form has now. */
export function slotNow(slots: Slots, key: string): ValueSlot | undefined {
  const content = slots[slotOfKey(key)];
  // Titles have no origin: somebody wrote them.
  return typeof content === 'string'
    ? { value: content, origin: { kind: 'person' } }
    : (content as ValueSlot | undefined);
}

/** Data sets that files will make which were read here and are not sent yet, for documents that tell of them. */
export function datasetsAhead(rows: readonly ItemRow[]): { id: string; title: string; files: string[] }[] {
  return rows.flatMap(({ path, files, report, server }) => {
    if (server || !report || report.kind === 'unknown' || report.kind === 'metadata') return [];
    return [{ id: aheadId(path), title: path.slice(path.lastIndexOf('/') + 1), files: [...files] }];
  });
}

/**
 * Changes that give values of data sets ahead to the data sets their files have made since. What was said of these
 * meanwhile stays.
 */
export function settledValues(draft: Draft, slots: Slots): Record<string, unknown> {
  const waiting = Object.keys(slots).filter((slot) => slot.startsWith('value:') && slot.includes(`@${prefix}`));
  if (waiting.length === 0) return {};
  const pathOf = new Map(draft.items.flatMap(({ path, files }) => files.map((file) => [file, path] as const)));
  const idOf = new Map(
    draftDatasets(draft, slots).flatMap(({ id, files }) =>
      files.map((file) => [aheadId(pathOf.get(file) ?? file), id] as const),
    ),
  );
  const changes: Record<string, unknown> = {};
  for (const slot of waiting) {
    const { field, dataset = '' } = splitValueKey(slot.slice('value:'.length));
    const id = idOf.get(dataset);
    if (id === undefined) continue;
    changes[slot] = undefined;
    const own = slotOfKey(valueKey(field, id));
    if (!(own in slots) && !(own in changes)) changes[own] = contentOf(own, slots[slot] as ValueSlot);
  }
  return changes;
}

/** Gives values of data sets ahead to these as soon as the server knows them. */
export function useSettledValues(editor: DraftEditor, { draft, slots }: EditorView): void {
  useEffect(() => {
    if (draft.state !== 'editing') return;
    const changes = settledValues(draft, slots);
    if (Object.keys(changes).length > 0) editor.follow(changes);
  }, [editor, draft, slots]);
}
