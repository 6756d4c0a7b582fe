import { useMemo } from 'react';
import type { Draft } from './draft.ts';
import type { FileShelf, ShelfView } from './file-shelf.ts';
import { type ItemRow, rowsOf } from './item-row.ts';

/** The lines of the list of files, made again when the shelf or the draft has changed. */
export function useRows(shelf: FileShelf, view: ShelfView, draft: Draft): readonly ItemRow[] {
  // The shelf changes in place and counts its turns.
  // oxlint-disable-next-line react/exhaustive-deps
  return useMemo(() => rowsOf(view.items, draft.items, shelf.queue.files), [view.turn, draft.items, shelf]);
}
