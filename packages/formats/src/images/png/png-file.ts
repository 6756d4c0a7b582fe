import type { Issue } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { exifOrientation } from '../jpeg/exif.ts';
import { CachedRanges } from '../tiff/cached-ranges.ts';
import { pictureIssue } from './picture-issues.ts';

/** A PNG as it says itself (W3C PNG, third edition). */
export interface PngFile {
  width: number;
  height: number;
  bits: 1 | 2 | 4 | 8 | 16;
  /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGBA. */
  colorType: 0 | 2 | 3 | 4 | 6;
  interlaced: boolean;
  palette: Uint8Array | undefined;
  /** Opacity of the palette's entries. */
  opacity: Uint8Array | undefined;
  /** Pixels per meter, where the file says so. */
  pixelsPerMeter: { x: number; y: number } | undefined;
  /** How Exif says that the picture is to be turned (tag 274). */
  orientation: number | undefined;
  /** `keyword: text` of the text chunks, one a line. */
  text: string;
  /** Where the packed pixels lie. */
  data: { offset: number; length: number }[];
  issues: Issue[];
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Does a file begin like a PNG? */
export function isPng(head: Uint8Array): boolean {
  return signature.every((byte, index) => head[index] === byte);
}

/** Reads the chunks of a PNG without its pixels; `undefined` where the header is not one. */
export async function readPng(source: ByteSource): Promise<PngFile | undefined> {
  const ranges = new CachedRanges(source);
  const head = await ranges.read(0, 33);
  if (head.length < 33 || !isPng(head) || String.fromCharCode(...head.subarray(12, 16)) !== 'IHDR') return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [bits, colorType, packing, filtering, interlace] = head.subarray(24, 29);
  const known = width > 0 && height > 0 && width < 2 ** 31 && height < 2 ** 31 && packing === 0 && filtering === 0;
  if (!known || !depths[colorType!]?.includes(bits!) || interlace! > 1) return undefined;
  const png: PngFile = {
    width,
    height,
    bits: bits as PngFile['bits'],
    colorType: colorType as PngFile['colorType'],
    interlaced: interlace === 1,
    palette: undefined,
    opacity: undefined,
    pixelsPerMeter: undefined,
    orientation: undefined,
    text: '',
    data: [],
    issues: [],
  };
  await readChunks(png, source, ranges);
  return png;
}

async function readChunks(png: PngFile, source: ByteSource, ranges: CachedRanges): Promise<void> {
  let at = 33;
  // Each chunk has at least 12 bytes, so the walk ends; a million of them is beyond any real file.
  for (let chunks = 0; chunks < 1_000_000; chunks++) {
    const head = await ranges.read(at, 8);
    const length = head.length < 8 ? 0 : new DataView(head.buffer, head.byteOffset).getUint32(0);
    const kind = String.fromCharCode(...head.subarray(4, 8));
    if (kind === 'IEND') return;
    if (head.length < 8 || at + 12 + length > source.size) {
      const message = `The file ends at ${source.size} bytes, within the part at offset ${at}.`;
      png.issues.push(pictureIssue('picture-truncated', message, { where: { file: source.name, offset: at } }));
      if (kind === 'IDAT') png.data.push({ offset: at + 8, length: Math.max(0, source.size - at - 8) });
      return;
    }
    if (kind === 'IDAT') png.data.push({ offset: at + 8, length });
    else if (length <= 65_536) takeChunk(png, kind, await ranges.read(at + 8, length));
    at += 12 + length;
  }
}

function takeChunk(png: PngFile, kind: string, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (kind === 'PLTE' && bytes.length <= 768 && bytes.length % 3 === 0) png.palette = bytes;
  else if (kind === 'tRNS') png.opacity = bytes;
  else if (kind === 'eXIf') png.orientation = exifOrientation(bytes);
  else if (kind === 'pHYs' && bytes.length === 9 && bytes[8] === 1)
    png.pixelsPerMeter = { x: view.getUint32(0), y: view.getUint32(4) };
  else if (kind === 'tEXt' && png.text.length < 1_000_000) {
    const text = new TextDecoder('latin1').decode(bytes);
    png.text += `${text.replace('\0', ': ')}\n`;
  }
}
