import type { PixelBlock, PixelType } from '@micrarium/model';
import { type Region, PixelsUnreadable } from '../image-reader.ts';
import { type PixelArray, asPixels, bytesPerValue, pixelArray } from '../pixel-arrays.ts';
import {
  DecodeError,
  type JpegPart,
  decompress,
  isMachineLittleEndian,
  reverseBits,
  swapBytes,
  undoDifferences,
  undoFloatPredictor,
  unpackBits,
} from './codecs.ts';
import { halfFloats } from '../mrc/header.ts';
import { release } from '../../objects/texts.ts';
import type { TiffFile } from './directory.ts';
import type { TiffPage } from './page.ts';
import { threeByteFloats, threeByteIntegers } from './three-bytes.ts';
import { severalSlices } from './verify.ts';

/** A region of one page is refused above this size; ask for smaller ones. */
const maxRegionBytes = 2 ** 30;
/** Rows of an uncompressed page are fetched in pieces of at most this size. */
const pieceBytes = 8 << 20;

/** Which pixels of a page. */
export interface PageRead {
  region: Region;
  /** Only this sample of each pixel; all where left out. */
  sample?: number;
  /** Which slice of a page that holds several. */
  slice?: number;
  /** Bytes to add to every pixel offset: the k-th plane behind the only directory of a large ImageJ file. */
  shift?: number;
}

/**
 * Pixels of a region of a page. Only the strips or tiles it touches are read, of uncompressed ones only the rows.
 * @throws PixelsUnreadable where they are damaged, cut off, too many at once, or in a form we do not decode
 */
export async function readPageRegion(
  file: TiffFile,
  page: TiffPage,
  { region, sample, slice, shift = 0 }: PageRead,
  signal?: AbortSignal,
): Promise<PixelBlock> {
  const { type } = page;
  const unreadable = (reason: string, cause?: unknown): PixelsUnreadable =>
    new PixelsUnreadable(`${file.source.name}: ${reason}`, { cause });
  if (page.depth > 1 && slice === undefined) throw unreadable(severalSlices(page));
  if (slice !== undefined && slice >= page.depth) throw unreadable(`it has ${page.depth} slices`);
  if (page.unreadable || !type) throw unreadable(page.unreadable?.reason ?? 'unknown pixel type');
  const samples = sample === undefined ? page.samples : 1;
  const count = region.width * region.height * samples;
  if (!isInside(region, page.width, page.height))
    throw new RangeError(
      `region ${region.x},${region.y} ${region.width}x${region.height} is not inside ${page.width}x${page.height}`,
    );
  if (count * bytesPerValue(type) > maxRegionBytes)
    throw unreadable(`a region of ${region.width} x ${region.height} pixels is too large to be read at once`);
  const block = (data: PixelArray): PixelBlock => ({ width: region.width, height: region.height, samples, type, data });
  try {
    const whole = await readContiguous(file, page, { region, slice: slice ?? 0, samples, shift }, signal);
    if (whole) return block(whole);
    const data = pixelArray(type, count);
    await readTiles(file, page, type, { region, sample, slice: slice ?? 0, shift, samples, data }, signal);
    return block(data);
  } catch (cause) {
    if (cause instanceof DecodeError) throw unreadable(cause.message, cause);
    throw cause;
  }
}

function isInside({ x, y, width, height }: Region, pageWidth: number, pageHeight: number): boolean {
  return (
    [x, y, width, height].every(Number.isInteger) &&
    x >= 0 &&
    y >= 0 &&
    width > 0 &&
    height > 0 &&
    x + width <= pageWidth &&
    y + height <= pageHeight
  );
}

/** Full rows of uncompressed strips that lie one behind the other: one positioned read, no copy. */
async function readContiguous(
  file: TiffFile,
  page: TiffPage,
  { region, slice, samples, shift }: Pick<TileJob, 'region' | 'slice' | 'samples' | 'shift'>,
  signal?: AbortSignal,
): Promise<PixelArray | undefined> {
  const whole = page.bits === bytesPerValue(page.type!) * 8;
  if (page.compression !== 1 || page.predictor !== 1 || page.tiled || page.planar || !whole || page.reversedBits)
    return undefined;
  if (region.width !== page.width || samples !== page.samples) return undefined;
  const rowBytes = page.width * page.samples * (page.bits / 8);
  const firstStrip = Math.floor(region.y / page.tileHeight);
  const lastStrip = Math.floor((region.y + region.height - 1) / page.tileHeight);
  const offsets = await file.numbers(page.offsets, slice * page.tilesDown + firstStrip, lastStrip - firstStrip + 1);
  const start = offsets[0]!;
  if (start === 0 || offsets.some((offset, index) => offset !== start + index * page.tileHeight * rowBytes))
    return undefined;
  const from = start + shift + (region.y - firstStrip * page.tileHeight) * rowBytes;
  const bytes = await readExactly(file, from, region.height * rowBytes, signal);
  if (file.littleEndian !== isMachineLittleEndian && page.bits > 8) swapBytes(bytes, page.bits / 8);
  return asPixels(bytes, page.type!);
}

