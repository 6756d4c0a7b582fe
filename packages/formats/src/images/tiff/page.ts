import type { PixelType } from '@micrarium/model';
import type { TiffDirectory, TiffField, TiffFile } from './directory.ts';
import { compressionName, isCompressionRead, tag } from './tags.ts';

/** How the pixels of one page lie in the file. Strips are tiles as wide as the page. */
export interface TiffPage {
  readonly directory: TiffDirectory;
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly bits: number;
  /** Kind of number by tag 339: 1 unsigned, 2 signed, 3 floating point, 4 unknown, 5 and 6 complex. */
  readonly format: number;
  /** Values of three bytes have the least significant first. */
  readonly smallEndFirst: boolean;
  /** Slices that the page holds (ImageDepth of SGI), and those of one tile; 1 of nearly all. */
  readonly depth: number;
  readonly tileDepth: number;
  /** How rows and columns lie in the picture (tag 274): 1 as they are shown. */
  readonly orientation: number;
  /** Type of the values we give; `undefined` where we do not decode them. */
  readonly type: PixelType | undefined;
  readonly compression: number;
  readonly predictor: number;
  /** Samples of a pixel side by side, or each in its own tiles. */
  readonly planar: boolean;
  readonly photometric: number;
  readonly reversedBits: boolean;
  readonly tiled: boolean;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly tilesAcross: number;
  readonly tilesDown: number;
  readonly offsets: TiffField;
  readonly byteCounts: TiffField | undefined;
  /** Extra samples that are opacity (1, 2) rather than measured (0). */
  readonly hasAlpha: boolean;
  /** Reduced version of another page, or a mask: never a plane. */
  readonly reduced: boolean;
  readonly subDirectories: TiffField | undefined;
  readonly jpegTables: TiffField | undefined;
  /** Why the pixels cannot be decoded, in plain words; `undefined` where they can. */
  readonly unreadable: { code: 'compression-not-read' | 'pixel-type-not-read'; reason: string } | undefined;
}

const maxEdge = 2 ** 31 - 1;
/** More slices than this in one page are not believed. */
const maxDepth = 1_000_000;
/** Tiles of several slices are read up to this size: one is unpacked whole for each slice. */
const maxDeepTileBytes = 64 << 20;

