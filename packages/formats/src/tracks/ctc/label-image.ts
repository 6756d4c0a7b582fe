import type { PixelBlock } from '@micrarium/model';
import type { FileEntry } from '../../bytes/file-tree.ts';
import type { ImagePixels } from '../../images/image-reader.ts';
import { tiffReader } from '../../images/tiff/reader.ts';

/** One labelled thing in a label image. */
export interface Labelled {
  label: number;
  /** Centre of mass, in pixels and slices; the centre of the first pixel is 0. */
  x: number;
  y: number;
  z: number;
  /** Pixels (or voxels) that carry the label. */
  size: number;
}

/** Rows are read in bands of this many pixels, so that memory does not grow with the image. */
const bandPixels = 1 << 22;
/** Most labels of one image. */
const mostLabels = 2 ** 20;

/** Opens a label image; a text says why it cannot be read. */
export async function openLabelImage(entry: FileEntry): Promise<ImagePixels | string> {
  const item = {
    path: entry.path,
    files: [entry],
    tree: { name: '', entries: [entry] },
    format: 'tiff' as const,
    recognition: { score: 1, reason: 'label image' },
  };
  const { images, issues } = await tiffReader.open(item);
  const [image] = images;
  if (!image) return issues.find(({ severity }) => severity === 'error')?.message ?? 'it holds no image';
  return image.description.samples !== undefined && image.description.samples > 1
    ? 'it is a colour image, not a label image'
    : image;
}

/** Planes of a label image: every page is a slice, whatever the file calls it. */
export function sliceCount({ description: { sizes } }: ImagePixels): number {
  return sizes.t * sizes.c * sizes.z;
}

/**
 * Centre and size of every label but 0, sorted by label. A run of equal pixels is added at once.
 * @throws PixelsUnreadable where the pixels are damaged
 * @throws RangeError where the image has more than a million labels
 */
export async function measureLabels(image: ImagePixels, signal?: AbortSignal): Promise<Labelled[]> {
  const { sizes } = image.description;
  const sums = new Map<number, Labelled>();
  const rows = Math.max(1, Math.min(sizes.y, Math.floor(bandPixels / sizes.x)));
  let slice = 0;
  for (let t = 0; t < sizes.t; t++)
    for (let z = 0; z < sizes.z; z++)
      for (let c = 0; c < sizes.c; c++, slice++)
        for (let y = 0; y < sizes.y; y += rows) {
          signal?.throwIfAborted();
          const region = { x: 0, y, width: sizes.x, height: Math.min(rows, sizes.y - y) };
          addBlock(await image.readRegion({ t, c, z }, region, 0, signal), y, slice, sums);
        }
  for (const one of sums.values()) {
    one.x /= one.size;
    one.y /= one.size;
    one.z /= one.size;
  }
  return [...sums.values()].sort((a, b) => a.label - b.label);
}

function addBlock(block: PixelBlock, firstRow: number, slice: number, sums: Map<number, Labelled>): void {
  const { width, height } = block;
  // 64-bit labels come as big integers; as numbers they stay exact far beyond what any tracker writes.
  const data =
    block.data instanceof BigInt64Array || block.data instanceof BigUint64Array
      ? Float64Array.from(block.data, Number)
      : block.data;
  for (let y = 0; y < height; y++) {
    const end = (y + 1) * width;
    for (let at = y * width; at < end; ) {
      const label = data[at]!;
      const start = at;
      do at++;
      while (at < end && data[at] === label);
      if (!(label > 0)) continue;
      let sum = sums.get(label);
      if (!sum) {
        if (sums.size >= mostLabels) throw new RangeError(`more than ${mostLabels} labels in one image`);
        sums.set(label, (sum = { label, x: 0, y: 0, z: 0, size: 0 }));
      }
      const run = at - start;
      const first = start - y * width;
      sum.size += run;
      sum.x += run * (first + (run - 1) / 2);
      sum.y += run * (firstRow + y);
      sum.z += run * slice;
    }
  }
}