async function readExactly(file: TiffFile, offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
  if (offset + length > file.source.size)
    throw new DecodeError(
      `pixels at offset ${offset} should end at ${offset + length}, the file ends at ${file.source.size}`,
    );
  const bytes = await file.source.read(offset, length, signal);
  if (bytes.length < length) throw new DecodeError(`the file ends within the pixels at offset ${offset}`);
  return bytes;
}

interface TileJob {
  region: Region;
  sample: number | undefined;
  /** Which slice of the page; 0 of nearly all. */
  slice: number;
  shift: number;
  samples: number;
  data: PixelArray;
}

async function readTiles(
  file: TiffFile,
  page: TiffPage,
  type: PixelType,
  job: TileJob,
  signal?: AbortSignal,
): Promise<void> {
  const { region, sample } = job;
  const { tileWidth, tileHeight, tilesAcross, tilesDown } = page;
  const firstColumn = Math.floor(region.x / tileWidth);
  const lastColumn = Math.floor((region.x + region.width - 1) / tileWidth);
  const firstRow = Math.floor(region.y / tileHeight);
  const lastRow = Math.floor((region.y + region.height - 1) / tileHeight);
  const tilesDeep = Math.ceil(page.depth / page.tileDepth);
  const layer = Math.floor(job.slice / page.tileDepth);
  const bands = !page.planar
    ? [0]
    : sample === undefined
      ? Array.from({ length: page.samples }, (_, i) => i)
      : [sample];
  for (const band of bands) {
    for (let row = firstRow; row <= lastRow; row++) {
      // libtiff's order of tiles: samples, then slices, then rows.
      const first = ((band * tilesDeep + layer) * tilesDown + row) * tilesAcross + firstColumn;
      const across = lastColumn - firstColumn + 1;
      const offsets = await file.numbers(page.offsets, first, across);
      const counts = await file.numbers(page.byteCounts, first, across);
      for (let index = 0; index < across; index++) {
        signal?.throwIfAborted();
        const tile = {
          x: (firstColumn + index) * tileWidth,
          y: row * tileHeight,
          offset: offsets[index] ?? 0,
          count: counts[index],
        };
        await readTile(file, page, type, tile, band, job, signal);
      }
    }
  }
}

interface Tile {
  x: number;
  y: number;
  offset: number;
  count: number | undefined;
}

async function readTile(
  file: TiffFile,
  page: TiffPage,
  type: PixelType,
  tile: Tile,
  band: number,
  job: TileJob,
  signal?: AbortSignal,
): Promise<void> {
  const { region } = job;
  // Sparse files leave tiles out: all 0.
  if (tile.offset === 0 || tile.count === 0) return;
  const stored = page.planar ? 1 : page.samples;
  const rowValues = page.tileWidth * stored;
  // JPEG gives whole values, whatever their bits.
  const bits = page.compression === 7 ? bytesPerValue(type) * 8 : page.bits;
  const rowBytes = Math.ceil((rowValues * bits) / 8);
  const height = page.tiled ? page.tileHeight : Math.min(page.tileHeight, page.height - tile.y);
  const firstRow = Math.max(region.y, tile.y) - tile.y;
  const endRow = Math.min(region.y + region.height - tile.y, height);
  // Rows of the slices before this one in the tile.
  const above = (job.slice % page.tileDepth) * height;
  if (page.compression === 1) {
    // Uncompressed: only the rows wanted, in pieces.
    const piece = Math.max(1, Math.floor(pieceBytes / rowBytes));
    for (let row = firstRow; row < endRow; row += piece) {
      const rows = Math.min(piece, endRow - row);
      const bytes = await readExactly(
        file,
        tile.offset + job.shift + (above + row) * rowBytes,
        rows * rowBytes,
        signal,
      );
      const values = toValues(file, page, type, bytes, rowValues, rows, stored);
      copyRows(values, { x: tile.x, y: tile.y + row, rows, width: page.tileWidth, stored, band }, page, job);
    }
    return;
  }
  // Rows below the region need not be unpacked; deflate is let run to its end, which checks it.
  const expected =
    (page.compression === 5 || page.compression === 32773 ? above + endRow : page.tileDepth * height) * rowBytes;
  const at = tile.offset + job.shift;
  const packed = await readExactly(
    file,
    at,
    packedBytes(file, { ...tile, offset: at }, expected, page.tileDepth * height * rowBytes, page.compression === 5),
    signal,
  );
  // zstd packs a block of equal bytes into four.
  const most = page.compression === 50000 || page.compression === 34926 ? 40_000 : 5000;
  if (expected > maxRegionBytes || expected > packed.length * most + 65_536)
    throw new DecodeError(`${packed.length} packed bytes cannot hold the ${expected} bytes of a strip or tile`);
  if (page.reversedBits) reverseBits(packed);
  const jpeg = page.compression === 7 ? await jpegPart(file, page, type, stored, height) : undefined;
  const unpacked = await decompress(packed, page.compression, expected, jpeg);
  const bytes = unpacked.subarray(above * rowBytes, (above + endRow) * rowBytes);
  const values = toValues(file, { ...page, reversedBits: false }, type, bytes, rowValues, endRow, stored);
  copyRows(values, { x: tile.x, y: tile.y, rows: endRow, width: page.tileWidth, stored, band }, page, job);
  // Each as large as a strip: left to the collector, a film's strips pile up.
  release(packed);
  release(unpacked);
}

