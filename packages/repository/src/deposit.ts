import { createHash } from 'node:crypto';
import { checkCollisions, checkPath } from './paths.ts';
import { editableDraft, freeBlob } from './drafts.ts';
import { mediaTypeOf } from './media-types.ts';
import { everyRow } from './pages-of-rows.ts';
import type { BlobStore } from './ports/blob-store.ts';
import type { JobQueue, Jobs } from './ports/job-queue.ts';
import type { DraftFileRow, DraftRow, StudyStore } from './ports/study-store.ts';
import type { UploadArea } from './ports/upload-area.ts';
import { NotThere, Refused } from './refusals.ts';

/** A file somebody is going to send. */
export interface ExpectedFile {
  path: string;
  size: number;
  /** Lower-case hex, as computed where the file lies. */
  sha256?: string;
}

/** How much a draft may grow. */
export interface RoomForFiles {
  /** Goes on where a draft may hold so many bytes more. @throws QuotaExceeded */
  demandRoom(draftId: string, growth: number): Promise<void>;
  /** The same, and works before anybody else is asked whose bytes count against the same limit. @throws QuotaExceeded */
  takeRoom<Value>(draftId: string, growth: number, work: () => Promise<Value>): Promise<Value>;
}

/** A draft would hold more than who pays for it may have. Nothing of what was asked is taken. */
export class QuotaExceeded extends Error {
  override readonly name = 'QuotaExceeded';

  /** @param more bytes that would be added @param left bytes that may be */
  constructor(payer: string, more: number, left: number, limit: number) {
    const gigabytes = (bytes: number) => `${Number((bytes / 1e9).toPrecision(3))} GB`;
    super(
      `This takes ${gigabytes(more)}, and ${gigabytes(left)} of the ${gigabytes(limit)} of ${payer} are left. ` +
        'Remove files or drafts that are not needed, or ask whoever runs this site for more.',
    );
  }
}

/** What depositing files needs. */
export interface DepositPorts {
  studies: StudyStore;
  blobs: BlobStore;
  uploads: UploadArea;
  jobs: JobQueue;
  /** Left out: nothing is limited. */
  room?: RoomForFiles;
}

/**
 * Announces files. Those the draft holds already with the same size and digest stay as they are; bytes the depositor has deposited or may
 * read are not sent again; everything else is expected. A file announced again with other bytes replaces the one at its path.
 * @returns the files as they stand, in the order asked
 * @throws Refused with an issue for every path that cannot be deposited, QuotaExceeded; then none is taken
 */
export async function expectFiles(
  ports: DepositPorts,
  draftId: string,
  files: readonly ExpectedFile[],
): Promise<DraftFileRow[]> {
  const draft = await editableDraft(ports, draftId);
  const existing = new Map<string, DraftFileRow>();
  for await (const row of everyRow((page) => ports.studies.listFiles(draftId, page))) existing.set(row.path, row);
  const paths = files.map((file) => file.path);
  const issues = [...paths.flatMap(checkPath), ...checkCollisions(paths, existing.keys())];
  if (issues.length > 0) throw new Refused(`${issues.length} paths cannot be deposited`, issues);
  const rows: DraftFileRow[] = [];
  const replaced: string[] = [];
  for (const file of files) {
    const before = existing.get(file.path);
    if (before && isSameFile(before, file)) {
      rows.push(before);
      continue;
    }
    if (before?.sha256) replaced.push(before.sha256);
    rows.push(await newRow(ports, draft, file));
  }
  const changed = rows.filter((row) => existing.get(row.path) !== row);
  const growth = changed.reduce((sum, row) => sum + row.size - (existing.get(row.path)?.size ?? 0), 0);
  const put = () => ports.studies.putFiles(draftId, changed);
  // Two folders announced at one moment must not both fit into what is left.
  await (ports.room ? ports.room.takeRoom(draftId, growth, put) : put());
  for (const sha256 of replaced) await freeBlob(ports, sha256);
  if (replaced.length > 0 || rows.some((row) => row.state === 'verified')) await askToRecognise(ports, draftId);
  return rows;
}

/** Can the file in the draft stand for the announced one? A stated digest decides; without one the size must do. */
function isSameFile(row: DraftFileRow, file: ExpectedFile): boolean {
  if (row.size !== file.size || row.state === 'mismatch') return false;
  const known = row.sha256 ?? row.statedSha256;
  return file.sha256 === undefined || known === undefined
    ? known === file.sha256 || row.state === 'verified'
    : known === file.sha256;
}

async function newRow(ports: DepositPorts, draft: DraftRow, file: ExpectedFile): Promise<DraftFileRow> {
  const { path, size, sha256 } = file;
  const isKnown =
    sha256 !== undefined &&
    ((await ports.studies.isBlobReadableBy?.(draft.ownerId, sha256)) ?? false) &&
    (await ports.blobs.has(sha256));
  return {
    draftId: draft.id,
    path,
    size,
    ...(sha256 === undefined ? {} : { statedSha256: sha256 }),
    ...(isKnown ? { sha256, state: 'verified', received: size } : { state: 'expected', received: 0 }),
    mediaType: mediaTypeOf(path),
  };
}

