import type { ImageDescription } from './image.ts';
import type { CoordinateMapping, Pair, PairReason, StudyItem, TrackSetSummary } from './study.ts';
import { micrometersPer, parseSpaceUnit, type Quantity, type SpaceUnit } from './units.ts';

const sameFilm: Record<PairReason, number> = {
  'image name recorded in the file': 4,
  'same name': 3,
  'challenge folder pair': 2,
  'same frames and extent': 1,
  'drawn by the depositor': 0,
};

interface Candidate {
  item: StudyItem;
  image: number;
  reason: PairReason;
  /** Second thoughts among candidates with one reason: same frames, then nearness of the folders. */
  nearness: number;
}

/**
 * Proposes which tracks belong to which film: for every set of tracks or objects at most one image, by the strongest reason there is.
 * Films that only agree in frames and extent are proposed when exactly one does. Nothing is confirmed here.
 */
export function proposePairs(items: readonly StudyItem[]): Pair[] {
  const films = items.filter((item) => item.images.length > 0);
  return items.flatMap((item) =>
    item.trackSets.flatMap((set): Pair[] => {
      const best = bestFilm(item, set, films);
      if (!best) return [];
      const { mapping } = mappingFor(set, best.item.images[best.image]!);
      const { reason, image } = best;
      return [
        { imageItem: best.item.id, image, trackItem: item.id, part: set.part, mapping, reason, confirmed: false },
      ];
    }),
  );
}

function bestFilm(item: StudyItem, set: TrackSetSummary, films: readonly StudyItem[]): Candidate | undefined {
  const candidates = films.flatMap((film) =>
    film.images.flatMap((image, index): Candidate[] => {
      const reason = reasonFor(item, set, film, image, index);
      if (!reason) return [];
      const nearness = (haveSameFrames(set, image) ? 1000 : 0) + sharedFolders(item.path, film.path);
      return [{ item: film, image: index, reason, nearness }];
    }),
  );
  candidates.sort((a, b) => sameFilm[b.reason] - sameFilm[a.reason] || b.nearness - a.nearness);
  const [best, second] = candidates;
  const isAmbiguous = second?.reason === best?.reason && second?.nearness === best?.nearness;
  return best?.reason === 'same frames and extent' && isAmbiguous ? undefined : best;
}

function reasonFor(
  item: StudyItem,
  set: TrackSetSummary,
  film: StudyItem,
  image: ImageDescription,
  index: number,
): PairReason | undefined {
  if (item.id === film.id) return 'same name';
  const filmNames = [film.path, ...film.files, image.name].map(nameStem).filter(Boolean);
  if (set.imageName && filmNames.includes(nameStem(set.imageName))) return 'image name recorded in the file';
  if (index === 0 && trackStem(item.path) !== '' && trackStem(item.path) === nameStem(film.path)) return 'same name';
  if (isChallengePair(item, film)) return 'challenge folder pair';
  return haveSameFrames(set, image) && fitsInside(set, image) ? 'same frames and extent' : undefined;
}

/** File or folder name without folders and extensions, in lower case. */
function nameStem(path: string): string {
  const name = path.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '');
  return name.replace(/(\.ome)?\.(tiff?|zarr|ozx|xml|csv|tsv|txt|json|zip|h5|[a-z]{2,4})$/i, '').toLowerCase();
}

/** Stem of a file of tracks, without the words tracking programs append to the film's name. */
function trackStem(path: string): string {
  return nameStem(path).replace(
    /[-_. ]+(tracks?|spots?|edges?|links?|objects?|tracking|tracked|results?|allspots|export)(?=[-_. ]|$)/g,
    '',
  );
}

/** Cell Tracking Challenge: sequence `01` beside `01_RES`, `01_GT/TRA`, `01_ST`. */
function isChallengePair(item: StudyItem, film: StudyItem): boolean {
  const sequence = folders(film)
    .map((path) => /(^|.*\/)(\d{2,})$/.exec(path))
    .find(Boolean);
  if (!sequence) return false;
  const pattern = `${sequence[1]}${sequence[2]}_`;
  return folders(item).some(
    (path) => path.startsWith(pattern) && /^(RES|GT|ST|ERR_SEG)(\/|$)/.test(path.slice(pattern.length)),
  );
}

/** The item's own path and the folder of its first file: sets of files are named by either. */
function folders(item: StudyItem): string[] {
  const first = item.files[0] ?? '';
  return [item.path, first.slice(0, Math.max(0, first.lastIndexOf('/')))];
}

