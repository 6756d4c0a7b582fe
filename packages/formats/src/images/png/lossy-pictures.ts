import type { ImageDescription, PixelType } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { imageFinding, imageFindings, orientationFindings } from '../findings.ts';
import { cropPlane } from '../crop.ts';
import { GifCanvas, GifUnreadable, gifLayout } from '../gif/decode.ts';
import { type ImagePixels, type ImageReader, type OpenedImages, PixelsUnreadable } from '../image-reader.ts';
import { JpegUnreadable, decodeJpeg } from '../jpeg/decode.ts';
import { segmentOrientation } from '../jpeg/exif.ts';
import { checkedRegion } from '../stored/strided-image.ts';
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
  /** Why the pixels cannot be decoded; left out where they can. */
  unread?: string;
  /** How Exif says that the picture is to be turned (tag 274); left out where it says nothing. */
  orientation?: number;
}

/** Size of a JPEG from its frame header (ITU-T T.81, B.2.2); `undefined` where none is found. */
export async function readJpegHeader(source: ByteSource): Promise<PictureHeader | undefined> {
  const ranges = new CachedRanges(source);
  let at = 2;
  let orientation: number | undefined;
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
      const unread =
        marker > 0xc3
          ? 'The pixels are stored as hierarchical or arithmetic JPEG, which we do not decode.'
          : marker !== 0xc3 && head[4] !== 8 && head[4] !== 12
            ? `The pixels are stored as JPEG of ${head[4]} bits.`
            : samples !== 1 && samples !== 3
              ? `The JPEG has ${samples} colour components, as for printing.`
              : undefined;
      const type = head[4]! > 8 ? 'uint16' : 'uint8';
      return {
        width,
        height,
        samples,
        type,
        frames: 1,
        ...(unread === undefined ? {} : { unread }),
        ...(orientation === undefined ? {} : { orientation }),
      };
    }
    if (marker === 0xe1) orientation ??= segmentOrientation(await ranges.read(at + 4, view.getUint16(2)));
    at += 2 + Math.max(2, view.getUint16(2));
  }
  return undefined;
}

/** Pictures are unpacked from files of up to this size; larger ones are described only. */
const maxPackedBytes = 512 << 20;
/** More pixels are not unpacked at once. */
const maxPixels = 2 ** 28;

/** What a picture file gives when it is opened. */
interface OpenPicture {
  header: PictureHeader;
  /** Why the pixels cannot be read, in plain words; `undefined` where they can. */
  unread: string | undefined;
  /** Pixels of one picture; what is asked for again is kept by the caller. */
  decode(frame: number, signal?: AbortSignal): Promise<Uint8Array | Uint16Array>;
}

async function openJpeg(source: ByteSource): Promise<OpenPicture | undefined> {
  const header = await readJpegHeader(source);
  return (
    header && {
      header,
      unread: header.unread ?? tooLarge(source, header),
      async decode(_frame, signal) {
        const bytes = await source.read(0, source.size, signal);
        return decodeJpeg(bytes, { maxPixels, ...(signal ? { signal } : {}) }).data;
      },
    }
  );
}

async function openGif(source: ByteSource): Promise<OpenPicture | undefined> {
  const bytes = await source.read(0, Math.min(source.size, maxPackedBytes));
  const layout = gifLayout(bytes);
  if (!layout) return undefined;
  const { width, height, frames } = layout;
  const header: PictureHeader = { width, height, samples: 3, type: 'uint8', frames: frames.length };
  let canvas: GifCanvas | undefined;
  return {
    header,
    unread: tooLarge(source, header),
    decode: async (frame) => (canvas ??= new GifCanvas(bytes, layout)).at(frame).slice(),
  };
}

function tooLarge(source: ByteSource, { width, height }: PictureHeader): string | undefined {
  return source.size > maxPackedBytes || width * height > maxPixels
    ? `The picture of ${width} x ${height} pixels is too large to unpack at once.`
    : undefined;
}

/** A reader of pictures in a lossy or 8-bit form. */
function pictureReader(
  name: string,
  openPicture: (source: ByteSource) => Promise<OpenPicture | undefined>,
  why: string,
): ImageReader {
  return {
    async open(item: Item): Promise<OpenedImages> {
      const where = { file: item.path };
      const entry = mainEntry(item);
      const opened = entry && (await openPicture(reopeningSource(entry)));
      if (!opened) {
        const message = `The file begins like a ${name}, but says nothing of its size.`;
        return { images: [], issues: [pictureIssue('picture-broken', message, { where })] };
      }
      const { width, height, samples, type, frames } = opened.header;
      const description: ImageDescription = {
        name: stemOf(item.path),
        sizes: { t: frames, c: 1, z: 1, y: height, x: width },
        type,
        ...(samples > 1 ? { samples } : {}),
        channels: [{ name: '' }],
      };
      return {
        images: [pictureOf(description, opened, item.path)],
        issues: [
          imageFinding('lossy-primary-data', why, { where }),
          ...(opened.unread === undefined ? [] : [imageFinding('compression-not-read', opened.unread, { where })]),
          ...orientationFindings(opened.header.orientation, item.path),
          ...imageFindings(description, item.path),
        ],
      };
    },
  };
}

/** The pixels of a picture; the frame read last is kept, so that reading it tile by tile unpacks it once. */
function pictureOf(description: ImageDescription, opened: OpenPicture, path: string): ImagePixels {
  const { x: width, y: height } = description.sizes;
  let kept: { frame: number; data: Uint8Array | Uint16Array } | undefined;
  return {
    description,
    levels: [{ width, height, depth: 1, tileWidth: width, tileHeight: height }],
    async readRegion(plane, wanted, level = 0, signal) {
      const region = checkedRegion(description, plane, wanted, level);
      if (opened.unread !== undefined) throw new PixelsUnreadable(`${path}: ${opened.unread}`);
      if (kept?.frame !== plane.t) {
        try {
          kept = { frame: plane.t, data: await opened.decode(plane.t, signal) };
        } catch (cause) {
          if (!(cause instanceof JpegUnreadable || cause instanceof GifUnreadable)) throw cause;
          throw new PixelsUnreadable(`${path}: ${cause.message}`, { cause });
        }
      }
      return cropPlane(description, kept.data, region);
    },
  };
}

/** Reads JPEG pictures: baseline and progressive, grey and colour. */
export const jpegReader = pictureReader(
  'JPEG',
  openJpeg,
  'JPEG loses information; intensities cannot be measured in it.',
);

/** Reads GIF pictures and animations, as they are shown. */
export const gifReader = pictureReader(
  'GIF',
  openGif,
  'GIF keeps at most 256 colours; intensities cannot be measured in it.',
);
