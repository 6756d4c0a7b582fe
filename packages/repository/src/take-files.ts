import { createHash, randomBytes } from 'node:crypto';
import { askToRecognise, type DepositPorts, expectFiles } from './deposit.ts';
import { freeBlob } from './drafts.ts';
import { digestOfBytes } from './digests/running-digest.ts';
import type { DraftFileRow, OtherDigests } from './ports/study-store.ts';
import { sideBySide } from './side-by-side.ts';
import { isAsStated } from './verify-files.ts';

/** A file that came whole. */
export interface WholeFile {
  path: string;
  bytes: Uint8Array;
}

/**
 * Takes small files in that came together and whole: each is announced with the digest it has, stored, and verified, as `expectFiles`, an upload and
 * `verifyFile` do it for one, with one question to the database for all instead of several for each. A kill at any point leaves each file
 * verified or expected; sent again, those that are there are passed over. Of two files of one path the last counts.
 * @returns the files as they stand, in the order of their first mention
 * @throws Refused with an issue for every path that cannot be deposited, QuotaExceeded, DraftNotEditable; then none is taken
 */
export async function takeFiles(
  ports: DepositPorts,
  draftId: string,
  files: readonly WholeFile[],
): Promise<DraftFileRow[]> {
  const whole = [...new Map(files.map((file) => [file.path, file])).values()].map(digested);
  const stand = await expectFiles(
    ports,
    draftId,
    whole.map(({ path, size, sha256 }) => ({ path, size, sha256 })),
  );
  const missing = whole.flatMap((file, at) => (stand[at]!.state === 'verified' ? [] : [{ file, row: stand[at]! }]));
  if (missing.length === 0) return stand;
  const arrived = missing.filter(({ file, row }) => isAsStated(row, withOthers(file, row)));
  const differing = missing.filter((one) => !arrived.includes(one));
  const note = (of: typeof missing, changeOf: (file: Digested) => Partial<DraftFileRow>) =>
    ports.studies.noteFindings(
      draftId,
      of.map(({ file, row }) => ({ file: row, change: changeOf(file) })),
    );
  // Noted before the bytes are there: a kill in between finds the blobs by it.
  await note(arrived, ({ sha256 }) => ({ sha256 }));
  await note(differing, () => ({ state: 'mismatch', received: 0 }));
  await sideBySide(arrived, ({ file }) => store(ports, file));
  const noted = new Set(await note(arrived, ({ sha256, size }) => ({ state: 'verified', sha256, received: size })));
  // Announced anew meanwhile, or the draft is gone.
  for (const { file } of arrived) if (!noted.has(file.path)) await freeBlob(ports, file.sha256);
  await askToRecognise(ports, draftId);
  const now = new Map(
    (
      await ports.studies.getFiles(
        draftId,
        whole.map(({ path }) => path),
      )
    ).map((row) => [row.path, row]),
  );
  return stand.map((row) => now.get(row.path) ?? row);
}

type Digested = WholeFile & { size: number; sha256: string; sha512: string };

function digested({ path, bytes }: WholeFile): Digested {
  const digest = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');
  return { path, bytes, size: bytes.length, sha256: digest('sha256'), sha512: digest('sha512') };
}

/** With the further digests that were stated of it, as its bytes have them. */
function withOthers(file: Digested, { others = {} }: DraftFileRow): Digested & { others: OtherDigests } {
  const names = Object.keys(others) as (keyof OtherDigests)[];
  return { ...file, others: Object.fromEntries(names.map((name) => [name, digestOfBytes(name, file.bytes)])) };
}

async function store({ uploads, blobs }: DepositPorts, { bytes, size, sha256, sha512 }: Digested): Promise<void> {
  const uploadId = `tar${randomBytes(16).toString('hex')}`;
  await uploads.create(uploadId);
  try {
    await uploads.append(uploadId, 0, once(bytes));
    await blobs.adopt(uploads.pathOf(uploadId), { sha256, size, sha512 });
  } catch (fault) {
    await uploads.remove(uploadId);
    throw fault;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
