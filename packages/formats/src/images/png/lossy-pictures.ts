import type { ImageDescription, PixelType } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { imageFinding, imageFindings } from '../findings.ts';
import { type ImageReader, type OpenedImages, PixelsUnreadable } from '../image-reader.ts';
import { CachedRanges } from '../tiff/cached-ranges.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import { mainEntry } from '../tiff/reader.ts';
import { pictureIssue } from './picture-issues.ts';

/** What the header of a picture says. */
export interface PictureHeader {
  width: number;
  height: number;
  samples: number;
  type: PixelType;
  /** Pictures of an animation. */
  frames: number;
}

/** Size of a JPEG from its frame header (ITU-T T.81, B.2.2); `undefined` where none is found. */
export async function readJpegHeader(source: ByteSource): Promise<PictureHeader | undefined> {
  const ranges = new CachedRanges(source);
  let at = 2;
  for (let segments = 0; segments < 10_000; segments++) {
    const head = await ranges.read(at, 10);
    if (head.length < 4 || head[0] !== 0xff) return undefined;
    const marker = head[1]!;
    // Fill bytes, and markers without a length.
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    if (marker === 0xd9 || marker === 0xda) return undefined;
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame && head.length === 10) {
      const [height, width, samples] = [view.getUint16(5), view.getUint16(7), head[9]!];
      if (width === 0 || height === 0 || samples === 0) return undefined;
      return { width, height, samples, type: head[4]! > 8 ? 'uint16' : 'uint8', frames: 1 };
    }
    at += 2 + Math.max(2, view.getUint16(2));
  }
  return undefined;
}

/** GIFs are looked through up to this size to count their pictures. */
const maxGifBytes = 64 << 20;

/** Size and number of pictures of a GIF (GIF89a); `undefined` where it has none. */
export async function readGifHeader(source: ByteSource): Promise<PictureHeader | undefined> {
  const bytes = await source.read(0, Math.min(source.size, maxGifBytes));
  if (bytes.length < 13) return undefined;
  const [width, height] = [bytes[6]! | (bytes[7]! << 8), bytes[8]! | (bytes[9]! << 8)];
  const table = (flags: number): number => ((flags & 0x80) !== 0 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + table(bytes[10]!);
  let frames = 0;
  while (at < bytes.length) {
    const block = bytes[at];
    if (block === 0x2c) {
      frames++;
      at += 11 + table(bytes[at + 9] ?? 0);
    } else if (block === 0x21) {
      at += 2;
    } else break;
    // Sub-blocks: a length and as many bytes, until a length of 0.
    while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at]!;
    at++;
  }
  if (width === 0 || height === 0 || frames === 0) return undefined;
  return { width, height, samples: 3, type: 'uint8', frames };
}

/** A reader of pictures that are described, not decoded. */
function headerReader(
  name: string,
  read: (source: ByteSource) => Promise<PictureHeader | undefined>,
  why: string,
): ImageReader {
  return {
    async open(item: Item): Promise<OpenedImages> {
      const where = { file: item.path };
      const entry = mainEntry(item);
      const header = entry && (await read(reopeningSource(entry)));
      if (!header) {
        const message = `The file begins like a ${name}, but says nothing of its size.`;
        return { images: [], issues: [pictureIssue('picture-broken', message, { where })] };
      }
      const { width, height, samples, type, frames } = header;
      const description: ImageDescription = {
        name: stemOf(item.path),
        sizes: { t: frames, c: 1, z: 1, y: height, x: width },
        type,
        ...(samples > 1 ? { samples } : {}),
        channels: [{ name: '' }],
      };
      return {
        images: [
          {
            description,
            levels: [{ width, height, depth: 1, tileWidth: width, tileHeight: height }],
            readRegion: () => Promise.reject(new PixelsUnreadable(`${item.path}: pixels of ${name} are not read`)),
          },
        ],
        issues: [
          imageFinding('lossy-primary-data', why, { where }),
          imageFinding('compression-not-read', `The pixels are stored as ${name}.`, { where }),
          ...imageFindings(description, item.path),
        ],
      };
    },
  };
}

/** Describes JPEG pictures. */
export const jpegReader = headerReader(
  'JPEG',
  readJpegHeader,
  'JPEG loses information; intensities cannot be measured in it.',
);

/** Describes GIF pictures and animations. */
export const gifReader = headerReader(
  'GIF',
  readGifHeader,
  'GIF keeps at most 256 colours; intensities cannot be measured in it.',
);
