import type { ImageDescription, Issue, PixelBlock, PixelType } from '@micrarium/model';
import { type ByteSource, memorySource } from '../../bytes/byte-source.ts';
import { stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { imageFinding, imageFindings } from '../findings.ts';
import { type ImagePixels, type ImageReader, type OpenedImages, PixelsUnreadable } from '../image-reader.ts';
import { bytesPerValue } from '../pixel-arrays.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';
import { rounded } from '../ome-xml/to-model.ts';
import { hasValues, known, micrometers, timeStepOf, voxelSizeOf } from '../stored/stated-values.ts';
import { inflate } from '../inflate.ts';
import { checkedRegion, readStrided, singleLevel, stridedImage } from '../stored/strided-image.ts';
import { emptyBlock } from '../tiff/paged-image.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import { mainEntry } from '../tiff/reader.ts';
import { tiffIssue } from '../tiff/tiff-issues.ts';
import { type Nd2Chunks, chunkData, readChunk, readChunkMap } from './chunks.ts';
import { type Nd2Texts, julianDate, nd2Channels, nd2Instrument, nd2Modalities } from './describe.ts';
import { type Variant, numberAt, parseVariants, variantAt, variantLines } from './light-variants.ts';
import { type Nd2Loop, experimentLoops, fittingLoops } from './loops.ts';
import { openOldNd2 } from './old-file.ts';

interface Attributes {
  width: number;
  height: number;
  rowBytes: number;
  components: number;
  type: PixelType;
  significantBits: number;
  sequences: number;
  compression: number;
}

/** Opens Nikon ND2 of 2009 and later: every stage position is an image. Pixels packed with zlib are unpacked; lossy ones are named. */
export const nd2Reader: ImageReader = {
  async open(item: Item, options = {}): Promise<OpenedImages> {
    const where = { file: item.path };
    const entry = mainEntry(item);
    const source = entry && reopeningSource(entry);
    const first = source && (await source.read(0, 4));
    if (source && first?.[0] === 0) return openOldNd2(source, item.path, options.signal);
    const chunks = source && (await readChunkMap(source, options.signal));
    if (!source || !chunks) {
      const message = 'The map at the end of the ND2 file, which says where its images lie, cannot be read.';
      return { images: [], issues: [microscopeIssue('microscope-file-broken', message, { where })] };
    }
    const records = async (name: string): Promise<readonly Variant[] | undefined> => {
      const bytes = await readChunk(source, chunks, name);
      return bytes && parseVariants(bytes);
    };
    const stated = await records('ImageAttributesLV!');
    const attributes = readAttributes(variantAt(stated, 'SLxImageAttributes')?.children ?? stated, source.size);
    if (typeof attributes === 'string') {
      const message = `The attributes of the images cannot be used: ${attributes}.`;
      return { images: [], issues: [microscopeIssue('microscope-image-unusable', message, { where })] };
    }
    const experiment = await records('ImageMetadataLV!');
    const picture = await records('ImageMetadataSeqLV|0!');
    const calibration = await records('ImageCalibrationLV|0!');
    const times = await acquisitionTimes(source, chunks, attributes.sequences);
    const shown = await records('ImageTextInfoLV!');
    const about = await readChunk(source, chunks, 'CustomDataVar|AppInfo_V1_0!');
    const texts = { text: textsOf(shown), application: about ? new TextDecoder().decode(about) : '' };
    const file = { texts, source, chunks, attributes, experiment, picture, calibration, times, path: item.path };
    return { ...openPositions(file), rawMetadata: { mediaType: 'text/plain', text: rawText(file) } };
  },
};

/** What the program shows of the recording, item by item. */
function textsOf(records: readonly Variant[] | undefined): string {
  const items = variantAt(records, 'SLxImageTextInfo')?.children ?? records ?? [];
  const texts = items.map(({ value }) => (typeof value === 'string' ? value.trim() : ''));
  return texts.filter((text) => text !== '').join('\n');
}

interface Nd2File {
  texts: Nd2Texts;
  source: ByteSource;
  chunks: Nd2Chunks;
  attributes: Attributes;
  experiment: readonly Variant[] | undefined;
  picture: readonly Variant[] | undefined;
  calibration: readonly Variant[] | undefined;
  /** Seconds of every sequence; empty where the file has none. */
  times: readonly number[];
  path: string;
}

function rawText({ experiment, picture, calibration, texts }: Nd2File): string {
  const parts = { experiment, picture, calibration };
  return Object.entries(parts)
    .flatMap(([name, records]) => (records ? [`[${name}]`, ...variantLines(records)] : []))
    .concat(texts.text === '' ? [] : ['[text]', texts.text])
    .join('\n');
}

/** Type of values of so many bits; those of 32 are floats unless the file says they are whole numbers (1), as NIS-Elements has them. */
export function nd2PixelType(bits: number, stated: number): PixelType | undefined {
  if (bits === 32) return stated === 1 ? 'uint32' : 'float32';
  return bits === 8 ? 'uint8' : bits === 16 ? 'uint16' : undefined;
}

function readAttributes(records: readonly Variant[] | undefined, fileSize: number): Attributes | string {
  const number = (name: string): number => numberAt(records, name) ?? 0;
  const [width, height, components] = [number('uiWidth'), number('uiHeight'), number('uiComp')];
  const bits = number('uiBpcInMemory');
  const type = nd2PixelType(bits, number('ePixelType'));
  if (!type) return `they have ${bits} bits in memory`;
  const sequences = number('uiSequenceCount');
  const compression = numberAt(records, 'eCompression') ?? 2;
  const rowBytes = number('uiWidthBytes');
  if (
    !(
      width > 0 &&
      height > 0 &&
      components > 0 &&
      components <= 10_000 &&
      rowBytes >= width * components * bytesPerValue(type)
    )
  )
    return `${width} x ${height} pixels of ${components} components in rows of ${rowBytes} bytes`;
  // Each image has a chunk of its own with a header and a place in the map.
  if (sequences < 1 || sequences * 32 > fileSize || (compression === 2 && rowBytes * height > fileSize))
    return `${sequences} images of ${rowBytes * height} bytes do not fit into ${fileSize} bytes`;
  return {
    width,
    height,
    rowBytes,
    components,
    type,
    significantBits: number('uiBpcSignificant'),
    sequences,
    compression,
  };
}

/** Times of all sequences in seconds, from the cache the program keeps of them. */
async function acquisitionTimes(source: ByteSource, chunks: Nd2Chunks, sequences: number): Promise<number[]> {
  const bytes = await readChunk(source, chunks, 'CustomData|AcqTimesCache!');
  if (!bytes || bytes.length < sequences * 8) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: sequences }, (_, index) => view.getFloat64(index * 8, true) / 1000);
}

