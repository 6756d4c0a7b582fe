import type { ImageDescription } from './image.ts';
import { defineIssues, type Issue } from './issue.ts';
import { extentInPixels, mappingFor } from './pairing.ts';
import type { CoordinateMapping, Pair, StudyItem, TrackSetSummary } from './study.ts';

/** Issues of a pair of image and tracks. `where.file` is the path of the track item. */
export const pairIssue = defineIssues({
  'pair-item-missing': {
    severity: 'error',
    meaning: 'A pair names an image or a set of tracks that is not in the study.',
    hint: 'Remove the pair, or add the file again.',
  },
  'pair-unit-missing': {
    severity: 'warning',
    meaning: 'The tracks do not say in which unit their positions are, so nobody knows where they lie in the image.',
    hint: 'Say whether the positions are in pixels, or how many pixels one unit is.',
  },
  'pair-scale-unknown': {
    severity: 'warning',
    meaning: 'Positions are in a physical unit, and neither the tracks nor the image say how large a pixel is.',
    hint: 'Enter the pixel size.',
  },
  'pair-outside-image': {
    severity: 'warning',
    meaning: 'Objects lie outside the image once their positions are turned into pixels.',
    hint: 'Check the pixel size, the order of the axes and the offset, or choose another image.',
  },
  'pair-frames-differ': {
    severity: 'warning',
    meaning: 'The tracks run over other frames than the image has.',
    hint: 'Check the first frame, or choose another image.',
  },
});

/** Everything doubtful about a pair: missing items, unknown units, objects outside the image, differing frames. */
export function checkPair(pair: Pair, items: readonly StudyItem[]): Issue[] {
  const film = items.find((item) => item.id === pair.imageItem);
  const image = film?.images[pair.image];
  const item = items.find((one) => one.id === pair.trackItem);
  const set = item?.trackSets.find((one) => one.part === pair.part);
  if (!film || !image || !item || !set)
    return [
      pairIssue(
        'pair-item-missing',
        `${image ? 'The tracks' : 'The image'} of a pair ${image ? 'are' : 'is'} not in the study`,
        {
          where: item ? { file: item.path } : {},
        },
      ),
    ];
  const where = { file: item.path };
  return [
    ...(pair.confirmed || pair.reason === 'drawn by the depositor' ? [] : checkUnits(set, image, item, film)),
    ...checkBox(set, image, pair.mapping, where),
    ...checkFrames(set, image, pair.mapping, where),
  ];
}

function checkUnits(set: TrackSetSummary, image: ImageDescription, item: StudyItem, film: StudyItem): Issue[] {
  const where = { file: item.path };
  if (set.spaceUnit === undefined)
    return [pairIssue('pair-unit-missing', `${item.path} does not say in which unit its positions are`, { where })];
  if (mappingFor(set, image).isKnown) return [];
  const message = `Positions in ${item.path} are in ${set.spaceUnit}; neither it nor ${film.path} gives a pixel size`;
  return [pairIssue('pair-scale-unknown', message, { where })];
}

function checkBox(
  set: TrackSetSummary,
  image: ImageDescription,
  mapping: CoordinateMapping,
  where: { file: string },
): Issue[] {
  const box = extentInPixels(set, mapping);
  if (!box) return [];
  const axes = (['x', 'y', 'z'] as const).filter((axis) => axis !== 'z' || (set.hasZ && image.sizes.z > 1));
  // Detectors place objects between pixels, so half a pixel beyond the outermost centres is still inside.
  const outside = axes.filter((axis) => box[axis][0] < -0.5 || box[axis][1] > image.sizes[axis] - 0.5);
  return outside.map((axis) =>
    pairIssue(
      'pair-outside-image',
      `Along ${axis} the objects reach from pixel ${rounded(box[axis][0])} to ${rounded(box[axis][1])}; the image has ${image.sizes[axis]}`,
      { where },
    ),
  );
}

function checkFrames(
  set: TrackSetSummary,
  image: ImageDescription,
  mapping: CoordinateMapping,
  where: { file: string },
): Issue[] {
  if (!set.extent) return [];
  const [first, last] = set.extent.frame.map((frame) => frame + mapping.firstFrame) as [number, number];
  if (first >= 0 && last < image.sizes.t && last - first + 1 === image.sizes.t) return [];
  const isOutside = first < 0 || last >= image.sizes.t;
  return [
    pairIssue(
      'pair-frames-differ',
      `The objects run from frame ${first} to ${last}; the image has frames 0 to ${image.sizes.t - 1}`,
      {
        where,
        severity: isOutside ? 'warning' : 'info',
      },
    ),
  ];
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
