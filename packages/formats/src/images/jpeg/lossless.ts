import { type HuffmanTable, JpegBits, skipRestart } from './huffman.ts';
import { type JpegTables, JpegUnreadable } from './segments.ts';

/** A lossless frame (ITU-T T.81, annex H): samples themselves, predicted from their neighbours. */
export interface LosslessFrame {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample, 2 to 16. */
  readonly bits: number;
  readonly ids: readonly number[];
  /** Samples of a pixel side by side. */
  readonly data: Uint16Array<ArrayBuffer>;
}

/** Reads the header of a lossless frame and makes room for its samples: each takes at least one bit. */
export function readLosslessFrame(body: Uint8Array, packed: number, maxPixels: number): LosslessFrame {
  const count = body[5] ?? 0;
  if (body.length < 6 + 3 * count || count < 1 || count > 4) throw new JpegUnreadable('the frame header is damaged');
  const bits = body[0]!;
  const [height, width] = [(body[1]! << 8) | body[2]!, (body[3]! << 8) | body[4]!];
  if (width === 0 || height === 0) throw new JpegUnreadable('the frame header states no size');
  if (bits < 2 || bits > 16) throw new JpegUnreadable(`lossless JPEG of ${bits} bits per sample is not read`);
  const parts = Array.from({ length: count }, (_, n) => ({ id: body[6 + 3 * n]!, factors: body[7 + 3 * n]! }));
  if (parts.some(({ factors }) => factors !== parts[0]!.factors))
    throw new JpegUnreadable('lossless JPEG with subsampled colours is not read');
  if (width * height > maxPixels)
    throw new JpegUnreadable(`${width} x ${height} pixels are too many to unpack at once`);
  if (width * height * count > packed * 8)
    throw new JpegUnreadable(`${packed} bytes cannot hold ${width} x ${height} pixels`);
  return { width, height, bits, ids: parts.map(({ id }) => id), data: new Uint16Array(width * height * count) };
}

interface Scan {
  parts: { sample: number; table: HuffmanTable }[];
  predictor: number;
  /** Bits that were cut off. */
  cut: number;
}

function readScan(header: Uint8Array, frame: LosslessFrame, tables: JpegTables): Scan {
  const count = header[0] ?? 0;
  if (count < 1 || count > 4 || header.length < 4 + 2 * count) throw new JpegUnreadable('a scan header is damaged');
  const parts = Array.from({ length: count }, (_, n) => {
    const sample = frame.ids.indexOf(header[1 + 2 * n]!);
    const table = tables.dc[header[2 + 2 * n]! >> 4];
    if (sample < 0) throw new JpegUnreadable('a scan header names a component that does not exist');
    if (!table) throw new JpegUnreadable('a scan uses a Huffman table that was not defined');
    return { sample, table };
  });
  const tail = header.subarray(1 + 2 * count);
  const [predictor, cut] = [tail[0]!, tail[2]! & 15];
  if (predictor < 1 || predictor > 7 || cut >= frame.bits)
    throw new JpegUnreadable(`a lossless scan states predictor ${predictor}`);
  return { parts, predictor, cut };
}

/**
 * Decodes a lossless scan whose data begin at `at`; answers where they end.
 * @throws JpegUnreadable where the data are damaged or end early
 */
export function decodeLosslessScan(
  bytes: Uint8Array,
  header: Uint8Array,
  at: number,
  frame: LosslessFrame,
  tables: JpegTables,
  signal?: AbortSignal,
): number {
  const scan = readScan(header, frame, tables);
  const { width, height, data } = frame;
  const samples = frame.ids.length;
  const rowLength = width * samples;
  const start = 1 << (frame.bits - scan.cut - 1);
  if (tables.restart % width !== 0) throw new JpegUnreadable('restart markers of a lossless JPEG are within a row');
  const restartRows = tables.restart / width;
  const bits = new JpegBits(bytes, at);
  let first = true;
  for (let y = 0; y < height; y++) {
    if (y > 0 && restartRows > 0 && y % restartRows === 0) {
      skipRestart(bytes, bits);
      first = true;
    }
    signal?.throwIfAborted();
    for (let x = 0; x < width; x++)
      for (const { sample, table } of scan.parts) {
        const place = y * rowLength + x * samples + sample;
        const predicted = first
          ? x === 0
            ? start
            : data[place - samples]!
          : x === 0
            ? data[place - rowLength]!
            : predict(
                scan.predictor,
                data[place - samples]!,
                data[place - rowLength]!,
                data[place - rowLength - samples]!,
              );
        data[place] = predicted + difference(bits, table);
      }
    first = false;
    if (bits.ranOut > 64) throw new JpegUnreadable('the picture ends before its pixels do');
  }
  if (scan.cut > 0)
    for (const { sample } of scan.parts) for (let n = sample; n < data.length; n += samples) data[n]! <<= scan.cut;
  return bits.at;
}

/** T.81, table H.1: from the sample before, above, and before above. */
function predict(predictor: number, a: number, b: number, c: number): number {
  switch (predictor) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}

function difference(bits: JpegBits, table: HuffmanTable): number {
  const size = bits.decode(table);
  if (size < 0 || size > 16) throw new JpegUnreadable('the packed data hold a code that was not defined');
  // 16 bits of difference is 32768 alone, without further bits (T.81, H.1.2.2).
  return size === 16 ? 32_768 : bits.signed(size);
}
