import type { ImagePixels } from '@micrarium/formats';
import type { ImageDescription, StudyItem, StudyVersion } from '@micrarium/model';
import { openStoredImage } from './open-forms.ts';
import type { StoredFile } from './recognise.ts';
import type { CocoRequest } from './training-exports.ts';

/** Words in a path that make an image one of labels, and those that only say that it is none. */
const maskWords = /^(masks?|labels?|seg(mentations?)?|annot(ations?)?|truth|ground ?truth|gt|instances?)$/;
const imageWords = /^(images?|img|imgs|raw|films?|inputs?|pictures?)$/;

const wordsOf = (path: string) =>
  path
    .toLowerCase()
    .replace(/(\.ome)?\.[a-z0-9]+$/, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

const hasMaskWord = (path: string) => wordsOf(path).some((word) => maskWords.test(word));
/** What is left of a path without the words that tell image and labels apart. */
const rest = (path: string) =>
  wordsOf(path)
    .filter((word) => !maskWords.test(word) && !imageWords.test(word))
    .join(' ');
const nameIn = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** One image of whole numbers in one channel, whose path says that they are labels. */
export function isLabelImage({ path, images }: Pick<StudyItem, 'path' | 'images'>): boolean {
  const [image] = images;
  return images.length === 1 && /^uint(8|16|32)$/.test(image!.type) && image!.sizes.c === 1 && hasMaskWord(path);
}

const sameSize = ({ sizes: a }: ImageDescription, { sizes: b }: ImageDescription) =>
  (['t', 'z', 'y', 'x'] as const).every((axis) => a[axis] === b[axis]);

/**
 * The label image deposited beside an image (`cell_1.tif` and `cell_1_mask.tif`, `images/001.tif` and `masks/001.tif`): of its size, and of
 * its path but for the words that tell them apart, else of its file name alone. `undefined` where there is none, or more than one.
 */
export function labelImageOf(
  { items }: Pick<StudyVersion, 'items'>,
  item: StudyItem,
  image: number,
): StudyItem | undefined {
  const description = item.images[image];
  if (!description || item.images.length > 1 || isLabelImage(item)) return undefined;
  const masks = items.filter((one) => isLabelImage(one) && sameSize(one.images[0]!, description));
  for (const part of [(path: string) => path, nameIn]) {
    const wanted = rest(part(item.path));
    const found = masks.filter(({ path }) => rest(part(path)) === wanted);
    // Another image with an equal claim makes it a guess.
    const rivals = items.filter(
      (one) => !isLabelImage(one) && one.images.length === 1 && rest(part(one.path)) === wanted,
    );
    if (found.length === 1 && rivals.length === 1) return found[0];
  }
  return undefined;
}

/** Deposited label images of a data set's images. */
export function maskedImages(
  version: Pick<StudyVersion, 'items' | 'datasets'>,
  dataset: string,
): { item: StudyItem; mask: StudyItem }[] {
  const ids = version.datasets.find(({ id }) => id === dataset)?.imageItems ?? [];
  return version.items.flatMap((item) => {
    const mask = ids.includes(item.id) ? labelImageOf(version, item, 0) : undefined;
    return mask ? [{ item, mask }] : [];
  });
}

/** Opens the stored form of a label image. @throws FormNotMade */
export async function openMask(
  ports: Parameters<typeof openStoredImage>[0],
  mask: StudyItem,
  files: readonly StoredFile[],
): Promise<{ image: ImagePixels; close(): Promise<void> }> {
  const opened = await openStoredImage(ports, mask, [...files], 0);
  const { image } = opened;
  return {
    // Coarser levels are thinned from the full size: values between two labels would be a third.
    image: {
      description: image.description,
      levels: image.levels.slice(0, 1),
      readRegion: (plane, region, _level, signal) => image.readRegion(plane, region, 0, signal),
    },
    close: opened.close,
  };
}

/** Most planes of label images in one COCO document. */
const mostPlanes = 5000;

/** An image of a COCO document with its labels. */
export interface MaskedImage {
  /** Path of the image in its study. */
  path: string;
  description: Pick<ImageDescription, 'sizes'>;
  /** Labels of a frame: rows after one another. */
  labels(frame: number): Promise<ArrayLike<number>>;
}

/**
 * COCO JSON of label images, in pieces: an image for each plane, an annotation for each label with its box, its area in pixels, and its
 * pixels as run lengths (column after column, as COCO counts them). Of images without depth.
 */
export async function* cocoOfMasks(
  images: readonly MaskedImage[],
  { page, licence, task }: Pick<CocoRequest, 'page' | 'licence' | 'task'>,
): AsyncGenerator<string> {
  const planes = images.flatMap((one) =>
    Array.from({ length: one.description.sizes.z === 1 ? one.description.sizes.t : 0 }, (_, frame) => ({ one, frame })),
  );
  const head = {
    info: { description: 'Label images', url: page, task },
    licenses: [{ id: 1, name: licence.name, url: licence.url }],
    categories: [{ id: 1, name: 'object', supercategory: 'object' }],
    images: planes.slice(0, mostPlanes).map(({ one, frame }, at) => ({
      id: at + 1,
      width: one.description.sizes.x,
      height: one.description.sizes.y,
      license: 1,
      file_name: one.path,
      frame,
    })),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"annotations":[`;
  let id = 0;
  for (const [at, { one, frame }] of planes.slice(0, mostPlanes).entries()) {
    const { x: width, y: height } = one.description.sizes;
    const found = labelShapes(await one.labels(frame), width, height);
    const lines = found.map((shape) => {
      const comma = id > 0 ? ',' : '';
      return `${comma}\n${JSON.stringify({ id: ++id, image_id: at + 1, category_id: 1, iscrowd: 0, ...shape })}`;
    });
    yield lines.join('');
  }
  yield '\n]}\n';
}

/** Box, area and run lengths of each label of a plane. */
export function labelShapes(
  pixels: ArrayLike<number>,
  width: number,
  height: number,
): { label: number; bbox: number[]; area: number; segmentation: { size: number[]; counts: number[] } }[] {
  interface Shape {
    left: number;
    top: number;
    right: number;
    bottom: number;
    area: number;
    counts: number[];
    /** Pixel after the last run, column after column. */
    end: number;
  }
  const shapes = new Map<number, Shape>();
  for (let x = 0; x < width; x++)
    for (let y = 0; y < height; y++) {
      const label = pixels[y * width + x]!;
      if (label === 0) continue;
      const at = x * height + y;
      const known = shapes.get(label);
      const shape = known ?? { left: x, top: y, right: x, bottom: y, area: 0, counts: [], end: 0 };
      if (!known) shapes.set(label, shape);
      // A run goes on, or one of background and a new one are noted.
      if (shape.counts.length > 0 && shape.end === at) shape.counts[shape.counts.length - 1]!++;
      else shape.counts.push(at - shape.end, 1);
      shape.end = at + 1;
      shape.area++;
      shape.right = x;
      shape.top = Math.min(shape.top, y);
      shape.bottom = Math.max(shape.bottom, y);
    }
  return [...shapes]
    .sort(([a], [b]) => a - b)
    .map(([label, { left, top, right, bottom, area, counts, end }]) => ({
      label,
      bbox: [left, top, right - left + 1, bottom - top + 1],
      area,
      segmentation: {
        size: [height, width],
        counts: end < width * height ? [...counts, width * height - end] : counts,
      },
    }));
}
