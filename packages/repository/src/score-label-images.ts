import type { LabelFilm } from '@micrarium/formats';
import { SegmentationScorer, type TruthCoverage } from '@micrarium/model';
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

type LabelFrames = Pick<LabelFilm, 'frames' | 'labels'>;

/** Most voxels of a frame that are compared at once. */
const mostVoxels = 2 ** 27;

/** Gives the labels of a data set frame by frame: label images with a track table, or an image whose values are names of objects. */
async function withLabels<Result>(
  ports: ScorePorts,
  place: ScoredDataset,
  use: (labels: LabelFrames) => Promise<Result>,
): Promise<Result> {
  if (labelItem(place)) return await withLabelItem(ports, place, async (item) => use(await labelFilmOf(item)));
  const candidates = [...itemsOf(place, 'quantitativeItems'), ...itemsOf(place, 'imageItems')].filter(
    ({ images }) => images.length === 1 && /^uint(8|16|32)$/.test(images[0]!.type) && images[0]!.sizes.c === 1,
  );
  const named = candidates.filter(({ path }) => /mask|label|seg|annot|truth|gt/i.test(path));
  const item = candidates.length === 1 ? candidates[0] : named.length === 1 ? named[0] : undefined;
  if (!item)
    throw new NotComparable(
      `${nameOf(place)} holds ${candidates.length} images that could be label images (one channel of whole numbers); leave one, or name one “mask”`,
    );
  const { image, close } = await openStoredImage(ports, item, await storedFiles(ports, place, item), 0);
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

const partialLabels: Readonly<Record<TruthCoverage, string[]>> = {
  'all objects': [],
  'some objects': [
    'Only some objects are annotated: objects of the result that touch none of them do not count, neither for nor against it.',
  ],
  'some frames': ['Only some frames are annotated: frames of the ground truth without an object are not looked at.'],
};

/** Scores label images by the overlap of their objects, counted over all frames together. */
export async function scoreLabels(ports: ScorePorts, { coverage, truth, result, signal }: Asked): Promise<Score> {
  return await withLabels(ports, truth, (reference) =>
    withLabels(ports, result, async (found) => {
      const scorer = new SegmentationScorer(undefined, coverage);
      await eachLabelFrame(reference, found, (_frame, r, s) => scorer.addFrame(r, s), { signal });
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
        counts: { TP, FP, FN },
        reasons: partialLabels[coverage],
      };
    }),
  );
}
