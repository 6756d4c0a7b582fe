import { checkCollisions, checkPath, placesOf } from './paths.ts';
import { mostFilesOfStudy } from '@micrarium/model';
import { editableDraft, freeBlob } from './drafts.ts';
import { mediaTypeOf } from './media-types.ts';
import type { BlobStore } from './ports/blob-store.ts';
import { type JobQueue, smallFile } from './ports/job-queue.ts';
import type { DraftFileRow, DraftRow, OtherDigests, StudyStore } from './ports/study-store.ts';
import type { UploadArea } from './ports/upload-area.ts';
import { publishIssue } from './publish-guards.ts';
import { NotThere, Refused } from './refusals.ts';
import { sideBySide } from './side-by-side.ts';

/** A file somebody is going to send. */
export interface ExpectedFile {
  path: string;
  size: number;
  /** Lower-case hex, as computed where the file lies. */
  sha256?: string;
  /** Further digests it has there, lower-case hex. */
  others?: OtherDigests | undefined;
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
 * read are not sent again, but where a digest is stated that they were never compared with; everything else is expected. A file announced again with other bytes replaces the one at its path.
 * @returns the files as they stand, in the order asked
 * @throws Refused with an issue for every path that cannot be deposited, QuotaExceeded; then none is taken
 */
export async function expectFiles(
  ports: DepositPorts,
  draftId: string,
  files: readonly ExpectedFile[],
): Promise<DraftFileRow[]> {
  const draft = await editableDraft(ports, draftId);
  const paths = files.map((file) => file.path);
  const issues = paths.flatMap(checkPath);
  // Only what lies around them is read: a folder of a hundred thousand files is announced in a hundred parts, or file by file.
  const around =
    issues.length > 0 ? [] : await ports.studies.pathsAround(draftId, [...new Set(paths.flatMap(placesOf))]);
  issues.push(...checkCollisions(paths, around));
  if (issues.length > 0) throw new Refused(`${issues.length} paths cannot be deposited`, issues);
  const existing = new Map((await ports.studies.getFiles(draftId, paths)).map((row) => [row.path, row]));
  const readable = await readableBlobs(ports, draft, files);
  const rows: DraftFileRow[] = [];
  const replaced: string[] = [];
  for (const file of files) {
    const before = existing.get(file.path);
    if (before && isSameFile(before, file)) {
      rows.push(before);
      continue;
    }
    if (before?.sha256) replaced.push(before.sha256);
    rows.push(newRow(draft, { ...file, others: file.others ?? statedBefore(before, file) }, readable));
  }
  const changed = rows.filter((row) => existing.get(row.path) !== row);
  const growth = changed.reduce((sum, row) => sum + row.size - (existing.get(row.path)?.size ?? 0), 0);
  await refuseTooMany(ports.studies, draftId, changed.filter(({ path }) => !existing.has(path)).length, growth);
  const put = () => ports.studies.putFiles(draftId, changed);
  // Two folders announced at one moment must not both fit into what is left.
  await (ports.room ? ports.room.takeRoom(draftId, growth, put) : put());
  for (const sha256 of replaced) await freeBlob(ports, sha256);
  if (replaced.length > 0 || rows.some((row) => row.state === 'verified')) await askToRecognise(ports, draftId);
  return rows;
}

/** Bytes that the files of one draft may be said to have together, also where nobody's room is limited: a petabyte. */
const mostBytesOfStudy = 1e15;

/** Said before anything is sent, and once more before publication. @throws Refused, QuotaExceeded */
async function refuseTooMany(studies: StudyStore, draftId: string, more: number, growth: number): Promise<void> {
  if (more === 0 && growth <= 0) return;
  const { count, bytes } = await studies.countFiles(draftId);
  if (growth > 0 && bytes + growth > mostBytesOfStudy)
    throw new QuotaExceeded('one study', growth, Math.max(0, mostBytesOfStudy - bytes), mostBytesOfStudy);
  if (count + more <= mostFilesOfStudy) return;
  const message = `The study would have ${count + more} files; at most ${mostFilesOfStudy} are taken`;
  throw new Refused(message, [publishIssue('too-many-files', message)]);
}

/** Can the file in the draft stand for the announced one? A stated digest decides; without one the size must do. */
function isSameFile(row: DraftFileRow, file: ExpectedFile): boolean {
  if (row.size !== file.size || row.state === 'mismatch') return false;
  const stated = Object.entries(file.others ?? {});
  if (stated.some(([name, digest]) => row.others?.[name as keyof OtherDigests] !== digest)) return false;
  const known = row.sha256 ?? row.statedSha256;
  return file.sha256 === undefined || known === undefined
    ? known === file.sha256 || row.state === 'verified'
    : known === file.sha256;
}

/** What an announcement without SHA-256 stated counts for the bytes that come after it with theirs. */
function statedBefore(before: DraftFileRow | undefined, { size }: ExpectedFile): OtherDigests | undefined {
  const isUnknown = before?.sha256 === undefined && before?.statedSha256 === undefined;
  return isUnknown && before?.size === size ? before.others : undefined;
}

/** Digests of files whose bytes need not be sent. */
async function readableBlobs(
  ports: DepositPorts,
  draft: DraftRow,
  files: readonly ExpectedFile[],
): Promise<ReadonlySet<string>> {
  const stated = [...new Set(files.flatMap(({ sha256 }) => sha256 ?? []))];
  const readable = (await ports.studies.blobsReadableBy?.(draft.ownerId, stated)) ?? [];
  const stored = new Set<string>();
  await sideBySide(readable, async (sha256) => {
    if (await ports.blobs.has(sha256)) stored.add(sha256);
  });
  return stored;
}

function newRow(draft: DraftRow, file: ExpectedFile, readable: ReadonlySet<string>): DraftFileRow {
  const { path, size, sha256, others = {} } = file;
  const hasOthers = Object.keys(others).length > 0;
  const isKnown = sha256 !== undefined && readable.has(sha256) && !hasOthers;
  return {
    draftId: draft.id,
    path,
    size,
    ...(sha256 === undefined ? {} : { statedSha256: sha256 }),
    ...(hasOthers ? { others } : {}),
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
  const name = row.size <= smallFile ? 'verify-small-file' : 'verify-file';
  await ports.jobs.send(name, { draftId, path, uploadId }, `verify-${uploadId}`);
}

/** Takes files out of a draft and frees bytes nobody else has. Paths that are not there are passed over. @throws NotThere, DraftNotEditable */
export async function removeFiles(ports: DepositPorts, draftId: string, paths: readonly string[]): Promise<void> {
  await editableDraft(ports, draftId);
  const rows = await ports.studies.getFiles(draftId, paths);
  await ports.studies.removeFiles(draftId, paths);
  for (const row of rows) if (row.sha256) await freeBlob(ports, row.sha256);
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
