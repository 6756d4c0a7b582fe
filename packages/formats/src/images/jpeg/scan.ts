import { type HuffmanTable, JpegBits, skipRestart } from './huffman.ts';
import { type JpegComponent, type JpegFrame, type JpegTables, JpegUnreadable, zigzag } from './segments.ts';

/** What a scan header says. */
interface Scan {
  parts: { component: JpegComponent; dc: HuffmanTable | undefined; ac: HuffmanTable | undefined }[];
  /** First and last coefficient. */
  from: number;
  to: number;
  /** Successive approximation: bit position before (0 in a first pass) and now. */
  high: number;
  low: number;
}

/** Blocks in a row that end of band still covers. */
interface Run {
  blocks: number;
}

type BlockDecoder = (bits: JpegBits, part: Scan['parts'][number], at: number) => void;

/**
 * Decodes the scan whose header is `header` and whose data begin at `at`; answers where they end.
 * @throws JpegUnreadable where the data are damaged or end early
 */
export function decodeScan(
  bytes: Uint8Array,
  header: Uint8Array,
  at: number,
  frame: JpegFrame,
  tables: JpegTables,
  signal?: AbortSignal,
): number {
  const scan = readScan(header, frame, tables);
  const bits = new JpegBits(bytes, at);
  const run: Run = { blocks: 0 };
  const decode = blockDecoder(frame, scan, run);
  const [only, ...others] = scan.parts;
  const single = others.length === 0 ? only!.component : undefined;
  const across = single ? Math.ceil(single.width / 8) : frame.unitsAcross;
  const down = single ? Math.ceil(single.height / 8) : frame.unitsDown;
  const total = across * down;
  for (let unit = 0; unit < total; unit++) {
    if (unit > 0 && tables.restart > 0 && unit % tables.restart === 0) restart(bytes, bits, scan, run);
    const [row, column] = [Math.floor(unit / across), unit % across];
    if (single) decode(bits, only!, (row * single.blocksAcross + column) * 64);
    else decodeUnit(bits, scan, decode, row, column);
    // A few bytes are looked ahead; far past the end there is nothing left to decode.
    if (bits.ranOut > 64) throw new JpegUnreadable('the picture ends before its pixels do');
    if (column === 0) signal?.throwIfAborted();
  }
  return bits.at;
}

function readScan(header: Uint8Array, { components, progressive }: JpegFrame, tables: JpegTables): Scan {
  const count = header[0] ?? 0;
  if (count < 1 || count > 4 || header.length < 4 + 2 * count) throw new JpegUnreadable('a scan header is damaged');
  const parts = Array.from({ length: count }, (_, n) => {
    const component = components.find(({ id }) => id === header[1 + 2 * n]);
    if (!component) throw new JpegUnreadable('a scan header names a component that does not exist');
    component.predicted = 0;
    const which = header[2 + 2 * n]!;
    return { component, dc: tables.dc[which >> 4], ac: tables.ac[which & 15] };
  });
  const tail = header.subarray(1 + 2 * count);
  const [from, to] = progressive ? [tail[0]!, tail[1]!] : [0, 63];
  if (from > to || to > 63 || (progressive && from === 0 && to !== 0) || (from > 0 && count > 1))
    throw new JpegUnreadable('a scan header states impossible coefficients');
  return { parts, from, to, high: progressive ? tail[2]! >> 4 : 0, low: progressive ? tail[2]! & 15 : 0 };
}

function decodeUnit(bits: JpegBits, scan: Scan, decode: BlockDecoder, row: number, column: number): void {
  for (const part of scan.parts) {
    const { h, v, blocksAcross } = part.component;
    for (let y = 0; y < v; y++)
      for (let x = 0; x < h; x++) decode(bits, part, ((row * v + y) * blocksAcross + column * h + x) * 64);
  }
}

function restart(bytes: Uint8Array, bits: JpegBits, scan: Scan, run: Run): void {
  if (!skipRestart(bytes, bits)) return;
  run.blocks = 0;
  for (const { component } of scan.parts) component.predicted = 0;
}