function openPositions(file: Nd2File): { images: ImagePixels[]; issues: Issue[] } {
  const { attributes, path, chunks } = file;
  const where = { file: path };
  const issues: Issue[] = [];
  const loops = fittingLoops(
    experimentLoops(variantAt(file.experiment, 'SLxExperiment')?.children ?? file.experiment),
    attributes.sequences,
  );
  const positions = loops.filter(({ axis }) => axis === 'position').reduce((product, { count }) => product * count, 1);
  const there = Math.min(attributes.sequences, chunks.images.size);
  const planes = loops.reduce((product, { count }) => product * count, 1);
  if (!isRead(attributes))
    issues.push(imageFinding('compression-not-read', 'The pixels are compressed with loss.', { where }));
  if (there < planes) {
    const message = `The recording has ${planes} images, the file holds ${there}; the others are shown as 0.`;
    issues.push(tiffIssue('planes-missing', message, { where }));
  }
  const bytes = attributes.compression === 2 ? attributes.rowBytes * attributes.height + 8 : 8;
  const cut = [...chunks.images.values()].filter((offset) => !(offset + 16 + bytes <= file.source.size)).length;
  if (cut > 0)
    issues.push(tiffIssue('pixel-data-truncated', `${cut} images end behind the end of the file.`, { where }));
  const images: ImagePixels[] = [];
  for (let position = 0; position < positions; position++) {
    const description = describe(file, loops, position, positions);
    images.push(positionImage(file, loops, position, description));
  }
  if (images[0]) issues.push(...imageFindings(images[0].description, path));
  return { images, issues };
}

function describe(file: Nd2File, loops: readonly Nd2Loop[], position: number, positions: number): ImageDescription {
  const { attributes, picture, calibration, times, path } = file;
  const { width, height, components, type, significantBits } = attributes;
  const length = (axis: Nd2Loop['axis']): number =>
    loops.filter((loop) => loop.axis === axis).reduce((product, { count }) => product * count, 1);
  const t = length('t');
  const inPicture = variantAt(picture, 'SLxPictureMetadata')?.children ?? picture;
  const calibrated = variantAt(calibration, 'SLxCalibration')?.children ?? calibration;
  const pixel = micrometers(numberAt(inPicture, 'dCalibration') ?? numberAt(calibrated, 'dCalibration'));
  const frames = Array.from(
    { length: Math.min(t, times.length) },
    (_, index) => times[sequenceOf(loops, index, 0, position)] ?? Number.NaN,
  );
  const stated = loops.find(({ axis }) => axis === 't')?.step;
  const first = frames[0] ?? (position === 0 ? (numberAt(inPicture, 'dTimeMSec') ?? 0) / 1000 : undefined);
  const offset = first !== undefined && first > 0 ? { value: rounded(first), unit: 'second' } : undefined;
  const instrument = nd2Instrument(inPicture, file.texts);
  const modalities = nd2Modalities(file.texts.text, components);
  const timeStep =
    timeStepOf(frames).timeStep ?? (stated === undefined ? undefined : { value: stated, unit: 'second' });
  return {
    name: positions > 1 ? `${stemOf(path)} (${position + 1})` : stemOf(path),
    sizes: { t, c: components, z: length('z'), y: height, x: width },
    type,
    ...voxelSizeOf(pixel, pixel, micrometers(loops.find(({ axis }) => axis === 'z')?.step)),
    ...(t > 1 ? known('timeStep', timeStep) : {}),
    ...(t > 1 && t <= 10_000 && frames.length === t && frames.every(Number.isFinite)
      ? { planeTimes: frames.map((time) => rounded(time - frames[0]!)) }
      : {}),
    ...known('timeOffset', offset),
    ...known('origin', position === 0 ? stageOf(inPicture) : undefined),
    channels: nd2Channels(inPicture, components).map((channel, n) => ({
      ...known('acquisitionMode', modalities[n]),
      ...channel,
    })),
    ...known('acquiredAt', julianDate(numberAt(inPicture, 'dTimeAbsolute'))),
    ...(Object.keys(instrument).length > 0 ? { instrument } : {}),
    ...(significantBits > 0 && significantBits < bytesPerValue(type) * 8 ? { significantBits } : {}),
  };
}

