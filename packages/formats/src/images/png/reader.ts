import type { ImageDescription, Issue } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { cropPlane } from '../crop.ts';
import { imageFindings, orientationFindings } from '../findings.ts';
import type { ImagePixels, ImageReader, OpenedImages } from '../image-reader.ts';
import type { PixelArray } from '../pixel-arrays.ts';
import { rounded } from '../ome-xml/to-model.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import { mainEntry } from '../tiff/reader.ts';
import { decodePng, maxBytes, maxPixels, shownSamples, unpackedBytes } from './decode.ts';
import { pictureIssue } from './picture-issues.ts';
import { type PngFile, readPng } from './png-file.ts';

/** An unpacked picture is kept up to this size, so that reading it tile by tile unpacks it once. */
const keptBytes = 128 << 20;

/** Opens PNG pictures: grey, RGB(A) and palette, up to 16 bits, interlaced or not. */
export const pngReader: ImageReader = {
  async open(item: Item): Promise<OpenedImages> {
    const entry = mainEntry(item);
    const source = entry && reopeningSource(entry);
    const png = source && (await readPng(source));
    if (!source || !png) {
      const message = 'The file begins like a PNG, but its header cannot be read.';
      return { images: [], issues: [pictureIssue('picture-broken', message, { where: { file: item.path } })] };
    }
    const { image, issues } = openPng(png, source, item.path);
    return {
      images: [image],
      issues: [...issues, ...imageFindings(image.description, item.path)],
      ...(png.text === '' ? {} : { rawMetadata: { mediaType: 'text/plain', text: png.text } }),
    };
  },
};

/** The image of a PNG whose chunks were read, and what is wrong with it. */
export function openPng(png: PngFile, source: ByteSource, path: string): { image: ImagePixels; issues: Issue[] } {
  const description = describe(png, path);
  const issues = [...png.issues, ...sizeIssues(png, path), ...orientationFindings(png.orientation, path)];
  let kept: Promise<PixelArray> | undefined;
  const plane = (signal?: AbortSignal): Promise<PixelArray> => {
    if (kept) return kept;
    if (unpackedBytes(png) > keptBytes) return decodePng(png, source, signal);
    // Shared by all who ask, so that none of them may abort it for the others.
    const decoded = decodePng(png, source);
    kept = decoded;
    // A failed attempt must not answer for later ones.
    decoded.catch(() => (kept = undefined));
    return decoded;
  };
  const { width, height } = png;
  const image: ImagePixels = {
    description,
    levels: [{ width, height, depth: 1, tileWidth: width, tileHeight: height }],
    readRegion: async (_plane, region, _level, signal) => cropPlane(description, await plane(signal), region),
  };
  return { image, issues };
}

function sizeIssues(png: PngFile, path: string): Issue[] {
  const where = { file: path };
  const packed = png.data.reduce((sum, part) => sum + part.length, 0);
  if (png.width * png.height > maxPixels || unpackedBytes(png) > maxBytes)
    return [pictureIssue('picture-too-large', `The picture is ${png.width} x ${png.height} pixels large.`, { where })];
  if (unpackedBytes(png) <= packed * 1032 + 64 || png.issues.length > 0) return [];
  const message = `${packed} bytes of packed data cannot hold the ${png.width} x ${png.height} pixels the picture claims.`;
  return [pictureIssue('picture-truncated', message, { where })];
}

function describe(png: PngFile, path: string): ImageDescription {
  const samples = shownSamples(png);
  const voxelSize = pixelSize(png);
  return {
    name: stemOf(path),
    sizes: { t: 1, c: 1, z: 1, y: png.height, x: png.width },
    type: png.bits === 16 ? 'uint16' : png.bits === 1 && png.colorType === 0 ? 'bool' : 'uint8',
    ...(samples > 1 ? { samples } : {}),
    ...(voxelSize ? { voxelSize } : {}),
    channels: [{ name: '' }],
    ...(png.bits < 8 && png.bits > 1 && png.colorType === 0 ? { significantBits: png.bits } : {}),
  };
}

/** Print and screen densities (pixels above 20 µm) are not measurements. */
function pixelSize({ pixelsPerMeter }: PngFile): ImageDescription['voxelSize'] {
  if (!pixelsPerMeter) return undefined;
  const x = 1e6 / pixelsPerMeter.x;
  const y = 1e6 / pixelsPerMeter.y;
  if (!(x >= 0.001 && x <= 20 && y >= 0.001 && y <= 20)) return undefined;
  return { y: { value: rounded(y), unit: 'micrometer' }, x: { value: rounded(x), unit: 'micrometer' } };
}
