import { useEffect, useRef } from 'react';
import type { SignedIn } from '../app/session.ts';
import type { DraftEditor } from './draft-editor.ts';
import type { Draft, Origin } from './draft.ts';
import type { ShelfView } from './file-shelf.ts';
import { type ItemRow, readRows } from './item-row.ts';
import type { ValueSlot } from './slots.ts';
import { isPlaceOfReports, type Prefilled, valuesFromReports } from './values-from-reports.ts';

/** What the account gives for a new draft: the contact. A name of more or fewer than two words is not cut in guesses. */
function fromAccount(me: SignedIn): Record<string, Prefilled> {
  const origin = { kind: 'account' } as const;
  const names = me.name.trim().split(/\s+/);
  return {
    contactEmail: { value: me.email, origin },
    ...(names.length === 2
      ? { contactFirstName: { value: names[0]!, origin }, contactLastName: { value: names[1]!, origin } }
      : {}),
  };
}

/** Is it a draft in which nothing was said yet? One begun from the page of another study has values from the start, and no contact. */
export const awaitsContact = ({ metadata, revision }: Pick<Draft, 'metadata' | 'revision'>): boolean => {
  const told = Object.keys(metadata.values);
  return told.length === 0 || (revision === 1 && !told.some((key) => key.startsWith('contact')));
};

/** Did we read a value out of the files themselves? What came of a filled sheet, a document or a kept description did not. */
const isPrefilled = (id: string, origin: Origin | undefined) =>
  origin?.kind === 'file' &&
  (origin.place === undefined ? id === 'dataSize' || id === 'dataFormats' : isPlaceOfReports(origin.place));

/** Changes that fill empty fields, and bring up to date those a file filled before; what a person wrote stays. */
export function prefillChanges(
  slots: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, Prefilled>>,
  emptied: ReadonlySet<string>,
): Record<string, ValueSlot> {
  const changes: Record<string, ValueSlot> = {};
  for (const [id, prefilled] of Object.entries(found)) {
    const now = slots[`value:${id}`] as ValueSlot | undefined;
    if (now ? isPrefilled(id, now.origin) : !emptied.has(id)) changes[`value:${id}`] = prefilled;
  }
  return changes;
}

/** Fills the form from what was read, whenever reading has come to rest; fields a person emptied stay empty. */
export function usePrefill(
  editor: DraftEditor,
  rows: readonly ItemRow[],
  view: ShelfView,
  me: SignedIn,
  first: Draft,
): void {
  const emptied = useRef(new Set<string>());
  const isQuiet = view.finding === undefined && view.readCount === view.items.length;
  useEffect(() => {
    if (first.state === 'editing' && awaitsContact(first))
      editor.edit(prefillChanges(editor.view().slots, fromAccount(me), emptied.current));
  }, [editor, me, first]);
  useEffect(() => {
    let before = editor.view().slots;
    return editor.subscribe(() => {
      const { slots } = editor.view();
      for (const slot of Object.keys(before)) if (!(slot in slots)) emptied.current.add(slot.slice('value:'.length));
      before = slots;
    });
  }, [editor]);
  useEffect(() => {
    if (!isQuiet || editor.view().draft.state !== 'editing') return;
    // Sizes of files that only the server has come with its list; before that nothing can be said of them.
    const read = readRows(rows);
    if (read.length === rows.length && read.length > 0)
      editor.edit(prefillChanges(editor.view().slots, valuesFromReports(read), emptied.current));
  }, [editor, rows, isQuiet]);
}
