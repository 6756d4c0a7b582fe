import {
  drawObjectLabels,
  findItems,
  type ImagePixels,
  type LabelFilm,
  type LabelImage,
  openLabelFilm,
  PixelsUnreadable,
} from '@micrarium/formats';
import type { CoordinateMapping, ImageDescription, Pair, PixelBlock, StudyItem } from '@micrarium/model';
import { classColumnOf } from './class-column.ts';
import { type FormPorts, readStoredSet } from './open-forms.ts';
import { type StoredFile, treeOfBlobs } from './recognise.ts';

/** Labels of an image of a training set, and what is told of them. */
export interface TrainingLabels {
  label: LabelImage;
  /** How a value names its object. */
  values: string;
  source: 'label images as deposited' | 'drawn from positions, radii and outlines';
  item: string;
  part: number;
  objects: number;
  /** Frames whose label image could not be read: they are left empty. Filled while the labels are written. */
  unreadable: number[];
  close(): Promise<void>;
}

/** Most voxels of a frame whose label image is read as a whole. */
const mostVoxels = 2 ** 26;

/** What labels are made of. */
export interface LabelsToMake {
  pair: Pair;
  /** The item the pair's objects lie in, and its files. */
  tracks: StudyItem;
  files: readonly StoredFile[];
  image: ImageDescription;
  name: string;
}

/**
 * The labels of one pair: the deposited label images of the Cell Tracking Challenge where it has them, else its objects as
 * they are drawn.
 * @throws FormNotMade where the stored tables were dropped
 */
export async function trainingLabels(
  ports: FormPorts,
  made: LabelsToMake,
  signal?: AbortSignal,
): Promise<TrainingLabels> {
  const { pair, tracks, image, name } = made;
  const objects = tracks.trackSets.find(({ part }) => part === pair.part)?.counts.objects ?? 0;
  const about = { item: tracks.id, part: pair.part, objects, unreadable: [] as number[] };
  if (tracks.format === 'ctc') {
    const film = await depositedLabels(ports, made, about.unreadable, signal);
    if (film) return { ...about, values: 'label', source: 'label images as deposited', ...film };
  }
  const set = await readStoredSet(ports, tracks, pair.part, signal);
  const summary = tracks.trackSets.find(({ part }) => part === pair.part);
  const named = summary && classColumnOf(summary.columns);
  const classes = set.objects.columns.find((column) => column.name === named);
  const drawn = drawObjectLabels({ objects: set.objects, mapping: pair.mapping, image, name, classes });
  const source = 'drawn from positions, radii and outlines';
  return { ...about, ...drawn, source, close: () => Promise.resolve() };
}

/** Label images as they were deposited; `undefined` where there are none, or none of the size of the image. */
async function depositedLabels(
  { blobs }: FormPorts,
  { pair, image, name, files }: LabelsToMake,
  unreadable: number[],
  signal?: AbortSignal,
): Promise<Pick<TrainingLabels, 'label' | 'close'> | undefined> {
  const { z, y, x } = image.sizes;
  if (!isPixelForPixel(pair.mapping) || z * y * x > mostVoxels) return undefined;
  const tree = treeOfBlobs(blobs, files);
  const close = async () => {
    for (const entry of tree.entries) await entry.close?.();
  };
  try {
    const item = (await findItems(tree)).find(({ format }) => format === 'ctc');
    const film = item && (await openLabelFilm(item, signal));
    const [first] = film?.frames ?? [];
    const shape = film && first !== undefined ? (await film.labels(first, signal)).shape : undefined;
    if (film && shape?.join() === [z, y, x].join()) {
      const pixels = labelFilmPixels(film, image, name, pair.mapping.firstFrame, unreadable);
      return { label: { name, image: pixels, colors: [], properties: [] }, close };
    }
  } catch (fault) {
    if (!(fault instanceof PixelsUnreadable)) {
      await close();
      throw fault;
    }
  }
  await close();
  return undefined;
}

function isPixelForPixel({ axes, scale, offset, firstSlice }: CoordinateMapping): boolean {
  return (
    firstSlice === 0 &&
    (['x', 'y', 'z'] as const).every(
      (axis) => axes[axis] === axis && Math.abs(scale[axis] - 1) < 1e-6 && offset[axis] === 0,
    )
  );
}

/** Label images of a film as the pixels of one image; frames without one are empty. The last frame read is kept. */
function labelFilmPixels(
  film: Pick<LabelFilm, 'frames' | 'labels'>,
  image: ImageDescription,
  name: string,
  firstFrame: number,
  unreadable: number[],
): ImagePixels {
  const { t, z, y, x } = image.sizes;
  const there = new Set(film.frames);
  let kept: { frame: number; pixels: ArrayLike<number> | undefined } | undefined;
  const frameOf = async (frame: number, signal?: AbortSignal) => {
    if (kept?.frame === frame) return kept.pixels;
    const pixels = there.has(frame) ? await readFrame(frame, signal) : undefined;
    kept = { frame, pixels };
    return pixels;
  };
  const readFrame = async (frame: number, signal?: AbortSignal) => {
    try {
      const { pixels, shape } = await film.labels(frame, signal);
      if (shape.join() === [z, y, x].join()) return pixels;
    } catch (fault) {
      signal?.throwIfAborted();
      if (!(fault instanceof PixelsUnreadable || fault instanceof RangeError)) throw fault;
    }
    unreadable.push(frame + firstFrame);
    return undefined;
  };
  return {
    description: {
      name,
      sizes: { t, c: 1, z, y, x },
      type: 'uint32',
      ...(image.voxelSize ? { voxelSize: image.voxelSize } : {}),
      ...(image.timeStep ? { timeStep: image.timeStep } : {}),
      channels: [],
    },
    levels: [{ width: x, height: y, depth: z, tileWidth: x, tileHeight: y }],
    async readRegion(plane, region = { x: 0, y: 0, width: x, height: y }, _level, signal): Promise<PixelBlock> {
      const { width, height } = region;
      const data = new Uint32Array(width * height);
      const pixels = await frameOf(plane.t - firstFrame, signal);
      for (let row = 0; pixels && row < height; row++) {
        const start = (plane.z * y + region.y + row) * x + region.x;
        for (let at = 0; at < width; at++) data[row * width + at] = pixels[start + at]!;
      }
      return { width, height, samples: 1, type: 'uint32', data };
    },
  };
}
