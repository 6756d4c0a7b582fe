import type {
  ChannelDescription,
  ImageDescription,
  InstrumentDescription,
  PixelType,
  PlaneIndex,
} from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { type FileEntry, baseName, stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { imageFinding, imageFindings } from '../findings.ts';
import type { ImageReader, OpenedImages } from '../image-reader.ts';
import { bytesPerValue } from '../pixel-arrays.ts';
import { checkClaimedSize, fixedTexts } from '../stored/claimed-size.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';
import { rounded } from '../ome-xml/to-model.ts';
import { known, micrometers, positive, timeStepOf, voxelSizeOf } from '../stored/stated-values.ts';
import { stridedImage } from '../stored/strided-image.ts';
import { decodeText } from '../tiff/directory.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import { mainEntry } from '../tiff/reader.ts';
import { lensOfNumber } from './lenses.ts';
import { type DvLog, dvLogNames, readDvLog } from './log.ts';

interface DvHeader {
  little: boolean;
  width: number;
  height: number;
  z: number;
  t: number;
  waves: number;
  type: PixelType | undefined;
  mode: number;
  sequence: number;
  pixel: [number, number, number];
  extended: number;
  /** Numbers per section in the extended header. */
  integers: number;
  floats: number;
  wavelengths: number[];
  lens: number;
  titles: string[];
}

const modes: Readonly<Record<number, PixelType>> = { 0: 'uint8', 1: 'int16', 2: 'float32', 6: 'uint16' };

/** Opens DeltaVision files: one image of z, t and wavelengths in the order the header states. */
export const dvReader: ImageReader = {
  async open(item: Item, options = {}): Promise<OpenedImages> {
    const where = { file: item.path };
    const entry = mainEntry(item);
    const source = entry && reopeningSource(entry);
    const header = source && readHeader(await source.read(0, 1024, options.signal));
    if (!source || typeof header !== 'object') {
      const message = `The header of the DeltaVision file cannot be used: ${header ?? 'it is not there'}.`;
      return { images: [], issues: [microscopeIssue('microscope-image-unusable', message, { where })] };
    }
    const titles = { mediaType: 'text/plain', text: header.titles.join('\n') };
    const { type } = header;
    if (!type) {
      const message = `The pixels are of mode ${header.mode}, which we do not read.`;
      return { images: [], issues: [imageFinding('pixel-type-not-read', message, { where })], rawMetadata: titles };
    }
    const start = 1024 + header.extended;
    const row = header.width * bytesPerValue(type);
    const section = row * header.height;
    const sections = header.z * header.t * header.waves;
    const { usable, issues } = checkClaimedSize(start + section * sections, source.size, item.path);
    if (!usable) return { images: [], issues, rawMetadata: titles };
    const description = describe(header, type, item.path, await sectionValues(source, header));
    const log = await logBeside(item, entry);
    if (log !== undefined) addLog(description, readDvLog(log));
    const image = stridedImage({
      description,
      source,
      littleEndian: header.little,
      locate: (plane) => ({
        offset: start + sectionOf(header, plane) * section,
        xStride: bytesPerValue(type),
        yStride: row,
      }),
    });
    const rawMetadata = log === undefined ? titles : { ...titles, text: [titles.text, log].filter(Boolean).join('\n') };
    return { images: [image], issues: [...issues, ...imageFindings(description, item.path)], rawMetadata };
  },
};

/** Logs above this size are not read. */
const mostLogBytes = 4 << 20;

/** Text of the log the microscope wrote beside the image. */
async function logBeside(item: Item, image: FileEntry): Promise<string | undefined> {
  const names = new Set(dvLogNames(baseName(image.path)));
  const entry = item.tree.entries.find(({ path }) => names.has(baseName(path)));
  if (!entry || entry.size > mostLogBytes) return undefined;
  return decodeText(await reopeningSource(entry).read(0, entry.size));
}

/** The log names lens and filters in words and knows the camera; the image knows the numbers. */
function addLog(description: ImageDescription, log: DvLog): void {
  if (log.channelNames.length === description.channels.length)
    for (const [c, channel] of description.channels.entries()) channel.name = log.channelNames[c]!;
  if (log.acquiredAt) description.acquiredAt ??= log.acquiredAt;
  if (log.instrument)
    description.instrument = {
      ...description.instrument,
      ...log.instrument,
      ...known('objective', mergedLens(description.instrument?.objective, log.instrument.objective)),
    };
}

type Lens = NonNullable<InstrumentDescription['objective']>;

function mergedLens(numbered: Lens | undefined, named: Lens | undefined): Lens | undefined {
  return numbered || named ? { ...numbered, ...named } : undefined;
}

/** The header in its own byte order; a text says why it cannot be used. */
function readHeader(bytes: Uint8Array): DvHeader | string {
  if (bytes.length < 1024) return 'the file is shorter than the header';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[96] === 0xa0;
  const int = (at: number): number => view.getInt32(at, little);
  const short = (at: number): number => view.getInt16(at, little);
  const [width, height, sections] = [int(0), int(4), int(8)];
  const t = Math.max(1, short(180));
  const waves = Math.max(1, short(196));
  const extended = int(92);
  if (width < 1 || height < 1 || sections < 1) return `${width} x ${height} pixels in ${sections} sections`;
  if (sections % (t * waves) !== 0) return `${sections} sections are not ${t} times of ${waves} wavelengths`;
  if (extended < 0) return `an extended header of ${extended} bytes`;
  return {
    little,
    width,
    height,
    z: sections / (t * waves),
    t,
    waves,
    mode: int(12),
    type: modes[int(12)],
    sequence: short(182),
    pixel: [40, 44, 48].map((at) => float(view, at, little)) as [number, number, number],
    extended,
    integers: Math.max(0, short(128)),
    floats: Math.max(0, short(130)),
    wavelengths: Array.from({ length: Math.min(5, waves) }, (_, n) => short(198 + 2 * n)),
    lens: short(162),
    titles: fixedTexts(bytes.subarray(224), 80),
  };
}

/** A 32-bit float as the decimal number that was meant: 0.13262, not 0.13262000679969788. */
function float(view: DataView, at: number, little: boolean): number {
  return Number(view.getFloat32(at, little).toPrecision(7));
}

/** Number of the section of a plane, in the order of the header (0 ZTW, 1 WZT, 2 ZWT; the first is the fastest). */
function sectionOf({ sequence, z: depth, t: times, waves }: DvHeader, { z, c, t }: PlaneIndex): number {
  if (sequence === 1) return c + waves * (z + depth * t);
  if (sequence === 2) return z + depth * (c + waves * t);
  return z + depth * (t + times * c);
}

/** Extended headers up to this size are read whole. */
const mostRecordBytes = 32 << 20;
/** Plane times that are kept. */
const mostTimes = 10_000;

interface SectionValues {
  /** Seconds, of the first section of each time. */
  times: number[];
  exposures: (number | undefined)[];
  excitations: (number | undefined)[];
  /** Stage position of the first section, in micrometers. */
  stage?: [number, number, number];
}

/** Values of the extended header that describe times and channels; empty where it is absent. */
async function sectionValues(source: ByteSource, header: DvHeader): Promise<SectionValues> {
  const found: SectionValues = { times: [], exposures: [], excitations: [] };
  const { integers, floats, t: times, waves, z, extended, little } = header;
  const bytes = 4 * (integers + floats);
  if (floats < 12 || bytes * z * times * waves > extended) return found;
  // Records of long films are read at once: one request instead of thousands.
  const size = bytes * z * times * waves;
  const records = times > 1 && size <= mostRecordBytes ? await source.read(1024, size) : undefined;
  const at = async (plane: PlaneIndex): Promise<DataView | undefined> => {
    const start = bytes * sectionOf(header, plane) + 4 * integers;
    const part = records?.slice(start, start + 48) ?? (await source.read(1024 + start, 48));
    return part.length === 48 ? new DataView(part.buffer, part.byteOffset) : undefined;
  };
  for (let c = 0; c < waves; c++) {
    const view = await at({ t: 0, c, z: 0 });
    if (view && c === 0)
      found.stage = [8, 12, 16].map((place) => float(view, place, little)) as [number, number, number];
    found.exposures.push(view && positive(float(view, 32, little)));
    found.excitations.push(view && positive(float(view, 40, little)));
  }
  for (let t = 0; t < Math.min(times, records ? mostTimes : 100) && times > 1; t++)
    found.times.push((await at({ t, c: 0, z: 0 }))?.getFloat32(4, little) ?? Number.NaN);
  return found;
}

function stageOf([x, y, z]: readonly [number, number, number]): NonNullable<ImageDescription['origin']> {
  const micrometer = (value: number) => ({ value, unit: 'micrometer' });
  return { z: micrometer(z), y: micrometer(y), x: micrometer(x) };
}

function describe(header: DvHeader, type: PixelType, path: string, values: SectionValues): ImageDescription {
  const [x, y, z] = header.pixel.map((size) => micrometers(size));
  return {
    name: stemOf(path),
    sizes: { t: header.t, c: header.waves, z: header.z, y: header.height, x: header.width },
    type,
    ...voxelSizeOf(x, y, z),
    ...timeStepOf(values.times),
    ...(values.times.length === header.t && header.t > 1 && values.times.every(Number.isFinite)
      ? { planeTimes: values.times.map((time) => rounded(time - values.times[0]!)) }
      : {}),
    ...(values.times[0] !== undefined && values.times[0] > 0
      ? { timeOffset: { value: rounded(Number(values.times[0].toPrecision(7))), unit: 'second' } }
      : {}),
    ...(values.stage?.every(Number.isFinite) && values.stage.some((place) => place !== 0)
      ? { origin: stageOf(values.stage) }
      : {}),
    channels: Array.from({ length: header.waves }, (_, index): ChannelDescription => {
      const emission = positive(header.wavelengths[index]);
      return {
        name: '',
        ...known('emissionNanometers', emission),
        ...known('excitationNanometers', values.excitations[index]),
        ...known('exposureSeconds', values.exposures[index]),
      };
    }),
    ...(header.lens > 0 ? { instrument: { objective: lensOfNumber(header.lens) } } : {}),
  };
}
