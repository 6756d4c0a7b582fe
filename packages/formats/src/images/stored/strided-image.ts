import type { ImageDescription, PixelBlock, PlaneIndex } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { type ImageLevel, type ImagePixels, type Region, PixelsUnreadable } from '../image-reader.ts';
import { type PixelArray, asBytes, asPixels, bytesPerValue } from '../pixel-arrays.ts';
import { isMachineLittleEndian, swapBytes } from '../tiff/codecs.ts';
import { blockOf, emptyBlock } from '../tiff/paged-image.ts';

/** Where the pixels of one plane lie in a file; all numbers in bytes. */
export interface PlaneLayout {
  /** Of the pixel at x 0, y 0. */
  offset: number;
  /** From one pixel to the next in x. */
  xStride: number;
  /** From one row to the next. */
  yStride: number;
}

/** An image whose planes lie uncompressed in a file, at regular distances. */
export interface StridedParts {
  description: ImageDescription;
  source: ByteSource;
  littleEndian: boolean;
  /** `undefined` where the plane is missing (and was reported). */
  locate(plane: PlaneIndex): PlaneLayout | undefined | Promise<PlaneLayout | undefined>;
  /** Bytes of a stored value, where they are not those of the type, and how they become values. */
  stored?: { bytes: number; decode(bytes: Uint8Array): PixelArray };
}

/** Bytes read at once at most. */
const windowBytes = 16 << 20;

/** Makes an image of planes that lie uncompressed in a file. Reads no more than the rows of a region, 16 MiB at a time. */
export function stridedImage(parts: StridedParts): ImagePixels {
  const { description } = parts;
  return {
    description,
    levels: [singleLevel(description)],
    givesBlocksAway: true,
    async readRegion(plane, wanted, level = 0, signal) {
      const region = checkedRegion(description, plane, wanted, level);
      const layout = await parts.locate(plane);
      if (!layout) return emptyBlock(description, region);
      return blockOf(description, region, () => readStrided(parts, layout, region, signal));
    },
  };
}

/** The one level of an image without a pyramid, read in whole rows of some megabytes. */
export function singleLevel({ sizes, type, samples = 1 }: ImageDescription): ImageLevel {
  const rowBytes = sizes.x * samples * bytesPerValue(type);
  const tileHeight = Math.min(sizes.y, Math.max(1, Math.floor((4 << 20) / rowBytes)));
  return { width: sizes.x, height: sizes.y, depth: sizes.z, tileWidth: sizes.x, tileHeight };
}

/**
 * The region that is meant: the whole plane where none is given.
 * @throws RangeError where plane, region or level are not in the image
 */
export function checkedRegion(
  { sizes }: ImageDescription,
  plane: PlaneIndex,
  wanted: Region | undefined,
  level: number,
  size: { width: number; height: number } = { width: sizes.x, height: sizes.y },
  levels = 1,
): Region {
  if (!(Number.isInteger(level) && level >= 0 && level < levels))
    throw new RangeError(`the image has ${levels} levels, level ${level} was asked for`);
  const indices = { ...plane.other, t: plane.t, c: plane.c, z: plane.z };
  for (const [axis, index] of Object.entries(indices))
    if (!(Number.isInteger(index) && index >= 0 && index < (sizes[axis] ?? 0)))
      throw new RangeError(`plane ${axis} ${index} is not among ${sizes[axis] ?? 0}`);
  const { x, y, width, height } = wanted ?? { x: 0, y: 0, ...size };
  const isWhole = [x, y, width, height].every(Number.isInteger);
  if (!isWhole || x < 0 || y < 0 || width < 1 || height < 1 || x + width > size.width || y + height > size.height)
    throw new RangeError(`region ${x},${y} ${width}x${height} is not inside ${size.width}x${size.height}`);
  return { x, y, width, height };
}