/** Notes how much of a file is stored, for the progress shown. */
export async function noteReceived(
  ports: Pick<DepositPorts, 'studies'>,
  draftId: string,
  path: string,
  received: number,
): Promise<void> {
  const row = await ports.studies.getFile(draftId, path);
  if (row && (row.state === 'expected' || row.state === 'sending' || row.state === 'mismatch'))
    await ports.studies.updateFile(draftId, path, { state: 'sending', received });
}

/**
 * All bytes of a file are stored durably: the digest is computed in a job. Harmless when told twice.
 * @throws NotThere where the draft expects no such file, DraftNotEditable
 */
export async function fileArrived(
  ports: Pick<DepositPorts, 'studies' | 'jobs'>,
  draftId: string,
  path: string,
  uploadId: string,
): Promise<void> {
  await editableDraft(ports, draftId);
  const row = await ports.studies.getFile(draftId, path);
  if (!row) throw new NotThere(`file ${path} in draft ${draftId}`);
  if (row.state === 'verified') return;
  await ports.studies.updateFile(draftId, path, { state: 'sent', received: row.size });
  await ports.jobs.send('verify-file', { draftId, path, uploadId }, `verify-${uploadId}`);
}

/**
 * Computes the digests of an arrived file in one pass, compares them with what was stated, and takes the bytes into the blob store, or marks
 * the file as not matching and drops the bytes. Repeating it after a kill at any point does no harm.
 */
export async function verifyFile(
  ports: DepositPorts,
  { draftId, path, uploadId }: Jobs['verify-file'],
  signal?: AbortSignal,
): Promise<void> {
  const { studies, blobs, uploads } = ports;
  const row = await studies.getFile(draftId, path);
  const draft = await studies.getDraft(draftId);
  if (!row || draft?.state !== 'editing') return await uploads.remove(uploadId);
  if (row.state === 'verified') {
    await uploads.remove(uploadId);
    // A run that was killed as soon as it had noted that has asked nobody to read the file.
    return await askToRecognise(ports, draftId);
  }
  if (!(await uploads.get(uploadId))) return await settleWithoutUpload(ports, row, uploadId);
  const { sha256, sha512, size } = await digestsOf(uploads.read(uploadId), signal);
  const isAsStated = size === row.size && (row.statedSha256 === undefined || row.statedSha256 === sha256);
  if (!isAsStated) {
    await studies.updateFile(draftId, path, { state: 'mismatch', received: 0 });
    return await uploads.remove(uploadId);
  }
  // Noted before the bytes move: a kill in between finds the blob by it.
  await studies.updateFile(draftId, path, { sha256 });
  await blobs.adopt(uploads.pathOf(uploadId), { sha256, size, sha512 });
  await studies.updateFile(draftId, path, { state: 'verified', sha256, received: size });
  await askToRecognise(ports, draftId);
}

/** The upload is gone: its bytes were taken in by a run that was killed right after, or they are lost and must be sent again. */
async function settleWithoutUpload(ports: DepositPorts, row: DraftFileRow, uploadId: string): Promise<void> {
  const isStored = row.sha256 !== undefined && (await ports.blobs.has(row.sha256));
  if (!isStored) return await ports.studies.updateFile(row.draftId, row.path, { state: 'expected', received: 0 });
  // Once more, because that run may not have come to make it durable.
  await ports.blobs.adopt(ports.uploads.pathOf(uploadId), { sha256: row.sha256!, size: row.size });
  await ports.studies.updateFile(row.draftId, row.path, { state: 'verified', received: row.size });
  await askToRecognise(ports, row.draftId);
}

async function digestsOf(
  bytes: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<{ sha256: string; sha512: string; size: number }> {
  const [short, long] = [createHash('sha256'), createHash('sha512')];
  let size = 0;
  for await (const piece of bytes) {
    signal?.throwIfAborted();
    short.update(piece);
    long.update(piece);
    size += piece.length;
  }
  return { sha256: short.digest('hex'), sha512: long.digest('hex'), size };
}

/** Takes files out of a draft and frees bytes nobody else has. Paths that are not there are passed over. @throws NotThere, DraftNotEditable */
export async function removeFiles(ports: DepositPorts, draftId: string, paths: readonly string[]): Promise<void> {
  await editableDraft(ports, draftId);
  const rows = await Promise.all(paths.map((path) => ports.studies.getFile(draftId, path)));
  await ports.studies.removeFiles(draftId, paths);
  for (const row of rows) if (row?.sha256) await freeBlob(ports, row.sha256);
  await askToRecognise(ports, draftId);
}

/** Drops uploads that nobody continued for a week (repository-practice 10.2). @returns how many */
export async function clearAbandonedUploads(
  ports: Pick<DepositPorts, 'uploads'>,
  now: Date,
  days = 7,
): Promise<number> {
  let count = 0;
  for await (const upload of ports.uploads.list()) {
    if (now.getTime() - Date.parse(upload.changedAt) < days * 86_400_000) continue;
    await ports.uploads.remove(upload.uploadId);
    count++;
  }
  return count;
}

/** Has the items of a draft found anew, soon. */
export async function askToRecognise(ports: { jobs: JobQueue }, draftId: string): Promise<void> {
  await ports.jobs.send('recognise-draft', { draftId }, `recognise-${draftId}`);
}