/** Reads the layout of a page; a text says why it cannot be a page. */
export async function readPage(file: TiffFile, directory: TiffDirectory): Promise<TiffPage | string> {
  // A damaged field may hold a fraction where only whole numbers mean anything: NaN fails every check below.
  const number = async (code: number, otherwise: number): Promise<number> => {
    const value = (await file.number(directory, code)) ?? otherwise;
    return Number.isInteger(value) ? value : Number.NaN;
  };
  const width = await number(tag.imageWidth, 0);
  const height = await number(tag.imageLength, 0);
  if (!(width > 0 && height > 0 && width <= maxEdge && height <= maxEdge)) return 'it has no width or height';
  const tiled = directory.fields.has(tag.tileOffsets) || directory.fields.has(tag.tileWidth);
  const offsets = directory.fields.get(tiled ? tag.tileOffsets : tag.stripOffsets);
  if (!offsets) return 'it does not say where its pixels lie';
  const tileWidth = tiled ? await number(tag.tileWidth, 0) : width;
  const rows = await number(tag.rowsPerStrip, height);
  const tileHeight = tiled ? await number(tag.tileLength, 0) : Math.max(1, Math.min(height, rows));
  if (!(tileWidth > 0 && tileHeight > 0 && tileWidth <= maxEdge && tileHeight <= maxEdge))
    return 'its tiles have no size';
  const samples = await number(tag.samplesPerPixel, 1);
  if (!(samples > 0 && samples <= 65_535)) return `it claims ${samples} samples per pixel`;
  const planar = samples > 1 && (await number(tag.planarConfiguration, 1)) === 2;
  const tilesAcross = Math.ceil(width / tileWidth);
  const tilesDown = Math.ceil(height / tileHeight);
  const { depth, tileDepth } = await depthOf(file, directory, tiled);
  if (depth > maxDepth) return `it claims ${depth} slices`;
  const tiles = tilesAcross * tilesDown * (planar ? samples : 1);
  if (offsets.count < tiles) return `it needs ${tiles} strips or tiles, but lists ${offsets.count}`;
  const allBits = await bitsOf(file, directory.fields.get(tag.bitsPerSample), samples);
  const deepTiles = tiles * Math.ceil(depth / tileDepth);
  const formats = await file.numbers(directory.fields.get(tag.sampleFormat), 0, Math.min(samples, 64));
  const bits = allBits[0] ?? 1;
  const format = formats[0] ?? 1;
  const compression = await number(tag.compression, 1);
  const photometric = await number(tag.photometric, 1);
  const predictor = await number(tag.predictor, 1);
  const mixed = allBits.some((value) => value !== bits) || formats.some((value) => value !== formats[0]);
  const subsampling = await file.numbers(directory.fields.get(tag.ycbcrSubsampling), 0, 2);
  const subsampled = photometric === 6 && !(subsampling[0] === 1 && subsampling[1] === 1);
  // JPEG undoes the subsampling of its colours itself.
  const isThinned = subsampled && compression !== 7 && isCompressionRead(compression);
  const type = mixed || isThinned ? undefined : pixelType(bits, format);
  const extra = await file.numbers(directory.fields.get(tag.extraSamples), 0, 64);
  const subfile = await number(tag.newSubfileType, 0);
  return {
    directory,
    width,
    height,
    samples,
    bits,
    format,
    smallEndFirst: file.littleEndian && !(bits === 24 && format === 1 && (await isByTifffile(file, directory))),
    depth,
    tileDepth,
    orientation: await number(tag.orientation, 1),
    type,
    compression,
    predictor,
    planar,
    photometric,
    reversedBits: (await number(tag.fillOrder, 1)) === 2,
    tiled,
    tileWidth,
    tileHeight,
    tilesAcross,
    tilesDown,
    offsets,
    byteCounts: directory.fields.get(tiled ? tag.tileByteCounts : tag.stripByteCounts),
    hasAlpha: extra.some((value) => value === 1 || value === 2),
    reduced: (subfile & 5) !== 0,
    subDirectories: directory.fields.get(tag.subIfds),
    jpegTables: directory.fields.get(tag.jpegTables),
    unreadable:
      whyNotDeep(
        depth,
        offsets.count < deepTiles ? offsets.count : undefined,
        tileDepth > 1 && compression !== 1 ? (tileDepth * tileWidth * tileHeight * samples * bits) / 8 : 0,
        tileDepth > 1 && compression === 7,
      ) ?? whyUnreadable(compression, predictor, type, bits, mixed ? 'mixed' : isThinned ? 'thinned' : format),
  };
}

/** Slices of a page and of its tiles; strips are of one slice each. */
async function depthOf(
  file: TiffFile,
  directory: TiffDirectory,
  tiled: boolean,
): Promise<{ depth: number; tileDepth: number }> {
  const count = async (code: number): Promise<number> => {
    const value = await file.number(directory, code);
    return value !== undefined && Number.isInteger(value) && value > 1 ? value : 1;
  };
  const depth = await count(tag.imageDepth);
  return { depth, tileDepth: tiled && depth > 1 ? Math.min(depth, await count(tag.tileDepth)) : 1 };
}

/**
 * Values of three bytes follow the byte order of the file, as libtiff has them; tifffile packs them as bits, the most
 * significant first, in either order, and names itself.
 */
async function isByTifffile(file: TiffFile, directory: TiffDirectory): Promise<boolean> {
  return ((await file.text(directory, tag.software, 100)) ?? '').startsWith('tifffile');
}

