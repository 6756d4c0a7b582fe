import { mayBeStripped } from '@micrarium/formats';
import type { StudyItem } from '@micrarium/model';
import type { DraftFileRow, DraftItemRow, DraftView } from '@micrarium/repository';

/** A file of a draft, as the interface shows it. */
export function draftFileShape(row: DraftFileRow) {
  const sha256 = row.sha256 ?? row.statedSha256;
  return {
    path: row.path,
    size: row.size,
    ...(sha256 === undefined ? {} : { sha256 }),
    ...row.others,
    state: row.state,
    received: row.received,
    mediaType: row.mediaType,
  };
}

/** Whether an answer lists what was found of persons in the files: for who decides it and for curators. */
export interface ForWhom {
  seesFindings: boolean;
}

/** An item of a draft, with the state of the work on it. */
export function draftItemShape(row: DraftItemRow, { seesFindings }: ForWhom) {
  const ingest = {
    state: row.state,
    progress: row.progress,
    ...(row.message === undefined ? {} : { message: row.message }),
  };
  const { privacy, ...item } = row.item;
  const strippable = privacy?.details.some(({ place, file }) => place === 'original' && mayBeStripped(file ?? ''));
  const shown = privacy && { ...privacy, ...(strippable ? { mayBeStripped: true } : {}) };
  return { ...itemShape(item), ...(seesFindings && shown ? { privacy: shown } : {}), ingest };
}

/** An item, as the interface shows it. */
export function itemShape(item: StudyItem) {
  return item;
}

/**
 * A draft with what its page needs.
 * @param whom who gets it
 * @param more of a draft with more than `manyItems`: the first of its items, the place they go on at, and the stamp of all
 */
export function draftShape(
  { draft, items, itemCounts, proposals, files, missing, notes }: DraftView,
  whom: ForWhom,
  more?: { items: readonly DraftItemRow[]; next: string; tag: string },
) {
  const { known: _known, ...counts } = itemCounts;
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
    ...(draft.changeKinds === undefined ? {} : { changeKinds: draft.changeKinds }),
    ...(draft.earlierResults === undefined ? {} : { earlierResults: draft.earlierResults }),
    pairs: draft.pairs,
    proposals,
    items: (more?.items ?? items).map((row) => draftItemShape(row, whom)),
    ...(more ? { itemsNext: more.next } : {}),
    itemCounts: { ...counts, ...(more ? { tag: more.tag } : {}) },
    files,
    missing,
    ...(searched.length > 0 ? { searched } : {}),
  };
}
