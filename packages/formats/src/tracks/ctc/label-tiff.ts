import { type FieldToWrite, aligned, directorySize, encodeDirectory } from '../../images/tiff/encode-directory.ts';
import { tag } from '../../images/tiff/tags.ts';
import type { FileSinkWriter } from '../track-reader.ts';

/** Writes a label image as a classic TIFF, one deflated strip a slice: label images are mostly 0 and shrink a hundredfold. */
export async function writeLabelTiff(
  writer: FileSinkWriter,
  width: number,
  height: number,
  pixels: Uint16Array | Uint32Array,
): Promise<void> {
  const perSlice = width * height;
  const slices: Uint8Array[] = [];
  for (let at = 0; at < pixels.length; at += perSlice)
    slices.push(await deflate(littleEndian(pixels.subarray(at, at + perSlice))));
  const fields = (offset: number, length: number): FieldToWrite[] => [
    { tag: tag.imageWidth, type: 4, values: [width] },
    { tag: tag.imageLength, type: 4, values: [height] },
    { tag: tag.bitsPerSample, type: 3, values: [pixels.BYTES_PER_ELEMENT * 8] },
    { tag: tag.compression, type: 3, values: [8] },
    { tag: tag.photometric, type: 3, values: [1] },
    { tag: tag.stripOffsets, type: 4, values: [offset] },
    { tag: tag.samplesPerPixel, type: 3, values: [1] },
    { tag: tag.rowsPerStrip, type: 4, values: [height] },
    { tag: tag.stripByteCounts, type: 4, values: [length] },
    { tag: tag.sampleFormat, type: 3, values: [1] },
  ];
  const directory = directorySize(fields(0, 0), false);
  const header = new Uint8Array(8);
  const view = new DataView(header.buffer);
  view.setUint32(0, 0x002a4949, true);
  let at = 8;
  view.setUint32(4, at + aligned(slices[0]!.length), true);
  await writer.write(header);
  for (const [index, slice] of slices.entries()) {
    const padded = aligned(slice.length);
    const behind = at + padded + directory;
    const next = slices[index + 1];
    await writer.write(slice);
    await writer.write(new Uint8Array(padded - slice.length));
    await writer.write(
      encodeDirectory(fields(at, slice.length), at + padded, next ? behind + aligned(next.length) : 0, false),
    );
    at = behind;
  }
}

function littleEndian(pixels: Uint16Array | Uint32Array): Uint8Array {
  const bytes = new Uint8Array(pixels.byteLength);
  const view = new DataView(bytes.buffer);
  const size = pixels.BYTES_PER_ELEMENT;
  for (let i = 0; i < pixels.length; i++)
    if (pixels[i] !== 0) {
      if (size === 2) view.setUint16(i * 2, pixels[i]!, true);
      else view.setUint32(i * 4, pixels[i]!, true);
    }
  return bytes;
}

async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
