import { type DraftRow, manyItems, viewDraft } from '@micrarium/repository';
import { itemsStamp } from '../database/draft-stamp.ts';
import { writeCursor } from './cursors.ts';
import { promoterOf } from '../states/promotions.ts';
import type { Services } from './kernel.ts';
import { draftShape, type ForWhom } from './shapes.ts';

/** A draft as an answer shows it to somebody; where it has more items than one answer holds, with the place they go on at. */
export async function shownDraft(
  services: Services,
  draft: DraftRow,
  whom: ForWhom,
): Promise<ReturnType<typeof draftShape> & { filesStay?: boolean }> {
  // The older stamp, where something changes meanwhile: whoever compares it asks again.
  const tag = await itemsStamp(services.db, draft.id);
  const view = await viewDraft(services, draft);
  // A promotion becomes the next version as soon as its files change (`demandFilesOpen`).
  const stay = draft.minor !== undefined && (await promoterOf(services.db, draft.id)) === undefined;
  const about = stay ? { filesStay: true } : {};
  if (view.itemCounts.count <= manyItems) return { ...draftShape(view, whom), ...about };
  const page = await services.studies.itemsPage(draft.id, { limit: manyItems });
  const items = page.map(({ row }) => row);
  const rest = { items, next: writeCursor(page.at(-1)?.place ?? ''), tag };
  return { ...draftShape(view, whom, rest), ...about };
}
