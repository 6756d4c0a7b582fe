import { crc32 } from '../../containers/zip/crc32.ts';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

async function zlibbed(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function pngChunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + content.length);
  const data = new DataView(bytes.buffer);
  data.setUint32(0, content.length);
  for (let n = 0; n < 4; n++) bytes[4 + n] = type.charCodeAt(n);
  bytes.set(content, 8);
  data.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

/**
 * Encodes a picture as PNG: 8 bits, red, green, blue and (of four bytes a pixel) opacity, not interlaced. Source: PNG specification, third edition.
 * @param rgba four or three bytes a pixel, row by row; length `width * height * 4` or `* 3`
 */
export async function encodePng(width: number, height: number, rgba: Uint8Array): Promise<Uint8Array> {
  const samples = rgba.length === width * height * 3 ? 3 : 4;
  if (width < 1 || height < 1 || rgba.length !== width * height * samples)
    throw new RangeError(`${rgba.length} bytes are not a picture of ${width} x ${height}`);
  const head = new Uint8Array(13);
  const data = new DataView(head.buffer);
  data.setUint32(0, width);
  data.setUint32(4, height);
  head.set([8, samples === 3 ? 2 : 6, 0, 0, 0], 8);
  const row = width * samples;
  const filtered = new Uint8Array(height * (row + 1));
  for (let y = 0; y < height; y++) {
    const to = y * (row + 1);
    // Filter "up": neighbouring rows of micrographs are alike.
    filtered[to] = y === 0 ? 0 : 2;
    for (let n = 0; n < row; n++)
      filtered[to + 1 + n] = y === 0 ? rgba[n]! : rgba[y * row + n]! - rgba[(y - 1) * row + n]!;
  }
  const parts = [
    Uint8Array.from(signature),
    pngChunk('IHDR', head),
    pngChunk('IDAT', await zlibbed(filtered)),
    pngChunk('IEND', new Uint8Array(0)),
  ];
  const png = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    png.set(part, at);
    at += part.length;
  }
  return png;
}
