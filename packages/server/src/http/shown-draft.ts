import { type DraftRow, viewDraft } from '@micrarium/repository';
import { itemsStamp } from '../database/draft-stamp.ts';
import { writeCursor } from './cursors.ts';
import type { Services } from './kernel.ts';
import { draftShape, itemsShown } from './shapes.ts';

/** A draft as an answer shows it; where it has more items than one answer holds, with the place they go on at. */
export async function shownDraft(services: Services, draft: DraftRow): Promise<ReturnType<typeof draftShape>> {
  // The older stamp, where something changes meanwhile: whoever compares it asks again.
  const tag = await itemsStamp(services.db, draft.id);
  const view = await viewDraft(services, draft);
  if (view.items.length <= itemsShown) return draftShape(view);
  const page = await services.studies.itemsPage(draft.id, { limit: itemsShown });
  return draftShape(view, { next: writeCursor(page.at(-1)?.place ?? ''), tag });
}
