import { useEffect, useMemo, useRef } from 'react';
import type { Draft } from './draft.ts';
import type { FileShelf, ShelfView } from './file-shelf.ts';
import { type ItemRow, rowsOf } from './item-row.ts';

/** The lines of the list of files, made again when the shelf or the draft has changed. */
export function useRows(shelf: FileShelf, view: ShelfView, draft: Draft): readonly ItemRow[] {
  const before = useRef<readonly ItemRow[]>([]);
  const rows = useMemo(
    () => keptRows(rowsOf(view.items, draft.items, shelf.queue.files), before.current),
    // The shelf changes in place and counts its turns.
    // oxlint-disable-next-line react/exhaustive-deps
    [view.turn, draft.items, shelf],
  );
  useEffect(() => {
    before.current = rows;
  }, [rows]);
  return rows;
}

/**
 * The lines, with those of the last time in the place of equal ones; the very list of the last time where nothing has
 * changed. So what is reckoned from forty thousand lines is not reckoned again because one file was sent.
 * @param rows sorted by path, as `before` is
 */
export function keptRows(rows: readonly ItemRow[], before: readonly ItemRow[]): readonly ItemRow[] {
  let at = 0;
  let isSame = rows.length === before.length;
  const kept = rows.map((row, index) => {
    while (at < before.length && before[at]!.path < row.path) at++;
    const old = before[at];
    const one = old && isEqual(old, row) ? old : row;
    isSame &&= one === before[index];
    return one;
  });
  return isSame ? before : kept;
}

function isEqual(a: ItemRow, b: ItemRow): boolean {
  return (
    a.path === b.path &&
    a.bytes === b.bytes &&
    a.local === b.local &&
    a.server === b.server &&
    a.report === b.report &&
    (a.files === b.files || (a.files.length === 1 && b.files.length === 1 && a.files[0] === b.files[0]))
  );
}
