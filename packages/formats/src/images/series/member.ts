import type { ByteSource } from '../../bytes/byte-source.ts';
import type { FileEntry } from '../../bytes/file-tree.ts';
import type { ImagePixels } from '../image-reader.ts';
import { readPng } from '../png/png-file.ts';
import { openPng } from '../png/reader.ts';
import { classifyTiff } from '../tiff/classify.ts';
import { openImagejTiff } from '../tiff/open-imagej.ts';
import { openPlainTiff } from '../tiff/open-plain.ts';

/**
 * Opens a file that holds exactly one plane: a plain or ImageJ TIFF, or a PNG. `undefined` where it holds more, is
 * something else, or cannot be read.
 */
export async function openPlane(source: ByteSource, path: string): Promise<ImagePixels | undefined> {
  const kind = await classifyTiff(source);
  if (kind === 'broken') return undefined;
  if (!kind) {
    const png = await readPng(source);
    return png && openPng(png, source, path).image;
  }
  if (kind.id !== 'tiff' && kind.id !== 'imagej-tiff') return undefined;
  // A second page that is a plane shows before all pages are looked at.
  const { images } = await (kind.id === 'tiff' ? openPlainTiff(kind.file, path) : openImagejTiff(kind, path));
  const [image] = images;
  if (!image || images.length > 1) return undefined;
  const { t, c, z } = image.description.sizes;
  return t * c * z === 1 ? image : undefined;
}

/** Are two planes of one size and type? */
export function isSamePlane(a: ImagePixels, b: ImagePixels): boolean {
  const { sizes, type, samples } = a.description;
  const other = b.description;
  return sizes.x === other.sizes.x && sizes.y === other.sizes.y && type === other.type && samples === other.samples;
}

/** The number of files whose bytes are looked at to tell a series: the first, a middle one and the last. */
export function samplesOfSeries<T>(members: readonly T[]): T[] {
  return [...new Set([0, members.length >> 1, members.length - 1])].map((index) => members[index]!);
}

/** Opens an entry's plane for a look, and closes the file again. */
export async function lookAtPlane(entry: FileEntry): Promise<ImagePixels | undefined> {
  try {
    return await openPlane(await entry.open(), entry.path);
  } finally {
    await entry.close?.();
  }
}