/** Pixels of a region by the strides of its plane, in the machine's byte order. */
export async function readStrided(
  parts: Pick<StridedParts, 'description' | 'source' | 'littleEndian' | 'stored'>,
  layout: PlaneLayout,
  region: Region,
  signal?: AbortSignal,
): Promise<PixelArray> {
  const { description, source, littleEndian, stored } = parts;
  const size = stored?.bytes ?? bytesPerValue(description.type);
  const pixel = size * (description.samples ?? 1);
  const valuesOf = (bytes: Uint8Array): PixelArray => {
    if (littleEndian !== isMachineLittleEndian && size > 1) swapBytes(bytes, size);
    return stored ? stored.decode(bytes) : asPixels(bytes, description.type);
  };
  const start = layout.offset + region.x * layout.xStride + region.y * layout.yStride;
  if (layout.xStride === pixel && (region.height === 1 || layout.yStride === pixel * region.width)) {
    // Rows without gaps: what is read is what is wanted.
    const length = region.width * region.height * pixel;
    const bytes = await source.read(start, length, signal);
    if (bytes.length < length) throw endsBefore(source);
    return valuesOf(bytes);
  }
  const out = new Uint8Array(region.width * region.height * pixel);
  // The axis whose pixels lie closer together is walked within a read, the other one by reads.
  const xIsFast = layout.xStride <= layout.yStride;
  const fast = xIsFast
    ? { count: region.width, stride: layout.xStride, to: pixel }
    : { count: region.height, stride: layout.yStride, to: pixel * region.width };
  const slow = xIsFast
    ? { count: region.height, stride: layout.yStride, to: pixel * region.width }
    : { count: region.width, stride: layout.xStride, to: pixel };
  const fastAtOnce = Math.min(fast.count, Math.floor((windowBytes - pixel) / Math.max(1, fast.stride)) + 1);
  for (let f = 0; f < fast.count; f += fastAtOnce) {
    const fastCount = Math.min(fastAtOnce, fast.count - f);
    const line = (fastCount - 1) * fast.stride + pixel;
    // Lines far apart are read one by one, so that little is fetched in vain.
    const atOnce =
      slow.stride > 4 * line + 65_536
        ? 1
        : Math.max(1, Math.floor((windowBytes - line) / Math.max(1, slow.stride)) + 1);
    for (let s = 0; s < slow.count; s += atOnce) {
      const slowCount = Math.min(atOnce, slow.count - s);
      const length = (slowCount - 1) * slow.stride + line;
      const bytes = await source.read(start + f * fast.stride + s * slow.stride, length, signal);
      if (bytes.length < length) throw endsBefore(source);
      for (let n = 0; n < slowCount; n++) {
        const to = f * fast.to + (s + n) * slow.to;
        copyLine(bytes, n * slow.stride, fast.stride, out, to, fast.to, fastCount, pixel);
      }
    }
  }
  return valuesOf(out);
}

function endsBefore({ name }: ByteSource): PixelsUnreadable {
  return new PixelsUnreadable(`${name}: the file ends before these pixels do`);
}

function copyLine(
  from: Uint8Array,
  fromAt: number,
  fromStride: number,
  to: Uint8Array,
  toAt: number,
  toStride: number,
  count: number,
  pixel: number,
): void {
  if (fromStride === pixel && toStride === pixel) {
    to.set(from.subarray(fromAt, fromAt + count * pixel), toAt);
    return;
  }
  if (pixel === 2 && (fromStride | toStride | (from.byteOffset + fromAt) | (to.byteOffset + toAt)) % 2 === 0) {
    // Interleaved channels of 16 bits, the commonest of these.
    const source = new Uint16Array(from.buffer, from.byteOffset + fromAt, ((count - 1) * fromStride) / 2 + 1);
    const target = new Uint16Array(to.buffer, to.byteOffset + toAt, ((count - 1) * toStride) / 2 + 1);
    const [step, toStep] = [fromStride / 2, toStride / 2];
    for (let n = 0; n < count; n++) target[n * toStep] = source[n * step]!;
    return;
  }
  for (let n = 0; n < count; n++)
    for (let byte = 0; byte < pixel; byte++) to[toAt + n * toStride + byte] = from[fromAt + n * fromStride + byte]!;
}

/** Copies what a tile and a region share from the tile into the block of the region. Both of the same type and samples. */
export function pasteTile(
  tile: { x: number; y: number; width: number; height: number; data: PixelArray },
  region: Region,
  block: PixelBlock,
): void {
  const size = bytesPerValue(block.type) * block.samples;
  const from = asBytes(tile.data);
  const to = asBytes(block.data);
  const left = Math.max(tile.x, region.x);
  const right = Math.min(tile.x + tile.width, region.x + region.width);
  const bottom = Math.min(tile.y + tile.height, region.y + region.height);
  if (right <= left) return;
  for (let y = Math.max(tile.y, region.y); y < bottom; y++) {
    const at = ((y - tile.y) * tile.width + left - tile.x) * size;
    to.set(from.subarray(at, at + (right - left) * size), ((y - region.y) * region.width + left - region.x) * size);
  }
}
