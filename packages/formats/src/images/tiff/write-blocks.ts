import type { ImageDescription, PixelBlock, PixelType } from '@micrarium/model';
import type { FileSinkWriter } from '../../tracks/track-reader.ts';
import type { ImagePixels } from '../image-reader.ts';
import { asBytes, bytesPerValue } from '../pixel-arrays.ts';
import { isMachineLittleEndian, swapBytes } from './codecs.ts';
import type { FieldToWrite } from './encode-directory.ts';
import { tag } from './tags.ts';

/** Above this a classic TIFF cannot reach; some room is left for what lies behind the pixels. */
export const classicLimit = 2 ** 32 - 2 ** 20;

/** Bytes of one plane. */
export function planeBytes({ sizes, type, samples = 1 }: ImageDescription): number {
  return sizes.x * sizes.y * samples * bytesPerValue(type);
}

/** The fields every page has; offset and length of its one strip are numbers of the file. */
export function pageFields(description: ImageDescription, offset: number, big: boolean): FieldToWrite[] {
  const { sizes, type, samples = 1 } = description;
  const bits = bytesPerValue(type) * 8;
  const wide = big ? 16 : 4;
  return [
    { tag: tag.newSubfileType, type: 4, values: [0] },
    { tag: tag.imageWidth, type: 4, values: [sizes.x] },
    { tag: tag.imageLength, type: 4, values: [sizes.y] },
    { tag: tag.bitsPerSample, type: 3, values: Array.from({ length: samples }, () => bits) },
    { tag: tag.compression, type: 3, values: [1] },
    { tag: tag.photometric, type: 3, values: [samples >= 3 ? 2 : 1] },
    { tag: tag.stripOffsets, type: wide, values: [offset] },
    { tag: tag.samplesPerPixel, type: 3, values: [samples] },
    { tag: tag.rowsPerStrip, type: 4, values: [sizes.y] },
    { tag: tag.stripByteCounts, type: wide, values: [planeBytes(description)] },
    { tag: tag.planarConfiguration, type: 3, values: [1] },
    ...(samples === 2 || samples === 4 ? [{ tag: tag.extraSamples, type: 3, values: [2] } as const] : []),
    { tag: tag.sampleFormat, type: 3, values: Array.from({ length: samples }, () => sampleFormat(type)) },
  ];
}

function sampleFormat(type: PixelType): number {
  return type.startsWith('float') ? 3 : type.startsWith('int') ? 2 : 1;
}

/** @throws TypeError where the block is not a whole plane of the description */
export function checkPlane({ sizes, type, samples = 1 }: ImageDescription, block: PixelBlock): void {
  if (block.width !== sizes.x || block.height !== sizes.y || block.samples !== samples || block.type !== type)
    throw new TypeError(
      `a plane of ${block.width} x ${block.height} x ${block.samples} ${block.type} came where ${sizes.x} x ${sizes.y} x ${samples} ${type} was announced`,
    );
}

/**
 * Writes the values of a block in little endian.
 * @throws TypeError where the block is not a whole plane of the description
 */
export async function writePlane(
  writer: FileSinkWriter,
  description: ImageDescription,
  block: PixelBlock,
): Promise<void> {
  const { type } = description;
  checkPlane(description, block);
  const bytes = asBytes(block.data);
  if (bytes.length !== planeBytes(description))
    throw new TypeError(`a plane holds ${bytes.length} bytes where ${planeBytes(description)} were announced`);
  const size = bytesPerValue(type);
  if (isMachineLittleEndian || size === 1) return writer.write(bytes);
  const swapped = bytes.slice();
  swapBytes(swapped, size);
  return writer.write(swapped);
}

/** Planes of an image with c fastest, then z, then t; one is in memory at a time. */
export async function* planesOf(
  image: Pick<ImagePixels, 'description' | 'readRegion'>,
  signal?: AbortSignal,
): AsyncGenerator<PixelBlock> {
  const { t, c, z } = image.description.sizes;
  for (let frame = 0; frame < t; frame++)
    for (let slice = 0; slice < z; slice++)
      for (let channel = 0; channel < c; channel++) {
        signal?.throwIfAborted();
        yield await image.readRegion({ t: frame, c: channel, z: slice }, undefined, 0, signal);
      }
}

/**
 * Takes as many planes as the description announces.
 * @throws TypeError where there are fewer or more
 */
export async function* exactly(planes: AsyncIterable<PixelBlock>, count: number): AsyncGenerator<PixelBlock> {
  let seen = 0;
  for await (const plane of planes) {
    if (seen++ >= count) throw new TypeError(`more planes came than the ${count} announced`);
    yield plane;
  }
  if (seen < count) throw new TypeError(`only ${seen} planes came where ${count} were announced`);
}
