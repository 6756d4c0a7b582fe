/** A cell: text, number, or empty. */
export type Cell = string | number | undefined;

/** Rows of one sheet, in order. */
export interface Sheet {
  name: string;
  rows(): Generator<Cell[]>;
  /** The same with the zero-based row of the sheet. */
  numberedRows(): Generator<{ row: number; cells: Cell[] }>;
}

/** The workbook is damaged or closed: what is wrong, for people. */
export class BiffError extends Error {
  override readonly name = 'BiffError';
  readonly encrypted: boolean;
  /** Of a version before Excel 97, which is not read. */
  readonly isOld: boolean;

  constructor(message: string, encrypted = false, isOld = false) {
    super(message);
    this.encrypted = encrypted;
    this.isOld = isOld;
  }
}

const record = { bof: 0x809, eof: 0xa, filePass: 0x2f, boundSheet: 0x85, sst: 0xfc, continue: 0x3c } as const;
const cell = {
  number: 0x203,
  rk: 0x27e,
  mulRk: 0xbd,
  label: 0x204,
  labelSst: 0xfd,
  formula: 0x6,
  boolErr: 0x205,
} as const;
const mostColumns = 256;

/**
 * Sheets of a workbook stream in BIFF8 (MS-XLS): cells with numbers, texts and results of formulas. Formats, formulas
 * and everything drawn are passed over.
 * @throws BiffError where the stream is of another version, damaged or encrypted
 */
export function biffSheets(stream: Uint8Array): Sheet[] {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  if (stream.length < 8 || view.getUint16(0, true) !== record.bof) throw new BiffError('no workbook');
  if (view.getUint16(4, true) !== 0x600) throw new BiffError('a workbook of a version before Excel 97', false, true);
  const sheets: { name: string; at: number }[] = [];
  let texts: string[] = [];
  for (const { type, at, length } of records(view, 0)) {
    if (type === record.eof) break;
    if (type === record.filePass) throw new BiffError('protected by a password', true);
    if (type === record.boundSheet && length >= 8)
      sheets.push({ at: view.getUint32(at, true), name: shortText(view, at + 6, at + length) });
    if (type === record.sst) texts = sharedTexts(view, at, length);
  }
  return sheets.map(({ name, at }) => ({
    name,
    rows: () => cellsOnly(rowsOf(view, at, texts)),
    numberedRows: () => rowsOf(view, at, texts),
  }));
}

function* cellsOnly(rows: Generator<{ row: number; cells: Cell[] }>): Generator<Cell[]> {
  for (const { cells } of rows) yield cells;
}

function* records(view: DataView, start: number): Generator<{ type: number; at: number; length: number }> {
  for (let at = start; at + 4 <= view.byteLength; ) {
    const type = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    if (at + 4 + length > view.byteLength) return;
    yield { type, at: at + 4, length };
    at += 4 + length;
  }
}

/** Name of a sheet: length in one byte, then a byte that says whether characters are wide. */
function shortText(view: DataView, at: number, end: number): string {
  const length = view.getUint8(at);
  return characters(view, at + 2, length, (view.getUint8(at + 1) & 1) === 1, end).text;
}

function characters(
  view: DataView,
  at: number,
  length: number,
  wide: boolean,
  end: number,
): { text: string; at: number } {
  let text = '';
  let next = at;
  for (let i = 0; i < length && next + (wide ? 2 : 1) <= end; i++, next += wide ? 2 : 1)
    text += String.fromCharCode(wide ? view.getUint16(next, true) : view.getUint8(next));
  return { text, at: next };
}

