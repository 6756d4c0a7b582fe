import type { ImageDescription, PixelBlock } from '@micrarium/model';
import type { FileSinkWriter } from '../../tracks/track-reader.ts';
import { asBytes, bytesPerValue } from '../pixel-arrays.ts';
import { type PlaneValues, halveBand, valuesLike } from '../pyramid/downsample.ts';
import { isMachineLittleEndian, swapBytes } from './codecs.ts';
import { type FieldToWrite, aligned, directorySize, encodeDirectory } from './encode-directory.ts';
import { tag } from './tags.ts';
import { checkPlane, pageFields } from './write-blocks.ts';

/** Tiles are squares of this side. */
const tileSide = 512;
/** Planes with a longer side get smaller levels, halved until both sides are at most this long. */
const smallEnough = 512;

/** Does a plane of this image get smaller levels? */
export function hasPyramid({ sizes }: ImageDescription): boolean {
  return Math.max(sizes.x, sizes.y) > 2 * smallEnough;
}

/** How a page is written. */
export interface PyramidPage {
  /** Where it begins in the file. */
  at: number;
  big: boolean;
  isLast: boolean;
  /** Fields besides those every page has. */
  own: readonly FieldToWrite[];
  /** Pack tiles with deflate? */
  deflate: boolean;
}

interface Level {
  fields: FieldToWrite[];
  tiles: Uint8Array[];
}

/**
 * Writes a plane in tiles, with its smaller levels as sub-directories (means of 2 x 2 pixels); answers where it ends.
 * One plane, its levels and their packed tiles are in memory.
 */
export async function writePyramidPage(
  writer: FileSinkWriter,
  description: ImageDescription,
  block: PixelBlock,
  { at, big, isLast, own, deflate }: PyramidPage,
): Promise<number> {
  checkPlane(description, block);
  const levels = await levelsOf(description, block, big, deflate);
  const wide = big ? 16 : 4;
  const sub: FieldToWrite = { tag: tag.subIfds, type: wide, values: levels.slice(1).map(() => 0) };
  const fieldsAt = (n: number): FieldToWrite[] => [...levels[n]!.fields, ...(n === 0 ? [...own, sub] : [])];
  // Every level: its directory, then its tiles.
  const starts: number[] = [];
  let end = at;
  for (const [n, { tiles }] of levels.entries()) {
    starts.push(end);
    end = aligned(end + directorySize(fieldsAt(n), big) + tiles.reduce((sum, tile) => sum + tile.length, 0));
  }
  for (const [n, { tiles }] of levels.entries()) {
    let place = starts[n]! + directorySize(fieldsAt(n), big);
    const offsets: number[] = [];
    for (const tile of tiles) {
      offsets.push(place);
      place += tile.length;
    }
    const fields = fieldsAt(n).map((field) => {
      if (field.tag === tag.tileOffsets) return { ...field, values: offsets };
      return field === sub ? { ...sub, values: starts.slice(1) } : field;
    });
    const next = n === 0 && !isLast ? end : 0;
    await writer.write(encodeDirectory(fields, starts[n]!, next, big));
    for (const tile of tiles) await writer.write(tile);
    const padding = (starts[n + 1] ?? end) - place;
    if (padding > 0) await writer.write(new Uint8Array(padding));
  }
  return end;
}

async function levelsOf(
  description: ImageDescription,
  block: PixelBlock,
  big: boolean,
  deflate: boolean,
): Promise<Level[]> {
  const levels: Level[] = [];
  for (let { width, height, data } = block; ; ) {
    const tiles = await tilesOf(data, width, height, block.samples, bytesPerValue(block.type), deflate);
    levels.push({ fields: levelFields(description, width, height, tiles, big, deflate, levels.length > 0), tiles });
    if (Math.max(width, height) <= smallEnough) return levels;
    data = halve(data, width, height, block.samples);
    [width, height] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  }
}

function levelFields(
  description: ImageDescription,
  width: number,
  height: number,
  tiles: readonly Uint8Array[],
  big: boolean,
  deflate: boolean,
  reduced: boolean,
): FieldToWrite[] {
  const sizes = { ...description.sizes, x: width, y: height };
  const strips: readonly number[] = [tag.stripOffsets, tag.rowsPerStrip, tag.stripByteCounts];
  const wide = big ? 16 : 4;
  const fields = pageFields({ ...description, sizes }, 0, big)
    .filter((field) => !strips.includes(field.tag))
    .map((field): FieldToWrite => {
      if (field.tag === tag.newSubfileType) return { ...field, values: [Number(reduced)] };
      return field.tag === tag.compression ? { ...field, values: [deflate ? 8 : 1] } : field;
    });
  return [
    ...fields,
    { tag: tag.tileWidth, type: 3, values: [tileSide] },
    { tag: tag.tileLength, type: 3, values: [tileSide] },
    { tag: tag.tileOffsets, type: wide, values: tiles.map(() => 0) },
    { tag: tag.tileByteCounts, type: wide, values: tiles.map((tile) => tile.length) },
  ];
}

/** Cuts a plane into whole tiles, little endian; what lies past its edges is 0. */
async function tilesOf(
  data: PlaneValues,
  width: number,
  height: number,
  samples: number,
  size: number,
  deflate: boolean,
): Promise<Uint8Array[]> {
  const bytes = asBytes(data);
  const pixel = samples * size;
  const tiles: Uint8Array[] = [];
  for (let top = 0; top < height; top += tileSide)
    for (let left = 0; left < width; left += tileSide) {
      const tile = new Uint8Array(tileSide * tileSide * pixel);
      const across = Math.min(tileSide, width - left);
      for (let y = 0; y < Math.min(tileSide, height - top); y++) {
        const from = ((top + y) * width + left) * pixel;
        tile.set(bytes.subarray(from, from + across * pixel), y * tileSide * pixel);
      }
      if (!isMachineLittleEndian && size > 1) swapBytes(tile, size);
      tiles.push(deflate ? await deflated(tile) : tile);
    }
  return tiles;
}

async function deflated(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Halves a plane; samples of a pixel are averaged each by itself. */
function halve(data: PlaneValues, width: number, height: number, samples: number): PlaneValues {
  if (samples === 1) return halveBand(data, width, height, 'mean');
  const pixels = width * height;
  const out = valuesLike(data, Math.ceil(width / 2) * Math.ceil(height / 2) * samples) as Uint8Array;
  for (let sample = 0; sample < samples; sample++) {
    const band = valuesLike(data, pixels) as Uint8Array;
    for (let n = 0; n < pixels; n++) band[n] = (data as Uint8Array)[n * samples + sample]!;
    const half = halveBand(band, width, height, 'mean') as Uint8Array;
    for (let n = 0; n < half.length; n++) out[n * samples + sample] = half[n]!;
  }
  return out;
}
