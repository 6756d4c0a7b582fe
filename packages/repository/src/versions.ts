import type { FileReference } from '@micrarium/model';
import { otherDigests } from './other-digests.ts';
import { everyRow } from './pages-of-rows.ts';
import type { DraftRow, StudyStore } from './ports/study-store.ts';
import { NotThere } from './refusals.ts';

/**
 * Opens a draft of the next version of a study, with metadata, pairs, files and items of the newest: files by reference, no byte is copied.
 * The draft that is open already is given back.
 * @param isRevision of the metadata alone: it becomes `N.m` of the newest version
 * @throws NotThere where the study has no published version
 */
export async function newDraftVersion(
  ports: { studies: StudyStore },
  accession: string,
  ownerId: string,
  isRevision = false,
): Promise<{ draft: DraftRow; created: boolean }> {
  const { studies } = ports;
  const newest = await studies.getVersion(accession, 'newest');
  if (!newest) throw new NotThere(`study ${accession}`);
  const { draft, created } = await studies.createDraft({
    ownerId,
    accession,
    version: isRevision ? newest.version : newest.version + 1,
    ...(isRevision ? { minor: (newest.minor ?? 0) + 1 } : {}),
    metadata: newest.metadata,
    pairs: newest.pairs,
    datasetTitles: Object.fromEntries(newest.datasets.map((dataset) => [dataset.id, dataset.title])),
  });
  // Items come last: a draft nobody has touched without them was left half copied by a kill.
  const isUntouched = draft.revision === 1 && draft.state === 'editing';
  if (
    created ||
    (isUntouched && (await isHalfCopied(studies, draft.id, newest.items.length + (newest.plainItems ?? 0) > 0)))
  )
    await copyContent(studies, draft, newest);
  return { draft, created };
}

async function isHalfCopied(studies: StudyStore, draftId: string, hasItems: boolean): Promise<boolean> {
  if (hasItems) return (await studies.countItems(draftId)).count === 0;
  const [files, references] = [await studies.countFiles(draftId), await studies.countReferences(draftId)];
  return files.count + references.count === 0;
}

async function copyContent(
  studies: StudyStore,
  draft: DraftRow,
  from: NonNullable<Awaited<ReturnType<StudyStore['getVersion']>>>,
): Promise<void> {
  let batch: Parameters<StudyStore['putFiles']>[1][number][] = [];
  const list = (page: { after?: string; limit: number }) =>
    studies.listVersionFiles(from.accession, from.version, page);
  for await (const { path, size, sha256, mediaType, md5, crc32c } of everyRow(list)) {
    const others = otherDigests({ md5, crc32c });
    const stated = { sha256, statedSha256: sha256, ...(others ? { others } : {}) };
    batch.push({ path, size, ...stated, state: 'verified', received: size, mediaType });
    if (batch.length < 1000) continue;
    await studies.putFiles(draft.id, batch);
    batch = [];
  }
  await studies.putFiles(draft.id, batch);
  const references = (page: { after?: string; limit: number }) =>
    studies.listVersionReferences(from.accession, from.version, page);
  let named: FileReference[] = [];
  for await (const one of everyRow(references)) {
    named.push(one);
    if (named.length < 1000) continue;
    await studies.putReferences(draft.id, named);
    named = [];
  }
  await studies.putReferences(draft.id, named);
  // With their states, in one go: nobody would read items that a kill left waiting.
  await studies.copyItems(draft.id, from.accession, from.version);
}
