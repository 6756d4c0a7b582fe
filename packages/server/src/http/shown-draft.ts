import { type DraftRow, manyItems, viewDraft } from '@micrarium/repository';
import { itemsStamp } from '../database/draft-stamp.ts';
import { writeCursor } from './cursors.ts';
import type { Services } from './kernel.ts';
import { draftShape, type ForWhom } from './shapes.ts';

/** A draft as an answer shows it to somebody; where it has more items than one answer holds, with the place they go on at. */
export async function shownDraft(
  services: Services,
  draft: DraftRow,
  whom: ForWhom,
): Promise<ReturnType<typeof draftShape>> {
  // The older stamp, where something changes meanwhile: whoever compares it asks again.
  const tag = await itemsStamp(services.db, draft.id);
  const view = await viewDraft(services, draft);
  if (view.itemCounts.count <= manyItems) return draftShape(view, whom);
  const page = await services.studies.itemsPage(draft.id, { limit: manyItems });
  const items = page.map(({ row }) => row);
  return draftShape(view, whom, { items, next: writeCursor(page.at(-1)?.place ?? ''), tag });
}