async function jpegPart(
  file: TiffFile,
  page: TiffPage,
  type: PixelType,
  samples: number,
  height: number,
): Promise<JpegPart> {
  const tables = page.jpegTables && (await file.fieldBytes(page.jpegTables, 65_536));
  const isYcbcr = page.photometric === 6 && samples === 3;
  return { tables, isYcbcr, width: page.tileWidth, height, samples, bytes: bytesPerValue(type) === 1 ? 1 : 2 };
}

/** Bytes of a packed tile; where the file does not say, what could be needed at most. */
function packedBytes(file: TiffFile, tile: Tile, expected: number, full: number, isLzw: boolean): number {
  const room = file.source.size - tile.offset;
  if (tile.count === undefined) return Math.min(room, expected * 2 + 1024);
  // Zeiss LSM states the unpacked size; what comes behind the packed data is passed over.
  return tile.count === full && isLzw ? Math.min(room, full * 2) : tile.count;
}

function toValues(
  file: TiffFile,
  page: TiffPage,
  type: PixelType,
  bytes: Uint8Array,
  rowValues: number,
  rows: number,
  stored: number,
): PixelArray {
  if (page.compression === 7) return asPixels(bytes, type);
  if (page.reversedBits) reverseBits(bytes);
  const size = bytesPerValue(type);
  if (page.bits === 24 && page.predictor === 3)
    return threeByteFloats(undoFloatPredictor(bytes, rowValues, 3, stored), isMachineLittleEndian);
  if (page.bits === 24)
    return type === 'float32'
      ? threeByteFloats(bytes, page.smallEndFirst)
      : threeByteIntegers(bytes, page.smallEndFirst);
  if (type === 'float32' && page.bits === 16) return halfValues(file, page, bytes, rowValues, stored);
  if (page.predictor === 3) return asPixels(undoFloatPredictor(bytes, rowValues, size, stored), type);
  if (page.bits !== size * 8) {
    const out = pixelArray(type, rowValues * rows) as Uint8Array | Uint16Array | Uint32Array;
    return unpackBits(bytes, page.bits, rowValues, rows, out);
  }
  if (size > 1 && file.littleEndian !== isMachineLittleEndian) swapBytes(bytes, size);
  if (page.predictor === 2) {
    const unsigned = asPixels(bytes, ({ 1: 'uint8', 2: 'uint16', 4: 'uint32', 8: 'uint64' } as const)[size] ?? 'uint8');
    undoDifferences(unsigned as Uint8Array | BigUint64Array, rowValues, stored);
    return asPixels(new Uint8Array(unsigned.buffer, unsigned.byteOffset, unsigned.byteLength), type);
  }
  return asPixels(bytes, type);
}

/** Values of 16 bits as floats. */
function halfValues(
  file: TiffFile,
  page: TiffPage,
  bytes: Uint8Array,
  rowValues: number,
  stored: number,
): Float32Array {
  if (page.predictor === 3) return halfFloats(undoFloatPredictor(bytes, rowValues, 2, stored));
  if (file.littleEndian !== isMachineLittleEndian) swapBytes(bytes, 2);
  const halves = asPixels(bytes, 'uint16') as Uint16Array;
  if (page.predictor === 2) undoDifferences(halves, rowValues, stored);
  return halfFloats(new Uint8Array(halves.buffer, halves.byteOffset, halves.byteLength));
}

interface Rows {
  x: number;
  /** Row of the page the values begin with. */
  y: number;
  rows: number;
  width: number;
  /** Values per pixel in `values`. */
  stored: number;
  /** Sample the values are of, where each sample is stored apart. */
  band: number;
}

/** Copies what of a tile lies in the region, picking or placing samples where they are stored otherwise than wanted. */
function copyRows(values: PixelArray, part: Rows, page: TiffPage, job: TileJob): void {
  const { region, samples, sample } = job;
  const from = values as Uint8Array;
  const data = job.data as Uint8Array;
  const left = Math.max(region.x, part.x);
  const right = Math.min(region.x + region.width, part.x + part.width, page.width);
  const top = Math.max(region.y, part.y);
  const bottom = Math.min(region.y + region.height, part.y + part.rows);
  const plain = part.stored === samples;
  const pick = page.planar ? 0 : (sample ?? 0);
  const place = page.planar && sample === undefined ? part.band : 0;
  for (let y = top; y < bottom; y++) {
    const source = ((y - part.y) * part.width + (left - part.x)) * part.stored;
    const target = ((y - region.y) * region.width + (left - region.x)) * samples;
    const pixels = right - left;
    if (plain) data.set(from.subarray(source, source + pixels * samples), target);
    else
      for (let index = 0; index < pixels; index++)
        data[target + index * samples + place] = from[source + index * part.stored + pick]!;
  }
}
