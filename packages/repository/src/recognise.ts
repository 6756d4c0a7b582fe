import { createHash } from 'node:crypto';
import { type FileEntry, type FileTree, fileTree, findItems, type Item } from '@micrarium/formats';
import type { StudyItem } from '@micrarium/model';
import { everyRow } from './pages-of-rows.ts';
import type { BlobStore } from './ports/blob-store.ts';
import { type JobQueue, smallFile } from './ports/job-queue.ts';
import type { DraftFileRow, DraftItemRow, StudyStore } from './ports/study-store.ts';

/** A stored file by its logical path. */
export interface StoredFile {
  path: string;
  size: number;
  sha256: string;
}

/**
 * Stored files as readers see them: blobs under their logical paths. Each entry opens its blob once, however often it is asked; a source
 * opens it again when it is read after its entry was closed, as the members of an archive are that was looked into and closed.
 */
export function treeOfBlobs(blobs: BlobStore, files: readonly StoredFile[], name = ''): FileTree {
  return fileTree(
    name,
    files.map((file) => blobEntry(blobs, file)),
  );
}

function blobEntry(blobs: BlobStore, file: StoredFile): FileEntry {
  let opened: ReturnType<BlobStore['open']> | undefined;
  const blob = () => (opened ??= blobs.open(file.sha256));
  return {
    path: file.path,
    size: file.size,
    async open() {
      const { size } = await blob();
      // Messages and stems come from the name the depositor gave, not from the digest.
      const name = file.path.slice(file.path.lastIndexOf('/') + 1);
      return { name, size, read: async (offset, length, signal) => (await blob()).read(offset, length, signal) };
    },
    async close() {
      const source = opened;
      opened = undefined;
      await (await source?.catch(() => undefined))?.close();
    },
  };
}

/**
 * Id of an item: the first 12 characters of the lower-case base32 (RFC 4648) of the SHA-256 over its member paths and digests, sorted by
 * path. The same files under the same paths are the same item, in every version of a study.
 */
export function itemIdOf(files: readonly StoredFile[]): string {
  const lines = files.map((file) => `${file.path}\0${file.sha256}\n`).sort();
  return base32(createHash('sha256').update(lines.join(''), 'utf8').digest()).slice(0, 12);
}

/** Lower-case base32 of RFC 4648 without padding. */
export function base32(bytes: Uint8Array): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  let text = '';
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += letters[(value >> (bits - 5)) & 31];
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + letters[(value << (5 - bits)) & 31] : text;
}

/** What recognising needs. */
export interface RecognisePorts {
  studies: StudyStore;
  blobs: BlobStore;
  jobs: JobQueue;
}

/**
 * Finds the items of a draft among its verified files and has the new ones ingested. Items whose files stayed keep what was made of them.
 * Waits while files are still on their way, because a set of files is one item only when all of it is there; the last one calls again.
 */
export async function recogniseDraft(ports: RecognisePorts, draftId: string, signal?: AbortSignal): Promise<void> {
  const { studies } = ports;
  if ((await studies.getDraft(draftId))?.state !== 'editing') return;
  const files = await filesToRecognise(studies, draftId);
  if (!files) return;
  const known = new Map((await studies.listItems(draftId)).map((row) => [row.item.id, row]));
  const items = await itemsAmong(ports, files, signal).catch(async (error: unknown) => {
    // Its bytes went away while they were looked at.
    if ((await studies.getDraft(draftId))?.state !== 'editing') return undefined;
    throw error;
  });
  if (!items) return;
  signal?.throwIfAborted();
  await studies.replaceItems(
    draftId,
    items.map((item) => known.get(item.id)?.item ?? item),
  );
  const sizes = new Map(files.map(({ path, size }) => [path, size]));
  const isSmall = ({ item }: DraftItemRow) =>
    item.files.length <= fewMembers && item.files.reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0) <= smallFile;
  const jobsOf = (rows: readonly DraftItemRow[]) =>
    rows.map(({ item }) => ({ data: { draftId, itemId: item.id }, key: ingestKey(draftId, item.id) }));
  // A page at a time: of very many items all at once would be there twice.
  for (let after: string | undefined; ; ) {
    const page = await studies.itemsPage(draftId, { limit: itemsAtOnce, ...(after === undefined ? {} : { after }) });
    const waiting = page.map(({ row }) => row).filter(({ state }) => state === 'waiting');
    await ports.jobs.sendAll('ingest-small-item', jobsOf(waiting.filter(isSmall)));
    await ports.jobs.sendAll('ingest-item', jobsOf(waiting.filter((row) => !isSmall(row))));
    if (page.length < itemsAtOnce) return;
    after = page.at(-1)!.place;
  }
}

async function itemsAmong(
  ports: RecognisePorts,
  files: readonly StoredFile[],
  signal: AbortSignal | undefined,
): Promise<StudyItem[]> {
  const tree = treeOfBlobs(ports.blobs, files);
  const digests = new Map(files.map((file) => [file.path, file]));
  try {
    const items = await findItems(tree, signal ? { signal } : {});
    return items.map((item) => studyItem(item, digests));
  } finally {
    for (const entry of tree.entries) await entry.close?.();
  }
}

/** Items looked at in one go. */
const itemsAtOnce = 2000;
/** Items of more files are read alone. */
const fewMembers = 20;

/** Jobs with this key are the same. */
export const ingestKey = (draftId: string, itemId: string): string => `ingest-${draftId}-${itemId}`;

/** Has the derived forms of an item made, soon. */
export async function askToIngest(ports: { jobs: JobQueue }, draftId: string, itemId: string): Promise<void> {
  await ports.jobs.send('ingest-item', { draftId, itemId }, ingestKey(draftId, itemId));
}

async function filesToRecognise(studies: StudyStore, draftId: string): Promise<StoredFile[] | undefined> {
  // Asked first: this is looked at whenever files came, and nothing is read of many while others are to come.
  if (await studies.hasFilesOnTheirWay(draftId)) return undefined;
  const files: StoredFile[] = [];
  for await (const row of everyRow((page) => studies.listFiles(draftId, page))) {
    if (isOnItsWay(row)) return undefined;
    if (row.state === 'verified' && row.sha256) files.push({ path: row.path, size: row.size, sha256: row.sha256 });
  }
  return files;
}

/** Files that did not match are no hindrance: whether they come again is not known. */
function isOnItsWay(row: DraftFileRow): boolean {
  return row.state === 'expected' || row.state === 'sending' || row.state === 'sent';
}

/** An item as recognised, before anything was read of it. */
function studyItem(item: Item, files: ReadonlyMap<string, StoredFile>): StudyItem {
  const members = item.files.map((file) => files.get(file.path)!);
  const { version } = item.recognition;
  return {
    id: itemIdOf(members),
    path: item.path === '' ? (members[0]?.path ?? '') : item.path,
    files: members.map((file) => file.path),
    format: item.format,
    ...(version === undefined ? {} : { formatVersion: version }),
    kind: item.descriptor?.kind ?? 'unknown',
    trackSets: [],
    images: [],
    issues: [...(item.issues ?? [])],
    conversions: [],
  };
}
