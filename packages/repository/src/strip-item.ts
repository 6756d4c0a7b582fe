import { createHash, randomBytes } from 'node:crypto';
import { mayBeStripped, type Stripping, stripPrivate, strippedPieces } from '@micrarium/formats';
import { type DepositPorts, expectFiles, fileArrived } from './deposit.ts';
import { editableDraft } from './drafts.ts';
import type { DraftFileRow } from './ports/study-store.ts';
import { NotThere } from './refusals.ts';

/** Files of one item that are stripped, as many as are looked through. */
const mostFiles = 50;
/** Largest file that is written anew while somebody waits for it. */
export const largestStripped = 16e9;

/** A file of a draft that a copy without details of persons took the place of. */
export interface StrippedFile {
  path: string;
  /** How many things were taken out. */
  count: number;
  /** SHA-256 of the file before and after, lower-case hex. */
  before: string;
  after: string;
}

/**
 * Puts copies without what tells of persons in the place of the files of an item of a draft. Sizes, offsets and pixels stay; the digest changes,
 * and the files are verified, recognised and looked through anew. Files of published versions are never touched: they are other blobs.
 * @returns the files that changed; none where nothing in them can be taken out here
 * @throws NotThere, DraftNotEditable, QuotaExceeded
 */
export async function stripItem(
  ports: DepositPorts,
  draftId: string,
  itemId: string,
  signal?: AbortSignal,
): Promise<StrippedFile[]> {
  await editableDraft(ports, draftId);
  const row = await ports.studies.getItem(draftId, itemId);
  if (!row) throw new NotThere(`item ${itemId} in draft ${draftId}`);
  const stripped: StrippedFile[] = [];
  for (const path of row.item.files.slice(0, mostFiles)) {
    const file = await ports.studies.getFile(draftId, path);
    if (file?.sha256 === undefined || file.state !== 'verified') continue;
    if (!mayBeStripped(path) || file.size > largestStripped) continue;
    const source = await ports.blobs.open(file.sha256);
    try {
      const named = { name: path, size: source.size, read: source.read.bind(source) };
      const stripping = await stripPrivate(named, signal);
      if (stripping === undefined || stripping.count === 0) continue;
      const after = await replaceFile(ports, draftId, { ...file, sha256: file.sha256 }, named, stripping, signal);
      stripped.push({ path, count: stripping.count, before: file.sha256, after });
    } finally {
      await source.close();
    }
  }
  return stripped;
}

async function replaceFile(
  ports: DepositPorts,
  draftId: string,
  { path, size }: DraftFileRow & { sha256: string },
  source: Parameters<typeof strippedPieces>[0],
  stripping: Stripping,
  signal?: AbortSignal,
): Promise<string> {
  const uploadId = `put${randomBytes(16).toString('hex')}`;
  const hash = createHash('sha256');
  const pieces = async function* () {
    for await (const piece of strippedPieces(source, stripping, signal)) {
      hash.update(piece);
      yield piece;
    }
  };
  await ports.uploads.create(uploadId);
  let isHandedOn = false;
  try {
    await ports.uploads.append(uploadId, 0, pieces());
    const sha256 = hash.digest('hex');
    const [row] = await expectFiles(ports, draftId, [{ path, size, sha256 }]);
    if (row?.state !== 'verified') {
      await fileArrived(ports, draftId, path, uploadId);
      isHandedOn = true;
    }
    return sha256;
  } finally {
    if (!isHandedOn) await ports.uploads.remove(uploadId);
  }
}
