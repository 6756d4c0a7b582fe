import type { StudyItem } from '@micrarium/model';
import type { DraftFileRow, DraftItemRow, DraftView } from '@micrarium/repository';

/** A file of a draft, as the interface shows it. */
export function draftFileShape(row: DraftFileRow) {
  const sha256 = row.sha256 ?? row.statedSha256;
  return {
    path: row.path,
    size: row.size,
    ...(sha256 === undefined ? {} : { sha256 }),
    state: row.state,
    received: row.received,
    mediaType: row.mediaType,
  };
}

/** An item of a draft, with the state of the work on it. */
export function draftItemShape(row: DraftItemRow) {
  const ingest = {
    state: row.state,
    progress: row.progress,
    ...(row.message === undefined ? {} : { message: row.message }),
  };
  return { ...itemShape(row.item), ingest };
}

/** An item, as the interface shows it. */
export function itemShape(item: StudyItem) {
  return item;
}

/** Items that a draft holds in an answer; further ones are asked for page by page. */
export const itemsShown = 1000;

/** All items of a draft, counted. */
function itemCounts(items: readonly DraftItemRow[]) {
  const counts = { count: items.length, files: 0, unread: 0, read: 0, failed: 0 };
  for (const { item, state, progress } of items) {
    const isUnread = state === 'waiting' || state === 'running';
    counts.files += item.files.length;
    counts.unread += isUnread ? 1 : 0;
    counts.read += isUnread ? progress : 1;
    counts.failed += state === 'failed' ? 1 : 0;
  }
  return counts;
}

/**
 * A draft with what its page needs: of very many items the first.
 * @param more of a draft with more than `itemsShown`: place of the last that is given, and the stamp of all
 */
export function draftShape(
  { draft, items, proposals, files, missing, notes }: DraftView,
  more?: { next: string; tag: string },
) {
  const searched = notes.filter(({ code }) => code.startsWith('virus-scan-'));
  return {
    id: draft.id,
    accession: draft.accession,
    version: draft.version,
    ...(draft.minor === undefined ? {} : { minor: draft.minor }),
    revision: draft.revision,
    state: draft.state,
    createdAt: draft.createdAt,
    updatedAt: draft.updatedAt,
    metadata: draft.metadata,
    datasetTitles: draft.datasetTitles,
    ...(draft.note === undefined ? {} : { note: draft.note }),
    pairs: draft.pairs,
    proposals,
    items: items.slice(0, itemsShown).map(draftItemShape),
    ...(more ? { itemsNext: more.next } : {}),
    itemCounts: { ...itemCounts(items), ...(more ? { tag: more.tag } : {}) },
    files,
    missing,
    ...(searched.length > 0 ? { searched } : {}),
  };
}
