import { findItems, type Item } from '@micrarium/formats';
import type { Dataset, StudyItem, StudyVersion, TruthCoverage } from '@micrarium/model';
import type { FormPorts } from './open-forms.ts';
import type { StudyStore } from './ports/study-store.ts';
import { type StoredFile, treeOfBlobs } from './recognise.ts';
import { NotComparable } from './score-results.ts';

/** A published data set that is ground truth, or a result. */
export interface ScoredDataset {
  version: Pick<StudyVersion, 'accession' | 'version' | 'items'>;
  dataset: Dataset;
}

/** What scoring reads. */
export type ScorePorts = FormPorts & { studies: StudyStore };

/** What is scored, and by what. */
export interface Asked {
  gate: number;
  coverage: TruthCoverage;
  truth: ScoredDataset;
  result: ScoredDataset;
  signal: AbortSignal | undefined;
}

/** A data set as messages name it. */
export const nameOf = ({ version, dataset }: ScoredDataset) => `“${dataset.title}” of ${version.accession}`;

/** Items of a data set of one kind. */
export function itemsOf({ version, dataset }: ScoredDataset, kind: 'quantitativeItems' | 'imageItems'): StudyItem[] {
  return version.items.filter(({ id }) => dataset[kind].includes(id));
}

/** Files of an item as they were deposited. */
export async function storedFiles(
  ports: ScorePorts,
  { version }: ScoredDataset,
  item: StudyItem,
): Promise<StoredFile[]> {
  const files = await Promise.all(
    item.files.map((path) => ports.studies.getVersionFile(version.accession, version.version, path)),
  );
  return files.filter((file) => file !== undefined);
}

/** Opens the label images with a track table of a data set, and closes them when `use` is done. */
export async function withLabelItem<Result>(
  ports: ScorePorts,
  place: ScoredDataset,
  use: (item: Item) => Promise<Result>,
): Promise<Result> {
  const item = labelItem(place);
  if (!item) throw new NotComparable(`${nameOf(place)} holds no label images with a track table`);
  const tree = treeOfBlobs(ports.blobs, await storedFiles(ports, place, item));
  try {
    const found = (await findItems(tree)).find(({ format }) => format === 'ctc');
    if (!found) throw new NotComparable(`${nameOf(place)}: ${item.path} could not be read again`);
    return await use(found);
  } finally {
    for (const entry of tree.entries) await entry.close?.();
  }
}

/** Label images with a track table. */
export const labelItem = (place: ScoredDataset) =>
  [...itemsOf(place, 'quantitativeItems'), ...itemsOf(place, 'imageItems')].find(({ format }) => format === 'ctc');