function sharedFolders(a: string, b: string): number {
  const [left, right] = [a.split('/').slice(0, -1), b.split('/').slice(0, -1)];
  let count = 0;
  while (count < left.length && left[count] === right[count]) count++;
  return count;
}

function haveSameFrames(set: TrackSetSummary, image: ImageDescription): boolean {
  if (set.imageSizes?.t !== undefined) return set.imageSizes.t === image.sizes.t;
  return (
    image.sizes.t > 1 && set.extent !== undefined && set.extent.frame[1] - set.extent.frame[0] + 1 === image.sizes.t
  );
}

function fitsInside(set: TrackSetSummary, image: ImageDescription): boolean {
  if (set.imageSizes?.x !== undefined && set.imageSizes.y !== undefined)
    return set.imageSizes.x === image.sizes.x && set.imageSizes.y === image.sizes.y;
  const { mapping, isKnown } = mappingFor(set, image);
  // Half of the image or more must be used: otherwise every large film would fit.
  const box = isKnown ? extentInPixels(set, mapping) : undefined;
  if (!box) return false;
  return (['x', 'y'] as const).every(
    (axis) => box[axis][0] >= -0.5 && box[axis][1] <= image.sizes[axis] - 0.5 && box[axis][1] > image.sizes[axis] / 2,
  );
}

/**
 * The mapping from a set's coordinates to an image's pixels, as far as units and pixel sizes say.
 * @returns `isKnown` is false where the unit or the pixel size is missing; the scale is then 1 and must be asked for, never guessed
 */
export function mappingFor(
  set: TrackSetSummary,
  image: ImageDescription,
): { mapping: CoordinateMapping; isKnown: boolean } {
  const scale = { x: 1, y: 1, z: 1 };
  let isKnown = set.spaceUnit !== undefined;
  for (const axis of ['x', 'y', 'z'] as const) {
    const found =
      set.spaceUnit === undefined
        ? undefined
        : pixelsPerUnit(set.spaceUnit, set.pixelSize?.[axis], image.voxelSize?.[axis]);
    if (found !== undefined) scale[axis] = found;
    else if (axis !== 'z' || (set.hasZ && image.sizes.z > 1)) isKnown = false;
  }
  const mapping: CoordinateMapping = {
    axes: { x: 'x', y: 'y', z: 'z' },
    scale,
    offset: { x: 0, y: 0, z: 0 },
    firstFrame: 0,
    firstSlice: 0,
    ...(image.sizes.c === 1 ? { channel: 0 } : {}),
  };
  return { mapping, isKnown };
}

/** What the tracker itself used comes first: its coordinates were made with it, whatever the image says now. */
function pixelsPerUnit(
  unit: SpaceUnit,
  trackerPixel: number | undefined,
  voxel: Quantity | undefined,
): number | undefined {
  if (unit === 'pixel') return 1;
  if (trackerPixel !== undefined && trackerPixel > 0) return 1 / trackerPixel;
  const imageUnit = voxel && parseSpaceUnit(voxel.unit);
  if (!voxel || !imageUnit || imageUnit === 'pixel' || !(voxel.value > 0)) return undefined;
  return micrometersPer[unit] / (voxel.value * micrometersPer[imageUnit]);
}

/** Pixel position of an object: index along the image's axes, from the centre of the first pixel. */
export function toPixels(
  mapping: CoordinateMapping,
  position: { x: number; y: number; z?: number },
): { x: number; y: number; z: number } {
  const pixels = { x: 0, y: 0, z: 0 };
  for (const axis of ['x', 'y', 'z'] as const) {
    const value = axis === 'z' ? (position.z ?? mapping.offset.z) : position[axis];
    pixels[mapping.axes[axis]] = (value - mapping.offset[axis]) * mapping.scale[mapping.axes[axis]];
  }
  return { ...pixels, z: pixels.z + mapping.firstSlice };
}

/** The box of all objects, in pixels of the image; `undefined` where no object has a finite position. */
export function extentInPixels(
  set: TrackSetSummary,
  mapping: CoordinateMapping,
): Record<'x' | 'y' | 'z', [number, number]> | undefined {
  const { extent } = set;
  if (!extent) return undefined;
  const z = extent.z ?? [mapping.offset.z, mapping.offset.z];
  const low = toPixels(mapping, { x: extent.x[0], y: extent.y[0], z: z[0] });
  const high = toPixels(mapping, { x: extent.x[1], y: extent.y[1], z: z[1] });
  return { x: [low.x, high.x], y: [low.y, high.y], z: [low.z, high.z] };
}