/** Where the stage stood at the first image, in micrometers. */
function stageOf(picture: readonly Variant[] | undefined): ImageDescription['origin'] {
  const place = (name: string) => {
    const value = numberAt(picture, name);
    return value === undefined || !Number.isFinite(value) ? undefined : { value, unit: 'micrometer' };
  };
  const origin = { ...known('z', place('dZPos')), ...known('y', place('dYPos')), ...known('x', place('dXPos')) };
  return hasValues(origin) ? origin : undefined;
}

/** Number of the image at these places; the innermost loop runs fastest. */
function sequenceOf(loops: readonly Nd2Loop[], t: number, z: number, position: number): number {
  const left = { t, z, position };
  let sequence = 0;
  let step = 1;
  for (const { axis, count } of loops.toReversed()) {
    sequence += (left[axis] % count) * step;
    left[axis] = Math.floor(left[axis] / count);
    step *= count;
  }
  return sequence;
}

/** Uncompressed, or packed with zlib. */
function isRead({ compression }: Attributes): boolean {
  return compression === 2 || compression === 0;
}

/** An image of planes packed with zlib, each behind its time; the one unpacked last is kept. Not yet seen on a real file. */
function packedImage(
  source: ByteSource,
  chunks: Nd2Chunks,
  attributes: Attributes,
  loops: readonly Nd2Loop[],
  position: number,
  description: ImageDescription,
): ImagePixels {
  const { width, height, rowBytes, components, type } = attributes;
  const size = bytesPerValue(type);
  const tight = width * components * size;
  let kept: { sequence: number; bytes: Uint8Array } | undefined;
  const unpacked = async (sequence: number, at: number, signal?: AbortSignal): Promise<Uint8Array> => {
    if (kept?.sequence === sequence) return kept.bytes;
    const data = await chunkData(source, at);
    if (!data || data.length <= 8 || rowBytes * height > data.length * 1032 + 65_536)
      throw new PixelsUnreadable(`${source.name}: there is no whole image at offset ${at}`);
    const packed = await source.read(data.offset + 8, data.length - 8, signal);
    try {
      kept = { sequence, bytes: await inflate(packed, rowBytes * height) };
    } catch (cause) {
      throw new PixelsUnreadable(`${source.name}: the image at offset ${at} cannot be unpacked`, { cause });
    }
    return kept.bytes;
  };
  return {
    description,
    levels: [singleLevel(description)],
    async readRegion(plane, wanted, level = 0, signal) {
      const region = checkedRegion(description, plane, wanted, level);
      const sequence = sequenceOf(loops, plane.t, plane.z, position);
      const at = chunks.images.get(sequence);
      if (at === undefined) return emptyBlock(description, region);
      const bytes = await unpacked(sequence, at, signal);
      // Rows may be padded, as they are uncompressed, or not.
      const yStride = bytes.length >= rowBytes * height ? rowBytes : tight;
      if (bytes.length < yStride * height)
        throw new PixelsUnreadable(`${source.name}: an image unpacks to ${bytes.length} bytes`);
      const parts = { description, source: memorySource(source.name, bytes), littleEndian: true };
      const layout = { offset: plane.c * size, xStride: components * size, yStride };
      const data = await readStrided(parts, layout, region, signal);
      return { ...emptyBlock(description, region), data } as PixelBlock;
    },
  };
}

function positionImage(
  { source, chunks, attributes }: Nd2File,
  loops: readonly Nd2Loop[],
  position: number,
  description: ImageDescription,
): ImagePixels {
  const size = bytesPerValue(attributes.type);
  if (attributes.compression === 0) return packedImage(source, chunks, attributes, loops, position, description);
  return stridedImage({
    description,
    source,
    littleEndian: true,
    async locate({ t, c, z }) {
      const at = chunks.images.get(sequenceOf(loops, t, z, position));
      if (at === undefined) return undefined;
      if (!isRead(attributes)) throw new PixelsUnreadable(`${source.name}: the pixels are compressed with loss`);
      const data = await chunkData(source, at);
      if (!data || data.length < attributes.rowBytes * attributes.height + 8)
        throw new PixelsUnreadable(`${source.name}: there is no whole image at offset ${at}`);
      // In front of the pixels stands the time of the image.
      return {
        offset: data.offset + 8 + c * size,
        xStride: attributes.components * size,
        yStride: attributes.rowBytes,
      };
    },
  });
}
