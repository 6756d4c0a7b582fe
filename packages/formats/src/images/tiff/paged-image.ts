import type { ImageDescription, PixelBlock, PlaneIndex } from '@micrarium/model';
import { type ImageLevel, type ImagePixels, type Region, PixelsUnreadable } from '../image-reader.ts';
import { bytesPerValue, pixelArray } from '../pixel-arrays.ts';
import type { TiffFile } from './directory.ts';
import { type TiffPage, colourSamples, readPage } from './page.ts';
import { readPageRegion } from './read-region.ts';

/** Where one plane lies: the directory of a file by its place in the chain. */
export interface PlaneSite {
  readonly file: TiffFile;
  readonly directory: number;
  /** Byte offset of the directory, where an index says it: the chain is then not walked. */
  readonly offset?: number;
  /** Only this sample of the page is the plane. */
  readonly sample?: number;
  /** Bytes behind the pixels the directory names. */
  readonly shift?: number;
  /** Which slice of a page that holds several. */
  readonly slice?: number;
}

/** What an image of TIFF pages is made of. */
export interface PagedImageParts {
  description: ImageDescription;
  /** Page of the first plane that is there; its tiling and pyramid stand for all. */
  first: { file: TiffFile; page: TiffPage };
  /** Site of a plane; `undefined` where it is missing (and was reported). */
  locate(plane: PlaneIndex): PlaneSite | undefined | Promise<PlaneSite | undefined>;
  /** Places in the chain of reduced images, where the pyramid is stored so. Else the sub-directories are its levels. */
  chainLevels?: readonly number[];
}

const maxPagesKept = 512;
const pages = new WeakMap<TiffFile, Map<number | string, TiffPage>>();

/**
 * The page at a place of the chain, or that whose directory lies at a byte offset; parsed once, the last 512 of a file are
 * kept. A text says why there is none.
 */
export async function pageAt(file: TiffFile, place: number | { readonly offset: number }): Promise<TiffPage | string> {
  let kept = pages.get(file);
  if (!kept) pages.set(file, (kept = new Map()));
  const isInChain = typeof place === 'number';
  const key = isInChain ? place : `at ${place.offset}`;
  const known = kept.get(key);
  if (known) return known;
  const words = isInChain ? `page ${place + 1}` : `page at offset ${place.offset}`;
  const directory = await (isInChain ? file.directory(place) : file.directoryAt(place.offset));
  if (!directory) return `the file has no ${words}`;
  const page = await readPage(file, directory);
  if (typeof page === 'string') return `${words} cannot be used: ${page}`;
  kept.set(key, page);
  if (kept.size > maxPagesKept) kept.delete(kept.keys().next().value ?? -1);
  return page;
}

/** Tile size to read in: the file's tiles, or as many whole rows as are quick to fetch. */
function tiling(page: TiffPage): Pick<ImageLevel, 'tileWidth' | 'tileHeight' | 'tileDepth'> {
  const deep = page.tileDepth > 1 && page.compression !== 1 ? { tileDepth: page.tileDepth } : {};
  if (page.tiled) return { tileWidth: page.tileWidth, tileHeight: page.tileHeight, ...deep };
  if (page.compression !== 1) return { tileWidth: page.width, tileHeight: Math.min(page.height, page.tileHeight) };
  const rowBytes = Math.ceil((page.width * page.samples * page.bits) / 8);
  return { tileWidth: page.width, tileHeight: Math.min(page.height, Math.max(1, Math.floor((4 << 20) / rowBytes))) };
}

/** Bytes of the pixels of an uncompressed page in strips, all its slices. */
export function bytesOfPage(page: TiffPage): number {
  return page.depth * page.height * Math.ceil((page.width * page.samples * page.bits) / 8);
}

/** Makes an image of pages; looks at the pyramid of its first page. */
export async function pagedImage(parts: PagedImageParts): Promise<ImagePixels> {
  const { description, first } = parts;
  const depth = description.sizes.z;
  const levels: ImageLevel[] = [{ width: first.page.width, height: first.page.height, depth, ...tiling(first.page) }];
  for (let level = 1; level < 32; level++) {
    const page = await levelPage(first.file, first.page, level, parts.chainLevels);
    const above = levels.at(-1)!;
    // Levels shrink and keep the kind of pixel; anything else in the sub-directories is something else.
    if (!page || page.width > above.width || page.height > above.height || page.samples !== first.page.samples) break;
    if (page.type !== first.page.type || page.depth !== first.page.depth) break;
    if (page.width === above.width && page.height === above.height) break;
    levels.push({ width: page.width, height: page.height, depth, ...tiling(page) });
  }
  return {
    description,
    levels,
    givesBlocksAway: true,
    readRegion: (plane, region, level = 0, signal) => readPlane(parts, levels, plane, region, level, signal),
  };
}

