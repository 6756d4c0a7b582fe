import {
  type FileReference,
  groupDatasets,
  type Pair,
  type StudyCurator,
  type StudyFile,
  type StudyItem,
  type StudyReview,
  type StudyVersion,
  versionNoteOf,
} from '@micrarium/model';
import { tierOf } from '@micrarium/standards';
import { findDraft, manyItems, viewDraft } from './drafts.ts';
import { publicItem } from './item-privacy.ts';
import { jsonPieces } from './json-pieces.ts';
import { otherDigests } from './other-digests.ts';
import { everyRow } from './pages-of-rows.ts';
import { everyDraftItem, isPlainItem } from './plain-items.ts';
import type { ArchivedFile, ArchiveStore } from './ports/archive-store.ts';
import { BlobMissing, type BlobStore } from './ports/blob-store.ts';
import type { Clock, JobQueue } from './ports/job-queue.ts';
import type { DraftRow, RecordedBeside, StudyStore } from './ports/study-store.ts';
import { publishIssue } from './publish-guards.ts';
import { checklistName } from './review-checklist.ts';
import { referencesFile, referencesPath } from './references.ts';
import { DraftNotEditable, NotThere, Refused } from './refusals.ts';
import { searchDocument } from './search-document.ts';

/** What publishing needs. */
export interface PublishPorts {
  studies: StudyStore;
  blobs: BlobStore;
  archive: ArchiveStore;
  jobs: JobQueue;
  clock: Clock;
  /** Account name of a user, for "published by"; curators who work on a draft that promotes its study to the database tier. */
  people: {
    nameOf(userId: string): Promise<string | undefined>;
    curatorsOf?(draftId: string): Promise<readonly StudyCurator[]>;
    /** What curators approved of a draft; `undefined` where nobody did. */
    reviewOf?(draftId: string): Promise<{ at: string; curators: StudyCurator[] } | undefined>;
  };
}

/** What was published. */
export interface Published {
  accession: string;
  version: number;
  /** Of a revision of the metadata of that version. */
  minor?: number;
}

const publishedOf = ({ accession, version, minor }: DraftRow): Published => ({
  accession,
  version,
  ...(minor === undefined ? {} : { minor }),
});

/**
 * Publishes a draft: its state becomes `publishing` (the intent), the version is laid down in the archive, then recorded, and only with that
 * is it public. Pressed twice, or finished by a restart, it is published once.
 * @throws Refused with everything that is missing, DraftNotEditable where the draft was discarded, NotThere
 */
export async function publishDraft(ports: PublishPorts, draftId: string): Promise<Published> {
  const { studies, jobs } = ports;
  const draft = await findDraft(ports, draftId);
  const published = publishedOf(draft);
  if (draft.state === 'published') return published;
  if (draft.state === 'editing') {
    await refuseIfMissing(ports, draft);
    const isOurs = await studies.moveDraft(draftId, 'editing', 'publishing');
    // What was saved between the look and the move is looked at too: from here on nothing changes any more.
    if (isOurs) await refuseAfterMove(ports, draftId);
  }
  try {
    await finishPublication(ports, draftId);
  } catch (error) {
    if (!(error instanceof Refused)) await jobs.send('finish-publication', { draftId }, `publish-${draftId}`);
    throw error;
  }
  const after = await studies.getDraft(draftId);
  if (after?.state !== 'published') throw new DraftNotEditable(draftId, after?.state ?? 'gone');
  return published;
}

/** Finishes every publication that a killed process left behind. Run at start, after `archive.recover()`. @returns accessions with versions */
export async function recoverPublications(ports: PublishPorts): Promise<Published[]> {
  const finished: Published[] = [];
  for (const draft of await ports.studies.draftsBeingPublished()) {
    try {
      await finishPublication(ports, draft.id);
      finished.push(publishedOf(draft));
    } catch (error) {
      // The draft is open again, with the reason; or the job tries once more later. Other drafts must not wait for it.
      if (!(error instanceof Refused))
        await ports.jobs.send('finish-publication', { draftId: draft.id }, `publish-${draft.id}`);
    }
  }
  return finished;
}

/**
 * Lays the version of a draft in state `publishing` down and records it. Every step may be repeated: what the archive holds already is taken
 * as it is, so that date and content are those of the first time.
 * @throws Refused, with the draft open again, where bytes are missing or changed
 */
export async function finishPublication(ports: PublishPorts, draftId: string): Promise<void> {
  const { studies, archive } = ports;
  const draft = await studies.getDraft(draftId);
  if (draft?.state !== 'publishing') return;
  const { accession, version } = draft;
  if (draft.minor !== undefined) {
    const document = await revisionDocument(ports, draft);
    return await studies.recordRevision(document, searchDocument(document), draftId);
  }
  const isThere = await archive.hasVersion(accession, version);
  const laidDown = isThere ? undefined : await layDown(ports, draft);
  const document = laidDown?.document ?? (await archive.readVersion(accession, version));
  const about = laidDown?.about ?? { inventorySha512: await archive.inventoryDigest?.(accession, version) };
  await studies.recordVersion(document, searchDocument(document), draftId, about);
}

