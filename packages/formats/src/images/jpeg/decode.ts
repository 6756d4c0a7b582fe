import { type LosslessFrame, decodeLosslessScan, readLosslessFrame } from './lossless.ts';
import { componentSamples } from './inverse-transform.ts';
import { decodeScan } from './scan.ts';
import {
  type JpegFrame,
  type JpegTables,
  JpegUnreadable,
  isFrameMarker,
  jpegTables,
  readFrame,
  takeTables,
} from './segments.ts';
import { type SampleArray, sampleArray, spreadSamples } from './spread-samples.ts';

export { JpegUnreadable } from './segments.ts';

/** A decoded picture, samples of a pixel side by side: bytes up to 8 bits, else numbers of 16. */
export interface JpegPicture {
  width: number;
  height: number;
  samples: number;
  /** Bits of a sample. */
  bits: number;
  data: SampleArray;
}

/** Choices and bounds of decoding. */
export interface JpegOptions {
  /** Tables that stand apart, as in TIFF (tag 347): a JPEG stream without a picture. */
  tables?: Uint8Array;
  /**
   * How three components are colours: `ycbcr` converts to red, green and blue, `stored` gives them as they are. Where
   * left out, the markers decide, as in files.
   */
  colour?: 'ycbcr' | 'stored';
  /** More pixels are refused; 2^28 where left out. */
  maxPixels?: number;
  signal?: AbortSignal;
}

/**
 * Decodes JPEG with Huffman coding (ITU-T T.81) of 1 to 4 components: baseline, extended and progressive of 8 and 12
 * bits, lossless of 2 to 16 bits.
 * @throws JpegUnreadable where the bytes are damaged or cut off, or of a kind we do not read
 */
export function decodeJpeg(bytes: Uint8Array, options: JpegOptions = {}): JpegPicture {
  const tables = jpegTables();
  if (options.tables) walk(options.tables, tables, options);
  const frame = walk(bytes, tables, options);
  if (!frame) throw new JpegUnreadable('no picture is in the data');
  return 'ids' in frame ? losslessPicture(frame) : pictureOf(frame, tables, options);
}

/** Goes through the segments; the frame where there is one, with its coefficients filled. */
function walk(bytes: Uint8Array, tables: JpegTables, options: JpegOptions): JpegFrame | LosslessFrame | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new JpegUnreadable('the data do not begin like a JPEG');
  let frame: JpegFrame | LosslessFrame | undefined;
  let scans = 0;
  let at = 2;
  while (at + 1 < bytes.length) {
    // Between segments anything but a marker is passed over, as other programs do.
    if (bytes[at] !== 0xff || bytes[at + 1] === 0xff || bytes[at + 1] === 0) {
      at++;
      continue;
    }
    const marker = bytes[at + 1]!;
    at += 2;
    if (marker === 0xd9) break;
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue;
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    if (length < 2 || at + length > bytes.length) {
      if (frame && scans > 0) break;
      throw new JpegUnreadable('a segment ends behind the end of the data');
    }
    const body = bytes.subarray(at + 2, at + length);
    at += length;
    if (isFrameMarker(marker)) {
      if (frame) throw new JpegUnreadable('there is more than one picture in the data');
      const most = options.maxPixels ?? 2 ** 28;
      frame =
        marker === 0xc3 ? readLosslessFrame(body, bytes.length, most) : readFrame(marker, body, bytes.length, most);
    } else if (marker === 0xda) {
      if (!frame) throw new JpegUnreadable('the pixels come before their size');
      // Progressive files have some ten scans; each walks all blocks, so their number must be bounded.
      if (++scans > 200) throw new JpegUnreadable('the picture has more than 200 scans');
      at =
        'ids' in frame
          ? decodeLosslessScan(bytes, body, at, frame, tables, options.signal)
          : decodeScan(bytes, body, at, frame, tables, options.signal);
    } else takeTables(marker, body, tables);
  }
  if (frame && scans === 0) throw new JpegUnreadable('the picture ends before its pixels do');
  return frame;
}

/** Lossless samples are the values themselves; nothing says that they are anything but what they are. */
function losslessPicture({ width, height, bits, ids, data }: LosslessFrame): JpegPicture {
  return { width, height, samples: ids.length, bits, data: bits > 8 ? data : Uint8Array.from(data) };
}

function pictureOf(frame: JpegFrame, tables: JpegTables, options: JpegOptions): JpegPicture {
  const { width, height, components, hMax, vMax, bits } = frame;
  const samples = components.length;
  const planes = components.map((component) => {
    const quantisation = tables.quantisation[component.quantisation];
    if (!quantisation) throw new JpegUnreadable('the picture uses a quantisation table that was not defined');
    options.signal?.throwIfAborted();
    const stride = component.blocksAcross * 8;
    const decoded = { ...component, samples: componentSamples(component, quantisation, bits), stride };
    return spreadSamples(decoded, hMax / component.h, vMax / component.v, width, height);
  });
  const data = sampleArray(bits, width * height * samples);
  for (const [sample, plane] of planes.entries())
    for (let n = 0, at = sample; n < plane.length; n++, at += samples) data[at] = plane[n]!;
  if (samples === 3 && isYcbcr(frame, tables, options)) toRgb(data, bits);
  return { width, height, samples, bits, data };
}

/** As the Independent JPEG Group's library decides: JFIF, then Adobe's marker, then the names of the components. */
function isYcbcr({ components }: JpegFrame, { jfif, adobe }: JpegTables, { colour }: JpegOptions): boolean {
  if (colour !== undefined) return colour === 'ycbcr';
  if (jfif) return true;
  if (adobe !== undefined) return adobe !== 0;
  return components.map(({ id }) => String.fromCharCode(id)).join('') !== 'RGB';
}

function toRgb(data: SampleArray, bits: number): void {
  const [middle, most] = [1 << (bits - 1), (1 << bits) - 1];
  const clamp = (value: number): number => (value < 0 ? 0 : value > most ? most : value);
  for (let at = 0; at < data.length; at += 3) {
    const y = data[at]!;
    const [cb, cr] = [data[at + 1]! - middle, data[at + 2]! - middle];
    data[at] = clamp(y + ((91_881 * cr + 32_768) >> 16));
    data[at + 1] = clamp(y + ((-22_554 * cb - 46_802 * cr + 32_768) >> 16));
    data[at + 2] = clamp(y + ((116_130 * cb + 32_768) >> 16));
  }
}
