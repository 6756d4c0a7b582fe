import type { Quantity, StudyItem, StudyVersion } from '@micrarium/model';
import { conversionOf } from './forms.ts';

/** An image of a version, as lists show it. */
export interface ImageEntry {
  item: string;
  image: number;
  name: string;
  path: string;
  format: string;
  dataset?: string;
  sizes: StudyItem['images'][number]['sizes'];
  type: string;
  pixelSize?: Quantity;
  timeStep?: Quantity;
  /** Bytes of the form the viewer reads; 0 where it reads the deposited files. */
  bytes: number;
  /** Row and column of its well, as `B7`. */
  well?: string;
  trackSets: number;
  isViewable: boolean;
  hasThumbnail: boolean;
  /** Pictures in its short preview; 0 where it has none. */
  previewFrames: number;
}

/** Which images are asked for. */
export interface ImageQuery {
  dataset?: string;
  /** Part of a name or path, in any case. */
  words?: string;
}

/** The images of a version in the order of its data sets and items. */
export function imageIndex(
  version: Pick<StudyVersion, 'items' | 'datasets' | 'pairs'>,
  query: ImageQuery = {},
): ImageEntry[] {
  const datasetOf = new Map(version.datasets.flatMap(({ id, imageItems }) => imageItems.map((item) => [item, id])));
  const rank = new Map(version.datasets.flatMap(({ imageItems }) => imageItems).map((item, index) => [item, index]));
  const items = version.items
    .filter((item) => item.images.length > 0)
    .sort((a, b) => (rank.get(a.id) ?? rank.size) - (rank.get(b.id) ?? rank.size));
  const words = query.words?.trim().toLowerCase() ?? '';
  const entries = items
    .filter((item) => query.dataset === undefined || datasetOf.get(item.id) === query.dataset)
    .flatMap((item) => entriesOf(item, datasetOf.get(item.id), version.pairs));
  return words === ''
    ? entries
    : entries.filter(({ name, path, well = '' }) => `${name}\n${path}\n${well}`.toLowerCase().includes(words));
}

function entriesOf(item: StudyItem, dataset: string | undefined, pairs: StudyVersion['pairs']): ImageEntry[] {
  const wells = new Map(
    (item.plate?.wells ?? []).flatMap(({ row, column, fields }) =>
      fields.map(({ image }) => [image, `${item.plate!.rows[row]}${item.plate!.columns[column]}`]),
    ),
  );
  const sets = Map.groupBy(
    pairs.filter(({ imageItem, confirmed }) => confirmed && imageItem === item.id),
    ({ image }) => image,
  );
  return item.images.map((one, image) => {
    const made = conversionOf(item, image);
    const output = (end: string) => made?.outputs.find(({ path }) => path.endsWith(end));
    const frames = made?.parameters.previewFrames;
    const well = wells.get(image);
    return {
      item: item.id,
      image,
      name: one.name || item.path.slice(item.path.lastIndexOf('/') + 1),
      path: item.path,
      format: item.format,
      ...(dataset === undefined ? {} : { dataset }),
      sizes: one.sizes,
      type: one.type,
      ...(one.voxelSize?.x ? { pixelSize: one.voxelSize.x } : {}),
      ...(one.timeStep ? { timeStep: one.timeStep } : {}),
      bytes: output('.ozx')?.size ?? 0,
      ...(well === undefined ? {} : { well }),
      trackSets: sets.get(image)?.length ?? 0,
      isViewable: made !== undefined,
      hasThumbnail: output('.thumbnail.png') !== undefined,
      previewFrames: output('.preview.png') && typeof frames === 'number' ? frames : 0,
    };
  });
}