/**
 * Is a page a smaller copy of a tiled one, by its tiles, its kind of pixel and the ratio of its sides? Slide scanners do
 * not mark their levels.
 */
export function isLevelOf(full: TiffPage | undefined, page: TiffPage): boolean {
  if (!full?.tiled || !page.tiled || full.reduced || page.samples !== full.samples || page.type !== full.type)
    return false;
  const [across, down] = [page.width / full.width, page.height / full.height];
  return across <= 0.75 && Math.abs(across - down) <= 0.01 * across + 2 / full.height;
}

async function levelPage(
  file: TiffFile,
  page: TiffPage,
  level: number,
  chainLevels: readonly number[] | undefined,
): Promise<TiffPage | undefined> {
  if (chainLevels) {
    const index = chainLevels[level - 1];
    const found = index === undefined ? undefined : await pageAt(file, index);
    return typeof found === 'string' ? undefined : found;
  }
  const [offset] = await file.numbers(page.subDirectories, level - 1, 1);
  const directory = offset === undefined ? undefined : await file.directoryAt(offset);
  const found = directory && (await readPage(file, directory));
  return typeof found === 'string' ? undefined : found;
}

async function readPlane(
  parts: PagedImageParts,
  levels: readonly ImageLevel[],
  plane: PlaneIndex,
  wanted: Region | undefined,
  level: number,
  signal?: AbortSignal,
): Promise<PixelBlock> {
  const { description, first } = parts;
  const size = levels[level];
  if (!size) throw new RangeError(`the image has ${levels.length} levels, level ${level} was asked for`);
  for (const axis of ['t', 'c', 'z'] as const)
    if (!(Number.isInteger(plane[axis]) && plane[axis] >= 0 && plane[axis] < description.sizes[axis]))
      throw new RangeError(`plane ${axis} ${plane[axis]} is not among ${description.sizes[axis]}`);
  const region = wanted ?? { x: 0, y: 0, width: size.width, height: size.height };
  const site = await parts.locate(plane);
  if (!site) return emptyBlock(description, region);
  const full = await pageAt(site.file, site.offset === undefined ? site.directory : { offset: site.offset });
  const page =
    typeof full === 'string' || level === 0 ? full : await levelPage(site.file, full, level, parts.chainLevels);
  if (page === undefined) throw new PixelsUnreadable(`${site.file.source.name}: this plane has no level ${level}`);
  if (typeof page === 'string') throw new PixelsUnreadable(`${site.file.source.name}: ${page}`);
  if (page.width !== size.width || page.height !== size.height || page.type !== first.page.type)
    throw new PixelsUnreadable(
      `${site.file.source.name}: page ${site.directory + 1} is ${page.width} x ${page.height} ${page.type ?? ''}, the image ${size.width} x ${size.height} ${first.page.type ?? ''}`,
    );
  return readPageRegion(
    site.file,
    page,
    {
      region,
      ...(site.sample === undefined ? {} : { sample: site.sample }),
      ...(site.shift === undefined ? {} : { shift: site.shift }),
      ...(site.slice === undefined ? {} : { slice: site.slice }),
    },
    signal,
  );
}

/**
 * Zeroes in place of a plane that is missing.
 * @throws PixelsUnreadable where the image is of complex numbers, or the region too large
 */
export function emptyBlock(description: ImageDescription, region: Region): PixelBlock {
  const { width, height } = region;
  checkSize(description, region);
  if (description.type.startsWith('complex')) throw new PixelsUnreadable('the pixels are complex numbers');
  const samples = description.samples ?? 1;
  const data = pixelArray(description.type, width * height * samples);
  return { width, height, samples, type: description.type, data };
}

/**
 * A block around values that are read for it; nothing is read where it would be too large.
 * @throws PixelsUnreadable where the region has over 2^30 bytes
 */
export async function blockOf(
  description: ImageDescription,
  region: Region,
  read: () => Promise<PixelBlock['data']>,
): Promise<PixelBlock> {
  const { width, height } = region;
  checkSize(description, region);
  return { width, height, samples: description.samples ?? 1, type: description.type, data: await read() };
}

function checkSize({ type, samples = 1 }: ImageDescription, { width, height }: Region): void {
  if (width * height * samples * bytesPerValue(type) > 2 ** 30)
    throw new PixelsUnreadable(`a region of ${width} x ${height} pixels is too large to be read at once`);
}

/** How samples of a page become colour or channels. */
export function samplesOfPage(page: TiffPage): { colour: number; channels: number } {
  const colour = colourSamples(page);
  return { colour, channels: page.samples / colour };
}
