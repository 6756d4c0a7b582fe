import { type HuffmanTable, huffmanTable } from './huffman.ts';

/** A JPEG that cannot be decoded: damaged, cut off, or of a kind we do not read. */
export class JpegUnreadable extends Error {
  override readonly name = 'JpegUnreadable';
}

/** One component (brightness or colour) of a frame. */
export interface JpegComponent {
  readonly id: number;
  /** Sampling factors, 1 to 4. */
  readonly h: number;
  readonly v: number;
  readonly quantisation: number;
  /** Blocks across and down, whole units of the frame. */
  readonly blocksAcross: number;
  readonly blocksDown: number;
  /** Samples that belong to the picture. */
  readonly width: number;
  readonly height: number;
  readonly coefficients: Int16Array;
  predicted: number;
}

/** The frame header: size and components. */
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly progressive: boolean;
  /** Bits of a sample: 8 or 12. */
  readonly bits: number;
  readonly components: readonly JpegComponent[];
  readonly unitsAcross: number;
  readonly unitsDown: number;
  readonly hMax: number;
  readonly vMax: number;
}

/** Tables that segments define and later ones use. */
export interface JpegTables {
  readonly quantisation: (Uint16Array | undefined)[];
  readonly dc: (HuffmanTable | undefined)[];
  readonly ac: (HuffmanTable | undefined)[];
  /** Scan units between restart markers; 0 without. */
  restart: number;
  /** Colour transform the Adobe marker states; `undefined` without the marker. */
  adobe: number | undefined;
  jfif: boolean;
}

/** Empty tables. */
export function jpegTables(): JpegTables {
  return { quantisation: [], dc: [], ac: [], restart: 0, adobe: undefined, jfif: false };
}

/** Order in which the 64 coefficients of a block are stored (ITU-T T.81, figure A.6). */
export const zigzag = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
]);

/** Takes quantisation, Huffman, restart and application segments into the tables; others are passed over. */
export function takeTables(marker: number, body: Uint8Array, tables: JpegTables): void {
  if (marker === 0xdb) takeQuantisation(body, tables);
  else if (marker === 0xc4) takeHuffman(body, tables);
  else if (marker === 0xdd && body.length >= 2) tables.restart = (body[0]! << 8) | body[1]!;
  else if (marker === 0xe0 && startsWith(body, 'JFIF')) tables.jfif = true;
  else if (marker === 0xee && startsWith(body, 'Adobe') && body.length >= 12) tables.adobe = body[11]!;
}

function startsWith(body: Uint8Array, text: string): boolean {
  return [...text].every((letter, at) => body[at] === letter.charCodeAt(0));
}

function takeQuantisation(body: Uint8Array, tables: JpegTables): void {
  let at = 0;
  while (at < body.length) {
    const [wide, id] = [body[at]! >> 4 !== 0, body[at]! & 15];
    const length = wide ? 128 : 64;
    if (id > 3 || at + 1 + length > body.length) throw new JpegUnreadable('a quantisation table is cut short');
    const table = new Uint16Array(64);
    for (let n = 0; n < 64; n++)
      table[zigzag[n]!] = wide ? (body[at + 1 + 2 * n]! << 8) | body[at + 2 + 2 * n]! : body[at + 1 + n]!;
    tables.quantisation[id] = table;
    at += 1 + length;
  }
}

function takeHuffman(body: Uint8Array, tables: JpegTables): void {
  let at = 0;
  while (at < body.length) {
    const [kind, id] = [body[at]! >> 4, body[at]! & 15];
    const counts = body.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (kind > 1 || id > 3 || counts.length < 16 || total > 256 || at + 17 + total > body.length)
      throw new JpegUnreadable('a Huffman table is damaged');
    const table = huffmanTable(counts, body.subarray(at + 17, at + 17 + total));
    if (!table) throw new JpegUnreadable('a Huffman table defines more codes than there are');
    (kind === 0 ? tables.dc : tables.ac)[id] = table;
    at += 17 + total;
  }
}

const refused: Readonly<Record<number, string>> = {
  0xc5: 'hierarchical JPEG',
  0xc6: 'hierarchical JPEG',
  0xc7: 'hierarchical JPEG',
  0xc9: 'JPEG with arithmetic coding',
  0xca: 'JPEG with arithmetic coding',
  0xcb: 'JPEG with arithmetic coding',
};

/** Is this marker that of a frame? */
export function isFrameMarker(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/**
 * Reads a frame header (T.81, B.2.2) and makes room for its coefficients, never more than `packed` bytes could hold:
 * every block takes at least one bit.
 */
export function readFrame(marker: number, body: Uint8Array, packed: number, maxPixels: number): JpegFrame {
  if (marker > 0xc2) throw new JpegUnreadable(`${refused[marker] ?? 'this kind of JPEG'} is not read`);
  const count = body[5] ?? 0;
  if (body.length < 6 + 3 * count || count < 1 || count > 4) throw new JpegUnreadable('the frame header is damaged');
  const bits = body[0]!;
  if (bits !== 8 && (bits !== 12 || marker === 0xc0))
    throw new JpegUnreadable(`JPEG of ${bits} bits per sample is not read`);
  const [height, width] = [(body[1]! << 8) | body[2]!, (body[3]! << 8) | body[4]!];
  if (width === 0 || height === 0) throw new JpegUnreadable('the frame header states no size');
  const stated = Array.from({ length: count }, (_, n) => {
    const [id, factors, quantisation] = [body[6 + 3 * n]!, body[7 + 3 * n]!, body[8 + 3 * n]!];
    return { id, h: factors >> 4, v: factors & 15, quantisation };
  });
  if (stated.some(({ h, v }) => h < 1 || v < 1 || h > 4 || v > 4))
    throw new JpegUnreadable('the frame header states impossible sampling factors');
  const hMax = Math.max(...stated.map(({ h }) => h));
  const vMax = Math.max(...stated.map(({ v }) => v));
  const unitsAcross = Math.ceil(width / (8 * hMax));
  const unitsDown = Math.ceil(height / (8 * vMax));
  const blocks = unitsAcross * unitsDown * stated.reduce((sum, { h, v }) => sum + h * v, 0);
  if (width * height > maxPixels)
    throw new JpegUnreadable(`${width} x ${height} pixels are too many to unpack at once`);
  if (blocks > packed * 8) throw new JpegUnreadable(`${packed} bytes cannot hold ${width} x ${height} pixels`);
  const components = stated.map((one): JpegComponent => {
    const [blocksAcross, blocksDown] = [unitsAcross * one.h, unitsDown * one.v];
    return {
      ...one,
      blocksAcross,
      blocksDown,
      width: Math.ceil((width * one.h) / hMax),
      height: Math.ceil((height * one.v) / vMax),
      coefficients: new Int16Array(blocksAcross * blocksDown * 64),
      predicted: 0,
    };
  });
  return { width, height, progressive: marker === 0xc2, bits, components, unitsAcross, unitsDown, hMax, vMax };
}
