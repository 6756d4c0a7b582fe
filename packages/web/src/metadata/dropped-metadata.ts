import { type DraftDataset, type ReadImport, largestMetadata, readImport } from './read-import.ts';

/** Reads files of metadata that were dropped: one document, or the several files of one. */
export async function readDroppedMetadata(
  files: readonly File[],
  datasets: readonly DraftDataset[],
): Promise<ReadImport> {
  const texts = new Map<string, string>();
  for (const file of files.slice(0, 100))
    if (file.size <= largestMetadata) texts.set(file.name, new TextDecoder().decode(await file.arrayBuffer()));
  return readImport(texts, datasets);
}
