import { askToRecognise, type DepositPorts } from './deposit.ts';
import { digestsOfStream } from './digests/digests.ts';
import { freeBlob } from './drafts.ts';
import type { AskedJob, Jobs } from './ports/job-queue.ts';
import type { DraftFileRow, FileFinding, OtherDigests } from './ports/study-store.ts';
import { sideBySide } from './side-by-side.ts';

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
  const { sha256, sha512, size, others } = await digestsOf(uploads.read(uploadId), row, signal);
  if (!isAsStated(row, { size, sha256, others })) {
    await studies.noteFindings(draftId, [{ file: row, change: { state: 'mismatch', received: 0 } }]);
    await uploads.remove(uploadId);
    // It may have been the last one that the others waited for.
    return await askToRecognise(ports, draftId);
  }
  // Noted before the bytes move: a kill in between finds the blob by it.
  await studies.noteFindings(draftId, [{ file: row, change: { sha256 } }]);
  await blobs.adopt(uploads.pathOf(uploadId), { sha256, size, sha512 });
  const change = { state: 'verified', sha256, received: size } as const;
  const [noted] = await studies.noteFindings(draftId, [{ file: row, change }]);
  // Announced anew meanwhile, or the draft is gone.
  if (noted === undefined) return await freeBlob(ports, sha256);
  await askToRecognise(ports, draftId);
}

/** A file of a batch whose bytes are read. */
interface ReadFile {
  row: DraftFileRow;
  uploadId: string;
  sha256: string;
  sha512: string;
}

/**
 * Does for many small files what `verifyFile` does for one, with a few statements for all. What is no plain case, what fails, and what was
 * tried in a batch before (it may have been what killed that run) is left to `verifyFile`, each on its own.
 * @throws the signal's reason; then all of them are to be done again
 */
export async function verifySmallFiles(
  ports: DepositPorts,
  jobs: readonly AskedJob<'verify-small-file'>[],
  signal?: AbortSignal,
): Promise<void> {
  const alone = jobs.filter(({ isRepeated }) => isRepeated).map(({ data }) => data);
  const byDraft = Map.groupBy(
    jobs.filter(({ isRepeated }) => !isRepeated).map(({ data }) => data),
    ({ draftId }) => draftId,
  );
  for (const [draftId, wanted] of byDraft) alone.push(...(await verifyOfDraft(ports, draftId, wanted, signal)));
  signal?.throwIfAborted();
  await ports.jobs.sendAll(
    'verify-file',
    alone.map((data) => ({ data, key: `verify-${data.uploadId}` })),
  );
}

/** @returns the jobs that are to be done alone */
async function verifyOfDraft(
  ports: DepositPorts,
  draftId: string,
  wanted: readonly Jobs['verify-file'][],
  signal: AbortSignal | undefined,
): Promise<Jobs['verify-file'][]> {
  const { studies, uploads, blobs } = ports;
  const draft = await studies.getDraft(draftId);
  const paths = wanted.map(({ path }) => path);
  const rows = new Map((await studies.getFiles(draftId, paths)).map((row) => [row.path, row]));
  const alone = new Map(wanted.map((job) => [job.uploadId, job]));
  const found: ReadFile[] = [];
  const differing: ReadFile[] = [];
  await sideBySide(wanted, async ({ path, uploadId }) => {
    const row = rows.get(path);
    if (draft?.state !== 'editing' || row?.state !== 'sent') return;
    // Of two uploads of one file the second is judged by what becomes of the first.
    rows.delete(path);
    const read = await digestsOf(uploads.read(uploadId), row, signal).catch(() => undefined);
    if (!read) return;
    const file = { row, uploadId, sha256: read.sha256, sha512: read.sha512 };
    (isAsStated(row, read) ? found : differing).push(file);
  });
  signal?.throwIfAborted();
  // Noted before the bytes move: a kill in between finds the blobs by it.
  await studies.noteFindings(draftId, [
    ...found.map(({ row, sha256 }): FileFinding => ({ file: row, change: { sha256 } })),
    ...differing.map(({ row }): FileFinding => ({ file: row, change: { state: 'mismatch', received: 0 } })),
  ]);
  const taken: FileFinding[] = [];
  await sideBySide(found, async ({ row, uploadId, sha256, sha512 }) => {
    try {
      await blobs.adopt(uploads.pathOf(uploadId), { sha256, size: row.size, sha512 });
    } catch {
      // Done again alone, which says what is wrong.
      return;
    }
    taken.push({ file: row, change: { state: 'verified', sha256, received: row.size } });
    alone.delete(uploadId);
  });
  const noted = new Set(await studies.noteFindings(draftId, taken));
  // Announced anew meanwhile, or the draft is gone.
  for (const { file, change } of taken) if (!noted.has(file.path)) await freeBlob(ports, change.sha256!);
  await sideBySide(differing, async ({ uploadId }) => {
    await uploads.remove(uploadId);
    alone.delete(uploadId);
  });
  if (taken.length + differing.length > 0) await askToRecognise(ports, draftId);
  return [...alone.values()];
}

/** Has the file what was stated of it? */
export function isAsStated(
  row: Pick<DraftFileRow, 'size' | 'statedSha256' | 'others'>,
  { size, sha256, others }: { size: number; sha256: string; others: OtherDigests },
): boolean {
  const wanted = Object.entries(row.others ?? {});
  return (
    size === row.size &&
    (row.statedSha256 === undefined || row.statedSha256 === sha256) &&
    wanted.every(([name, digest]) => others[name as keyof OtherDigests] === digest)
  );
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

/** Digests of a file: the two that every one has, and those that were stated. */
async function digestsOf(
  bytes: AsyncIterable<Uint8Array>,
  { others = {} }: DraftFileRow,
  signal?: AbortSignal,
): Promise<{ sha256: string; sha512: string; size: number; others: OtherDigests }> {
  const stated = Object.keys(others) as (keyof OtherDigests)[];
  const { size, digests } = await digestsOfStream(bytes, ['sha256', 'sha512', ...stated], () =>
    signal?.throwIfAborted(),
  );
  const [sha256, sha512, ...more] = digests as [string, string, ...string[]];
  return { sha256, sha512, size, others: Object.fromEntries(stated.map((name, at) => [name, more[at]])) };
}