/** What a version says once its metadata are revised: files, items, pairs and the day of publication stay those of the version. */
async function revisionDocument(ports: PublishPorts, draft: DraftRow): Promise<StudyVersion> {
  const { accession, version, minor } = draft;
  const base = await ports.studies.getVersion(accession, version);
  if (!base || minor === undefined) throw new NotThere(`study ${accession}`);
  const {
    note: _note,
    changeKinds: _kinds,
    earlierResults: _results,
    curators: _curators,
    review: _review,
    fileCount: _count,
    byteCount: _bytes,
    referenced: _referenced,
    plainItems: _plain,
    ...kept
  } = base;
  const files: StudyFile[] = [];
  const list = (page: { after?: string; limit: number }) => ports.studies.listVersionFiles(accession, version, page);
  for await (const file of everyRow(list)) files.push(file);
  const curators = await curatorsOf(ports, draft);
  const review = await reviewOf(ports, draft);
  return {
    ...kept,
    minor,
    revisedAt: ports.clock.now().toISOString(),
    publishedBy: (await ports.people.nameOf(draft.ownerId)) ?? 'unknown',
    tier: tierOf(draft.metadata.values),
    metadata: draft.metadata,
    files,
    datasets: groupDatasets(kept.items, kept.pairs, draft.datasetTitles),
    ...versionNoteOf(draft),
    ...(curators.length > 0 ? { curators } : {}),
    ...(review ? { review } : {}),
  };
}

/**
 * Lays the version of a draft down.
 * @returns what was laid down, where there are very many items without those in which nothing is told, and what the catalogue is to know
 * beside it; `undefined` where another call came first, with its own date
 * @throws Refused, with the draft open again, where bytes are missing or changed
 */
async function layDown(
  ports: PublishPorts,
  draft: DraftRow,
): Promise<{ document: StudyVersion; about: RecordedBeside } | undefined> {
  const { count } = await ports.studies.countItems(draft.id);
  const isMany = count > manyItems;
  const items = isMany ? await tellingItems(ports.studies, draft.id) : await itemsOf(ports.studies, draft.id);
  const document = await documentOf(ports, draft, items);
  const { references: _references, ...told } = document;
  const elsewhere = referencesFile(document);
  // A hundred thousand items take more memory than all else that publishing holds: they are read anew each time they are written down.
  const content = () => jsonPieces(isMany ? { ...told, items: everyDraftItem(ports.studies, draft.id) } : { ...told });
  const files: ArchivedFile[] = [
    { logicalPath: 'metadata/study.json', content },
    ...(elsewhere ? [{ logicalPath: referencesPath, content: elsewhere }] : []),
    ...document.files.map(({ path, sha256, md5, crc32c }) => {
      const others = otherDigests({ md5, crc32c });
      return { logicalPath: `files/${path}`, sha256, ...(others ? { others } : {}) };
    }),
  ];
  const about = {
    message: draft.note?.trim() || 'First version',
    userName: document.publishedBy,
    userAddress: `urn:micrarium:account:${encodeURIComponent(draft.ownerId)}`,
    createdAt: document.publishedAt,
  };
  try {
    const { inventorySha512, isNew } = await ports.archive.writeVersion(draft.accession, draft.version, files, about);
    return isNew ? { document, about: { inventorySha512, plainItems: count - items.length } } : undefined;
  } catch (error) {
    if (!(error instanceof BlobMissing) && (error as Error).name !== 'BlobChanged') throw error;
    return await reopen(ports, draft.id, document.files);
  }
}

/** Bytes are gone or have rotted: the files are asked for again, and the draft is open. */
async function reopen(ports: PublishPorts, draftId: string, files: readonly StudyFile[]): Promise<never> {
  const { studies, blobs } = ports;
  const lost = [];
  for (const file of files) if (!(await blobs.has(file.sha256))) lost.push(file.path);
  await studies.moveDraft(draftId, 'publishing', 'editing');
  for (const path of lost) await studies.updateFile(draftId, path, { state: 'expected', received: 0 });
  const message =
    lost.length > 0 ? `The bytes of ${lost.length} files are missing` : 'The stored bytes of a file have changed';
  const place = lost[0] === undefined ? {} : { where: { file: lost[0] } };
  throw new Refused(message, [publishIssue('blob-missing', message, place)]);
}

