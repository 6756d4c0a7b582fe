import { type Issue, type Pair, proposePairs } from '@micrarium/model';
import { figuresKey, filesOfFigures } from '@micrarium/standards';
import { everyRow } from './pages-of-rows.ts';
import type { BlobStore } from './ports/blob-store.ts';
import type { DraftItemRow, DraftRow, ItemCounts, StudyStore } from './ports/study-store.ts';
import { lacksKindOfChange, missingForPublication } from './publish-guards.ts';
import { DraftNotEditable, NotThere } from './refusals.ts';

/** Opens the draft of a new study. */
export async function createDraft(ports: { studies: StudyStore }, ownerId: string): Promise<DraftRow> {
  const metadata = { values: {}, origins: {} };
  const { draft } = await ports.studies.createDraft({ ownerId, version: 1, metadata, pairs: [], datasetTitles: {} });
  return draft;
}

/** The draft. @throws NotThere where there is none, or it was discarded */
export async function findDraft(ports: { studies: StudyStore }, draftId: string): Promise<DraftRow> {
  const draft = await ports.studies.getDraft(draftId);
  if (!draft || draft.state === 'discarded') throw new NotThere(`draft ${draftId}`);
  return draft;
}

/** The draft, if it can be changed. @throws NotThere, DraftNotEditable */
export async function editableDraft(ports: { studies: StudyStore }, draftId: string): Promise<DraftRow> {
  const draft = await findDraft(ports, draftId);
  if (draft.state !== 'editing') throw new DraftNotEditable(draftId, draft.state);
  return draft;
}

/**
 * Saves changes from the revision one started from.
 * @throws RevisionConflict where somebody saved in between, NotThere, DraftNotEditable
 */
export async function saveDraft(
  ports: { studies: StudyStore },
  draftId: string,
  revision: number,
  change: Parameters<StudyStore['saveDraft']>[2],
): Promise<DraftRow> {
  await editableDraft(ports, draftId);
  return await ports.studies.saveDraft(draftId, revision, change);
}

/**
 * Discards a draft. Published versions are not touched.
 * @param isKept leave its bytes, so that it can be taken back; `freeDraft` frees them later
 * @throws NotThere, DraftNotEditable where it is with curators, or being published
 */
export async function discardDraft(
  ports: { studies: StudyStore; blobs: BlobStore },
  draftId: string,
  isKept = false,
): Promise<void> {
  const { studies } = ports;
  const draft = await findDraft(ports, draftId);
  if (!(await studies.moveDraft(draftId, 'editing', 'discarded'))) throw new DraftNotEditable(draftId, draft.state);
  if (!isKept) await freeDraft(ports, draftId);
}

/** Frees the bytes that only a discarded draft had. */
export async function freeDraft(ports: { studies: StudyStore; blobs: BlobStore }, draftId: string): Promise<void> {
  for await (const file of everyRow((page) => ports.studies.listFiles(draftId, page)))
    if (file.sha256) await freeBlob(ports, file.sha256);
}

/** Removes a blob nobody refers to any more. */
export async function freeBlob(ports: { studies: StudyStore; blobs: BlobStore }, sha256: string): Promise<void> {
  if (!(await ports.studies.isBlobUsed(sha256))) await ports.blobs.remove(sha256);
}

/** A draft with everything its page shows. */
export interface DraftView {
  draft: DraftRow;
  /** All of them; of more than `manyItems` those of which something is to be said. */
  items: DraftItemRow[];
  itemCounts: ItemCounts;
  /** Pairs proposed for the items as they are known now, without those already in the draft. */
  proposals: Pair[];
  files: { count: number; bytes: number; verified: number; receivedBytes: number };
  /** What stands between the draft and its publication; empty means it can be published. */
  missing: Issue[];
  /** Good to know before publishing; never in the way. */
  notes: Issue[];
}

/** From so many items on, those that say nothing are counted and not read. */
export const manyItems = 1000;

/** Gathers the view of a draft. */
export async function viewDraft(ports: { studies: StudyStore }, draft: DraftRow): Promise<DraftView> {
  const itemCounts = await ports.studies.countItems(draft.id);
  const items = await (itemCounts.count > manyItems
    ? ports.studies.listTellingItems(draft.id)
    : ports.studies.listItems(draft.id));
  const files = await ports.studies.countFiles(draft.id);
  const references = await ports.studies.countReferences(draft.id);
  // The files of a revision of the metadata are those of the version: published, and not to be taken out.
  const scans = draft.minor === undefined ? await ports.studies.scansOf?.(draft.id) : undefined;
  const alsoFiles = itemCounts.count > manyItems ? await alsoNamed(ports.studies, draft, items) : [];
  const filesGoAt = await ports.studies.filesGoAt?.(draft.id);
  const isApproved = lacksKindOfChange(draft) && ((await ports.studies.isApproved?.(draft.id)) ?? false);
  const proposals = openProposals(
    draft.pairs,
    items.map((row) => row.item),
  );
  const known = {
    draft,
    items,
    itemCounts,
    files,
    references,
    proposals,
    alsoFiles,
    ...(scans ? { scans } : {}),
    ...(filesGoAt === undefined ? {} : { filesGoAt }),
    isApproved,
  };
  return { draft, items, itemCounts, proposals, files, ...missingForPublication(known) };
}

/** Files that figures name and no item does that was read: each is an item of its own, of which nothing else is to be said. */
async function alsoNamed(studies: StudyStore, draft: DraftRow, items: readonly DraftItemRow[]): Promise<string[]> {
  const known = new Set(items.flatMap(({ item }) => [item.path, ...item.files]));
  const asked = filesOfFigures(draft.metadata.values[figuresKey]).filter((path) => !known.has(path));
  if (asked.length === 0) return [];
  return (await studies.getFiles(draft.id, asked)).map(({ path }) => path);
}

function openProposals(pairs: readonly Pair[], items: Parameters<typeof proposePairs>[0]): Pair[] {
  const isDrawn = (proposal: Pair) =>
    pairs.some((pair) => pair.trackItem === proposal.trackItem && pair.part === proposal.part);
  return proposePairs(items).filter((proposal) => !isDrawn(proposal));
}