function blockDecoder(frame: JpegFrame, scan: Scan, run: Run): BlockDecoder {
  if (!frame.progressive) return sequentialBlock;
  if (scan.from === 0) return scan.high === 0 ? dcFirst(scan.low) : dcRefine(scan.low);
  return scan.high === 0 ? acFirst(scan, run) : acRefine(scan, run);
}

function coded(bits: JpegBits, table: HuffmanTable | undefined): number {
  if (!table) throw new JpegUnreadable('a scan uses a Huffman table that was not defined');
  const value = bits.decode(table);
  if (value < 0) throw new JpegUnreadable('the packed data hold a code that was not defined');
  return value;
}

function difference(bits: JpegBits, table: HuffmanTable | undefined): number {
  const size = coded(bits, table);
  if (size > 15) throw new JpegUnreadable('the packed data hold an impossible difference');
  return bits.signed(size);
}

const sequentialBlock: BlockDecoder = (bits, { component, dc, ac }, at) => {
  const { coefficients } = component;
  component.predicted += difference(bits, dc);
  coefficients[at] = component.predicted;
  for (let n = 1; n < 64; n++) {
    const value = coded(bits, ac);
    const size = value & 15;
    if (size === 0) {
      if (value !== 0xf0) return;
      n += 15;
      continue;
    }
    n += value >> 4;
    if (n > 63) throw new JpegUnreadable('a block has more than 64 coefficients');
    coefficients[at + zigzag[n]!] = bits.signed(size);
  }
};

const dcFirst =
  (low: number): BlockDecoder =>
  (bits, { component, dc }, at) => {
    component.predicted += difference(bits, dc);
    component.coefficients[at] = component.predicted * (1 << low);
  };

const dcRefine =
  (low: number): BlockDecoder =>
  (bits, { component }, at) => {
    if (bits.take(1)) component.coefficients[at]! |= 1 << low;
  };

function acFirst({ from, to, low }: Scan, run: Run): BlockDecoder {
  return (bits, { component, ac }, at) => {
    if (run.blocks > 0) {
      run.blocks--;
      return;
    }
    for (let n = from; n <= to; n++) {
      const value = coded(bits, ac);
      const [skip, size] = [value >> 4, value & 15];
      if (size === 0) {
        if (skip < 15) {
          run.blocks = (1 << skip) + bits.take(skip) - 1;
          return;
        }
        n += 15;
        continue;
      }
      n += skip;
      if (n > to) throw new JpegUnreadable('a block has more coefficients than its scan');
      component.coefficients[at + zigzag[n]!] = bits.signed(size) * (1 << low);
    }
  };
}

/** Refines coefficients by one bit (T.81, G.1.2.3). */
function acRefine({ from, to, low }: Scan, run: Run): BlockDecoder {
  const bit = 1 << low;
  return (bits, { component, ac }, at) => {
    const { coefficients } = component;
    const refine = (place: number): void => {
      const value = coefficients[place]!;
      if (bits.take(1) && (value & bit) === 0) coefficients[place] = value > 0 ? value + bit : value - bit;
    };
    let n = from;
    if (run.blocks === 0)
      for (; n <= to; n++) {
        const value = coded(bits, ac);
        let skip = value >> 4;
        let fresh = 0;
        if ((value & 15) === 0) {
          if (skip < 15) {
            run.blocks = (1 << skip) + bits.take(skip);
            break;
          }
        } else fresh = bits.take(1) ? bit : -bit;
        for (; n <= to; n++) {
          const place = at + zigzag[n]!;
          if (coefficients[place] !== 0) refine(place);
          else if (skip-- === 0) {
            if (fresh !== 0) coefficients[place] = fresh;
            break;
          }
        }
      }
    if (run.blocks === 0) return;
    for (; n <= to; n++) if (coefficients[at + zigzag[n]!] !== 0) refine(at + zigzag[n]!);
    run.blocks--;
  };
}