/** The complete document of the version that a draft becomes. Only confirmed pairs of items that are there count. */
export async function versionDocument(
  ports: Pick<PublishPorts, 'studies' | 'clock' | 'people'>,
  draft: DraftRow,
): Promise<StudyVersion> {
  return await documentOf(ports, draft, await itemsOf(ports.studies, draft.id));
}

const itemsOf = async (studies: StudyStore, draftId: string): Promise<StudyItem[]> =>
  (await studies.listItems(draftId)).map(({ item }) => publicItem(item));

const tellingItems = async (studies: StudyStore, draftId: string): Promise<StudyItem[]> =>
  (await studies.listTellingItems(draftId)).map(({ item }) => publicItem(item)).filter((item) => !isPlainItem(item));

async function documentOf(
  ports: Pick<PublishPorts, 'studies' | 'clock' | 'people'>,
  draft: DraftRow,
  items: StudyItem[],
): Promise<StudyVersion> {
  const files: StudyFile[] = [];
  const rows = everyRow((page) => ports.studies.listFiles(draft.id, page));
  // Each row brings its own copy of the few words that a hundred thousand files share.
  const mediaTypes = new Map<string, string>();
  for await (const { path, size, sha256, mediaType: told, others } of rows) {
    const mediaType = mediaTypes.get(told) ?? told;
    mediaTypes.set(mediaType, mediaType);
    if (sha256) files.push({ path, size, sha256, mediaType, ...others });
  }
  const references: FileReference[] = [];
  for await (const one of everyRow((page) => ports.studies.listReferences(draft.id, page))) references.push(one);
  const told = await toldOf(ports, draft, items);
  return { ...told, files, items, ...(references.length > 0 ? { references } : {}) };
}

/** What is said of a version beside its files and items. */
export type ToldOfVersion = Omit<StudyVersion, 'files' | 'references' | 'items'>;

/**
 * What the version that a draft becomes says beside its files and items.
 * @param items those of which something is to be said
 */
export async function toldOf(
  ports: Pick<PublishPorts, 'studies' | 'clock' | 'people'>,
  draft: DraftRow,
  items: readonly StudyItem[],
): Promise<ToldOfVersion> {
  const pairs = draft.pairs.filter((pair) => pair.confirmed && isWhole(pair, items));
  const curators = await curatorsOf(ports, draft);
  const review = await reviewOf(ports, draft);
  return {
    schema: 1,
    accession: draft.accession,
    version: draft.version,
    publishedAt: ports.clock.now().toISOString(),
    publishedBy: (await ports.people.nameOf(draft.ownerId)) ?? 'unknown',
    tier: tierOf(draft.metadata.values),
    metadata: draft.metadata,
    pairs,
    datasets: groupDatasets(items, pairs, draft.datasetTitles),
    ...versionNoteOf(draft),
    ...(curators.length > 0 ? { curators } : {}),
    ...(review ? { review } : {}),
  };
}

/** Curators of the version before and of this draft, each once. What goes back to the archive tier is nobody's curation. */
async function curatorsOf(ports: Pick<PublishPorts, 'studies' | 'people'>, draft: DraftRow): Promise<StudyCurator[]> {
  if (tierOf(draft.metadata.values) !== 'database') return [];
  const last = draft.minor === undefined ? draft.version - 1 : draft.version;
  const before = last > 0 ? await ports.studies.getVersion(draft.accession, last) : undefined;
  const all = [...(before?.curators ?? []), ...((await ports.people.curatorsOf?.(draft.id)) ?? [])];
  return all.filter(({ name, orcid }, at) => all.findIndex((one) => one.name === name && one.orcid === orcid) === at);
}

/** The mark of a version that curators approved, with the checklist of its tier. */
async function reviewOf({ people }: Pick<PublishPorts, 'people'>, draft: DraftRow): Promise<StudyReview | undefined> {
  const review = await people.reviewOf?.(draft.id);
  return review && { ...review, checklist: checklistName(tierOf(draft.metadata.values)) };
}

function isWhole(pair: Pair, items: readonly StudyItem[]): boolean {
  const film = items.find((item) => item.id === pair.imageItem);
  const tracks = items.find((item) => item.id === pair.trackItem);
  return film?.images[pair.image] !== undefined && tracks?.trackSets[pair.part] !== undefined;
}

async function refuseIfMissing(ports: PublishPorts, draft: DraftRow): Promise<void> {
  const { missing } = await viewDraft(ports, draft);
  if (missing.length > 0)
    throw new Refused(`${missing.length} things are missing before this can be published`, missing);
}

async function refuseAfterMove(ports: PublishPorts, draftId: string): Promise<void> {
  try {
    await refuseIfMissing(ports, await findDraft(ports, draftId));
  } catch (error) {
    await ports.studies.moveDraft(draftId, 'publishing', 'editing');
    throw error;
  }
}