/** Why the slices of a page cannot be read; `undefined` where they can. */
function whyNotDeep(
  depth: number,
  listed: number | undefined,
  tileBytes: number,
  isDeepJpeg: boolean,
): TiffPage['unreadable'] {
  if (depth === 1) return undefined;
  const code = 'pixel-type-not-read';
  const slices = `A page holds several slices at once (ImageDepth ${depth})`;
  if (listed !== undefined)
    return {
      code,
      reason: `${slices}, but lists only ${listed} strips or tiles: which slice they are of is not said.`,
    };
  if (tileBytes > maxDeepTileBytes) return { code, reason: `${slices} in tiles too large to be unpacked whole.` };
  return isDeepJpeg ? { code, reason: `${slices} in JPEG tiles of several slices.` } : undefined;
}

/** Bits of each sample. Old Zeiss programs keep two of them elsewhere although they would fit into the entry. */
async function bitsOf(file: TiffFile, field: TiffField | undefined, samples: number): Promise<number[]> {
  const bits = await file.numbers(field, 0, Math.min(samples, 64));
  if (!field || file.big || field.count !== 2 || field.type !== 3 || bits[0] === bits[1]) return bits;
  const [offset = 0] = await file.numbers({ ...field, type: 4, count: 1 });
  const there = await file.numbers({ ...field, offset });
  return there.length === 2 && there[0] === there[1] && [8, 12, 16, 32].includes(there[0]!) ? there : bits;
}

/** Samples of a pixel that belong together as a colour: 1, or 2 (grey with opacity), 3 and 4. Others are channels. */
export function colourSamples(page: TiffPage): number {
  if (page.samples === 1) return 1;
  if ((page.photometric === 2 || page.photometric === 6) && page.samples >= 3 && page.samples <= 4) return page.samples;
  if (page.photometric === 5 && page.samples === 4) return 4;
  return page.hasAlpha && page.samples === 2 ? 2 : 1;
}

/** numpy name of the values; floats of 16 and 24 bits are given as floats of 32, which hold them exactly. */
function pixelType(bits: number, format: number): PixelType | undefined {
  if (format === 3) return bits === 32 || bits === 24 || bits === 16 ? 'float32' : bits === 64 ? 'float64' : undefined;
  if (format === 2) return ({ 8: 'int8', 16: 'int16', 32: 'int32', 64: 'int64' } as const)[bits];
  if (format !== 1 && format !== 4) return undefined;
  if (bits === 1) return 'bool';
  if (bits >= 1 && bits <= 8) return 'uint8';
  if (bits > 8 && bits <= 16) return 'uint16';
  if (bits > 16 && bits <= 32) return 'uint32';
  return bits === 64 ? 'uint64' : undefined;
}

/** What values are that we do not read, in plain words. */
function kindOfValues(bits: number, format: number | 'mixed' | 'thinned'): string {
  if (format === 'mixed') return 'The samples of a pixel differ in depth or kind.';
  if (format === 'thinned') return 'The colours are stored with fewer pixels than the brightness (subsampled).';
  const kinds: Readonly<Record<number, string>> = {
    1: 'whole numbers',
    2: 'signed whole numbers',
    3: 'floating-point numbers',
    5: 'complex whole numbers',
    6: 'complex numbers',
  };
  return `The pixels are ${kinds[format] ?? `values of sample format ${format}`} of ${bits} bits.`;
}

function whyUnreadable(
  compression: number,
  predictor: number,
  type: PixelType | undefined,
  bits: number,
  format: number | 'mixed' | 'thinned',
): TiffPage['unreadable'] {
  if (!isCompressionRead(compression))
    return { code: 'compression-not-read', reason: `The pixels are compressed with ${compressionName(compression)}.` };
  if (type === undefined) return { code: 'pixel-type-not-read', reason: kindOfValues(bits, format) };
  if (compression === 7 && ((type !== 'uint8' && type !== 'uint16') || predictor !== 1))
    return { code: 'compression-not-read', reason: `The pixels are compressed with JPEG of ${bits} bits.` };
  const whole = [8, 16, 32, 64].includes(bits);
  if (predictor === 1 || (predictor === 2 && whole) || (predictor === 3 && format === 3)) return undefined;
  return { code: 'pixel-type-not-read', reason: `The pixels use predictor ${predictor} with ${bits} bits.` };
}
