import type { LabelFilm } from '@micrarium/formats';
import { type ImageDescription, SegmentationScorer, type StudyItem, type TruthCoverage } from '@micrarium/model';
import { openStoredImage } from './open-forms.ts';
import type { Score } from './score-datasets.ts';
import { eachLabelFrame, labelFilmOf, NotComparable } from './score-results.ts';
import {
  type Asked,
  itemsOf,
  labelItem,
  nameOf,
  type ScoredDataset,
  type ScorePorts,
  storedFiles,
  withLabelItem,
} from './scored-dataset.ts';
import { isLabelImage } from './training-masks.ts';

type LabelFrames = Pick<LabelFilm, 'frames' | 'labels'>;

/** Most voxels of a frame that are compared at once. */
const mostVoxels = 2 ** 27;

/** An image whose values may be names of objects. */
interface LabelImage {
  item: StudyItem;
  /** Place in the item. */
  index: number;
  /** What it is called beside the others. */
  name: string;
}

const isWhole = ({ type, sizes }: ImageDescription) => /^uint(8|16|32)$/.test(type) && sizes.c === 1;

/** Do all images of an item, one or the wells of a plate, hold labels, by their kind and by a path that says so? */
export const isLabelItem = (item: StudyItem): boolean =>
  item.images.length > 0 && item.images.every((image) => isLabelImage({ path: item.path, images: [image] }));

const marks =
  /(?<![a-z])(cp|masks?|labels?|labell?ed|seg|segm|segmented|segmentations?|annot|annotated|annotations?|truth|gt|pred|predicted|predictions?|res|results?|instances?)(?![a-z])/g;

/** What an image is called, without its ending and the words that say it is a label image: `a1_mask.png` and `A1.tif` are of one name. */
export function labelImageName(name: string): string {
  const stem = name.toLowerCase().replace(/(\.ome)?\.[a-z]{2,5}\d?$/, '');
  const plain = stem
    .replace(marks, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return plain === '' ? stem : plain;
}

/** Images of a data set that may be label images: those of the items whose paths say so, where one does. @throws NotComparable */
function labelImages(place: ScoredDataset): LabelImage[] {
  const held = [...itemsOf(place, 'quantitativeItems'), ...itemsOf(place, 'imageItems')];
  const items = [...new Set(held)].filter(({ images }) => images.length > 0 && images.every(isWhole));
  const named = items.filter(({ path }) => /mask|label|seg|annot|truth|gt/i.test(path));
  const item = items.length === 1 ? items[0] : named.length === 1 ? named[0] : undefined;
  if (!item)
    throw new NotComparable(
      `${nameOf(place)} holds ${items.length} images that could be label images (one channel of whole numbers); leave one, or name one “mask”`,
    );
  return item.images.map((image, index) => ({ item, index, name: labelImageName(image.name || item.path) }));
}

/** Label images of the ground truth with those of the result: the only ones, those of the same names, or one after the other. @throws NotComparable */
function pairedImages(truth: ScoredDataset, result: ScoredDataset): [truth: LabelImage, result: LabelImage][] {
  const [references, found] = [labelImages(truth), labelImages(result)];
  if (references.length === 1 && found.length === 1) return [[references[0]!, found[0]!]];
  const there = new Map(found.map((one) => [one.name, one]));
  const isNamed = there.size === found.length && new Set(references.map(({ name }) => name)).size === references.length;
  const missing = isNamed ? references.filter(({ name }) => !there.has(name)) : references;
  if (missing.length === 0) return references.map((one) => [one, there.get(one.name)!]);
  if (missing.length === references.length && references.length === found.length)
    return references.map((one, at) => [one, found[at]!]);
  const wanted = missing.slice(0, 5).map(({ item, index }) => item.images[index]!.name || item.path);
  throw new NotComparable(
    `${nameOf(result)} holds ${found.length} label images, the ground truth ${references.length}; there is none called as ${wanted.join(', ')}`,
  );
}

/** Gives the labels of an image frame by frame. */
async function withImageLabels<Result>(
  ports: ScorePorts,
  place: ScoredDataset,
  { item, index }: LabelImage,
  use: (labels: LabelFrames) => Promise<Result>,
): Promise<Result> {
  const { image, close } = await openStoredImage(ports, item, await storedFiles(ports, place, item), index);
  const { t, z, y, x } = image.description.sizes;
  try {
    if (z * y * x > mostVoxels)
      throw new NotComparable(`${nameOf(place)}: a frame of ${z * y * x} voxels is too large`);
    return await use({
      frames: Array.from({ length: t }, (_, frame) => frame),
      async labels(frame, signal) {
        const pixels = new Float64Array(z * y * x);
        for (let slice = 0; slice < z; slice++) {
          const { data } = await image.readRegion({ t: frame, c: 0, z: slice }, undefined, 0, signal);
          pixels.set(data as ArrayLike<number>, slice * y * x);
        }
        return { pixels, shape: [z, y, x] };
      },
    });
  } finally {
    await close();
  }
}

/** Gives the labels of a data set that are one film: label images with a track table, or the only image. */
async function withFilmLabels<Result>(
  ports: ScorePorts,
  place: ScoredDataset,
  use: (labels: LabelFrames) => Promise<Result>,
): Promise<Result> {
  if (labelItem(place)) return await withLabelItem(ports, place, async (item) => use(await labelFilmOf(item)));
  const [image, other] = labelImages(place);
  if (other) throw new NotComparable(`${nameOf(place)} holds several label images, and is compared with one film`);
  return await withImageLabels(ports, place, image!, use);
}

const partialLabels: Readonly<Record<TruthCoverage, string[]>> = {
  'all objects': [],
  'some objects': [
    'Only some objects are annotated: objects of the result that touch none of them do not count, neither for nor against it.',
  ],
  'some frames': ['Only some frames are annotated: frames of the ground truth without an object are not looked at.'],
};

/** Scores label images by the overlap of their objects, counted over all frames and images of the data set together. */
export async function scoreLabels(ports: ScorePorts, { coverage, truth, result, signal }: Asked): Promise<Score> {
  const scorer = new SegmentationScorer(undefined, coverage);
  const compare = (reference: LabelFrames, found: LabelFrames) =>
    eachLabelFrame(reference, found, (_frame, r, s) => scorer.addFrame(r, s), { signal });
  let images = 1;
  if (labelItem(truth) || labelItem(result))
    await withFilmLabels(ports, truth, (reference) =>
      withFilmLabels(ports, result, (found) => compare(reference, found)),
    );
  else {
    const pairs = pairedImages(truth, result);
    images = pairs.length;
    for (const [ofTruth, ofResult] of pairs)
      await withImageLabels(ports, truth, ofTruth, (reference) =>
        withImageLabels(ports, result, ofResult, (found) => compare(reference, found)),
      );
  }
  const all = scorer.instances;
  const defined = all.flatMap(({ averagePrecision }) => averagePrecision ?? []);
  const AP = defined.length === 0 ? null : defined.reduce((sum, one) => sum + one, 0) / defined.length;
  const F1 = Object.fromEntries(
    [0.5, 0.75, 0.9].map((at) => [
      `F1@${at}`,
      all.find(({ threshold }) => Math.abs(threshold - at) < 1e-9)?.F1 ?? null,
    ]),
  );
  const { TP, FP, FN } = all[0]!;
  return {
    version: 1,
    values: { AP, ...F1, SEG: scorer.seg },
    counts: { TP, FP, FN, ...(images > 1 ? { images } : {}) },
    reasons: partialLabels[coverage],
  };
}