/** The table of shared texts, which goes on in CONTINUE records; a text cut there begins anew with its width byte. */
function sharedTexts(view: DataView, start: number, length: number): string[] {
  const blocks = [{ at: start, end: start + length }];
  for (const { type, at, length: more } of records(view, start + length)) {
    if (type !== record.continue) break;
    blocks.push({ at, end: at + more });
  }
  const wanted = view.getUint32(start + 4, true);
  const texts: string[] = [];
  let block = 0;
  let at = start + 8;
  const skip = (bytes: number) => {
    let left = bytes;
    while (left > 0 && block < blocks.length) {
      const step = Math.min(left, blocks[block]!.end - at);
      at += step;
      left -= step;
      if (at >= blocks[block]!.end && left > 0) at = blocks[++block]?.at ?? at;
    }
  };
  while (texts.length < wanted && block < blocks.length) {
    if (at >= blocks[block]!.end) {
      at = blocks[++block]?.at ?? at;
      continue;
    }
    if (at + 3 > blocks[block]!.end) break;
    const count = view.getUint16(at, true);
    let flags = view.getUint8(at + 2);
    at += 3;
    const runs = flags & 8 ? view.getUint16(at, true) : 0;
    at += flags & 8 ? 2 : 0;
    const phonetic = flags & 4 && at + 4 <= view.byteLength ? view.getUint32(at, true) : 0;
    at += flags & 4 ? 4 : 0;
    let text = '';
    while (text.length < count && block < blocks.length) {
      const got = characters(view, at, count - text.length, (flags & 1) === 1, blocks[block]!.end);
      text += got.text;
      at = got.at;
      if (text.length >= count) break;
      at = blocks[++block]?.at ?? at;
      if (block >= blocks.length) break;
      flags = (flags & ~1) | (view.getUint8(at++) & 1);
    }
    texts.push(text);
    skip(runs * 4 + phonetic);
  }
  return texts;
}

function* rowsOf(view: DataView, start: number, texts: readonly string[]): Generator<{ row: number; cells: Cell[] }> {
  if (start + 4 > view.byteLength || view.getUint16(start, true) !== record.bof)
    throw new BiffError('a sheet does not begin where the workbook says');
  let row = -1;
  let cells: Cell[] = [];
  let depth = 0;
  for (const { type, at, length } of records(view, start)) {
    if (type === record.bof) depth++;
    if (type === record.eof && --depth <= 0) break;
    const found = depth === 1 ? cellsOf(view, type, at, length, texts) : undefined;
    if (!found) continue;
    if (found.row !== row) {
      if (row >= 0) yield { row, cells };
      cells = [];
      ({ row } = found);
    }
    for (const [i, value] of found.values.entries())
      if (found.column + i < mostColumns) cells[found.column + i] = value;
  }
  if (row >= 0) yield { row, cells };
}

function cellsOf(
  view: DataView,
  type: number,
  at: number,
  length: number,
  texts: readonly string[],
): { row: number; column: number; values: Cell[] } | undefined {
  if (length < 8) return undefined;
  const place = { row: view.getUint16(at, true), column: view.getUint16(at + 2, true) };
  switch (type) {
    case cell.number:
    case cell.formula:
      return length < 14 ? undefined : { ...place, values: [view.getFloat64(at + 6, true)] };
    case cell.rk:
      return length < 10 ? undefined : { ...place, values: [rkNumber(view.getUint32(at + 6, true))] };
    case cell.mulRk: {
      const values: Cell[] = [];
      for (let one = at + 4; one + 6 <= at + length - 2; one += 6) values.push(rkNumber(view.getUint32(one + 2, true)));
      return { ...place, values };
    }
    case cell.labelSst:
      return length < 10 ? undefined : { ...place, values: [texts[view.getUint32(at + 6, true)]] };
    case cell.label:
      if (length < 9) return undefined;
      return {
        ...place,
        values: [
          characters(view, at + 9, view.getUint16(at + 6, true), (view.getUint8(at + 8) & 1) === 1, at + length).text,
        ],
      };
    case cell.boolErr:
      return { ...place, values: [view.getUint8(at + 7) === 0 ? view.getUint8(at + 6) : undefined] };
    default:
      return undefined;
  }
}

/** Excel's short numbers: 30 bits of a whole number or of a float64, perhaps times 100. */
function rkNumber(rk: number): number {
  const scale = rk & 1 ? 100 : 1;
  if (rk & 2) return (rk >> 2) / scale;
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(4, rk & ~3, true);
  return view.getFloat64(0, true) / scale;
}
