import type { ImageDescription, PixelType } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { stemOf } from '../../bytes/file-tree.ts';
import { converterFinding, pixelsOfConverter } from '../converter/known-by-name.ts';
import { imageFindings } from '../findings.ts';
import type { OpenedImages } from '../image-reader.ts';
import { known, micrometers, positive, voxelSizeOf } from '../stored/stated-values.ts';
import { singleLevel } from '../stored/strided-image.ts';
import { julianDate } from './describe.ts';

/** Boxes that are looked at; a film has one with pixels for each plane. */
const mostBoxes = 100_000;
/** Bytes of texts that are kept. */
const mostText = 4 << 20;

/** What the boxes of a JPEG 2000 container say (ITU-T T.800, annex I). */
interface OldNd2 {
  width: number;
  height: number;
  components: number;
  bits: number;
  /** Boxes with pixels. */
  planes: number;
  /** XML that NIS-Elements kept beside the pixels. */
  text: string;
}

/**
 * Describes an ND2 of before 2009, whose pixels are JPEG 2000: size and depth by the container's header, calibration, objective
 * and date by the XML of NIS-Elements in it. Not seen on a real file.
 */
export async function openOldNd2(source: ByteSource, path: string, signal?: AbortSignal): Promise<OpenedImages> {
  const found = await readBoxes(source, signal);
  const issues = [converterFinding('an ND2 of before 2009 (JPEG 2000)', path, '')];
  const rawMetadata = found.text === '' ? {} : { rawMetadata: { mediaType: 'application/xml', text: found.text } };
  const description = describe(found, stemOf(path));
  if (!description) return { images: [], issues, ...rawMetadata };
  const image = {
    description,
    levels: [singleLevel(description)],
    readRegion: () => Promise.reject(pixelsOfConverter('ND2 of before 2009', path)),
  };
  return { images: [image], issues: [...issues, ...imageFindings(description, path)], ...rawMetadata };
}

async function readBoxes(source: ByteSource, signal: AbortSignal | undefined): Promise<OldNd2> {
  const found: OldNd2 = { width: 0, height: 0, components: 0, bits: 0, planes: 0, text: '' };
  const end = source.size;
  let at = 0;
  for (let boxes = 0; at + 8 <= end && boxes < mostBoxes; boxes++) {
    const head = await source.read(at, 16, signal);
    if (head.length < 8) break;
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    const kind = String.fromCharCode(...head.subarray(4, 8));
    const short = view.getUint32(0);
    const size = short === 1 && head.length === 16 ? Number(view.getBigUint64(8)) : short === 0 ? end - at : short;
    const inside = at + (short === 1 ? 16 : 8);
    if (!(size >= inside - at) || !Number.isSafeInteger(size)) break;
    if (kind === 'jp2h') {
      at = inside;
      continue;
    }
    if (kind === 'ihdr') takeHeader(found, await source.read(inside, 14, signal));
    else if (kind === 'jp2c') found.planes++;
    else if (size <= mostText && found.text.length < mostText) {
      const bytes = await source.read(inside, size - (inside - at), signal);
      const text = new TextDecoder('utf-8').decode(bytes).replaceAll('\0', '');
      const from = text.search(/<(\?xml|variant)/);
      if (from >= 0) found.text += `${text.slice(from)}\n`;
    }
    at += size;
  }
  return found;
}

function takeHeader(found: OldNd2, bytes: Uint8Array): void {
  if (bytes.length < 11) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  found.height = view.getUint32(0);
  found.width = view.getUint32(4);
  found.components = view.getUint16(8);
  found.bits = (bytes[10]! & 0x7f) + 1;
}

/** More pixels in a row than this are damage. */
const largestSide = 10_000_000;

function describe(
  { width, height, components, bits, planes, text }: OldNd2,
  name: string,
): ImageDescription | undefined {
  if (!(width > 0 && height > 0 && width <= largestSide && height <= largestSide)) return undefined;
  if (!(components > 0 && components <= 1000 && bits > 0 && bits <= 16)) return undefined;
  const type: PixelType = bits > 8 ? 'uint16' : 'uint8';
  const stated = (key: string): string | undefined =>
    new RegExp(`<${key}\\b[^>]*\\bvalue="([^"<]{1,200})"`).exec(text)?.[1]?.trim() || undefined;
  const pixel = micrometers(stated('dCalibration'));
  const lens = stated('wsObjectiveName') ?? stated('sObjective');
  const objective = {
    ...known('model', lens),
    ...known('magnification', positive(/(\d+(?:\.\d+)?)\s*x\b/i.exec(lens ?? '')?.[1])),
    ...known('numericalAperture', positive(stated('dObjectiveNA'))),
  };
  return {
    name,
    sizes: { t: Math.max(1, planes), c: components, z: 1, y: height, x: width },
    type,
    ...voxelSizeOf(pixel, pixel),
    channels: Array.from({ length: components }, () => ({ name: '' })),
    ...known('acquiredAt', julianDate(positive(stated('dTimeAbsolute')))),
    instrument: { manufacturer: 'Nikon', ...(Object.keys(objective).length > 0 ? { objective } : {}) },
    ...(bits > 8 && bits < 16 ? { significantBits: bits } : {}),
  };
}
