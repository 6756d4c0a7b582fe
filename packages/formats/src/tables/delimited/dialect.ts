import { parseSpaceUnit, parseTimeUnit } from '@micrarium/model';
import { splitCells } from '../../recognition/table-header.ts';
import { cellKind, parseNumber } from './cell-values.ts';
import { IssueTally } from './issues.ts';
import { type Delimiter, type RecordDialect, RecordCutter } from './records.ts';
import { type TextEncoding, decodeHead, sniffEncoding } from './text-windows.ts';

/** How a delimited table is written, decided from its first 64 KiB. */
export interface TableDialect extends RecordDialect {
  /** Column names, unique; `#1`, `#2`... where the table has none. */
  header: string[];
  /** Units given in brackets or in a units row, by column; `''` where there is none. */
  units: string[];
  hasHeader: boolean;
  /** One-based line of the first data row. */
  firstDataLine: number;
  decimalComma: boolean;
  /** Fraction of the lines looked at that have the same number of cells. */
  consistency: number;
  /** First data rows, as cells. */
  sample: string[][];
  /** Group of blank-line-separated rows of each sample row. */
  sampleBlocks: number[];
}

/** Most columns a table may have. */
export const maxColumns = 16_384;

const candidates: readonly Delimiter[] = ['\t', ',', ';', '|', ' '];
const linesForDelimiter = 50;

/**
 * Decides how a table is written. The delimiter is the one that cuts the first 50 lines most evenly, whatever the
 * extension says.
 * @param head first bytes of the file, at most 64 KiB
 * @param whole is `head` the whole file?
 * @returns `undefined` where no delimiter gives a consistent table of at least two columns
 */
export function detectDialect(head: Uint8Array, whole: boolean): TableDialect | undefined {
  const encoding = sniffEncoding(head);
  return detectTextDialect(decodeHead(head, encoding).replace(/^\uFEFF/, ''), encoding, whole);
}

/** As `detectDialect`, for text that is already decoded. */
export function detectTextDialect(text: string, encoding: TextEncoding, whole: boolean): TableDialect | undefined {
  if (/^\s*[<{[]/.test(text) || text.includes('\0')) return undefined;
  const loneCarriageReturns = !text.includes('\n') && text.includes('\r');
  let best: { delimiter: Delimiter; cut: CutText; merit: number } | undefined;
  for (const delimiter of candidates) {
    const cut = cutHead(text, { delimiter, loneCarriageReturns }, whole);
    if (!cut) continue;
    // Where numbers have decimal commas, commas cut their rows evenly too, but not the names above them.
    const misfit = cut.begins > 0 ? 0.03 : 0;
    const merit = cut.consistency + Math.min(cut.columns, 20) / 1000 - (delimiter === ' ' ? 0.1 : 0) - misfit;
    if (cut.consistency >= 0.8 && (!best || merit > best.merit)) best = { delimiter, cut, merit };
  }
  if (!best || best.cut.columns > maxColumns) return undefined;
  return describeRecords(best.cut, { delimiter: best.delimiter, encoding, loneCarriageReturns });
}

/** The first records of a table. */
export interface CutHead {
  records: string[][];
  lines: number[];
  blocks: number[];
  columns: number;
  consistency: number;
}

/** The first records, with how many stand above the first one that is as wide as the table. */
type CutText = CutHead & { begins: number };

function cutHead(
  text: string,
  dialect: { delimiter: Delimiter; loneCarriageReturns: boolean },
  whole: boolean,
): CutText | undefined {
  const { records, lines, blocks } = new RecordCutter(dialect, new IssueTally()).feed(text, whole);
  const looked = records.slice(0, linesForDelimiter);
  if (looked.length < 2) return undefined;
  const widths = new Map<number, number>();
  for (const cells of looked) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1);
  // Of two widths that are as frequent the wider is the table: titles above a single row are narrow.
  const [columns, count] = [...widths].reduce((a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] > a[0]) ? b : a));
  if (columns < 2) return undefined;
  // A header line that a program took for one text: its columns are within the quotes.
  const [title] = looked[0]!;
  const isOneText = looked[0]!.length === 1 && title!.includes('"');
  const within = isOneText ? splitCells(title!, dialect.delimiter) : [];
  const isQuoted = within.length === columns;
  if (isQuoted) {
    records[0] = within;
    looked[0] = within;
  }
  // Titles and comments above the table do not count against it.
  const first = looked.findIndex((cells) => cells.length === columns || cells.length === columns - 1);
  return {
    records,
    lines,
    blocks,
    columns,
    consistency: (count + (isQuoted ? 1 : 0)) / (looked.length - Math.min(first, 5)),
    begins: Math.max(first, 0),
  };
}

/** Finds header, units and first data row among the first records of a table. */
export function describeRecords(cut: CutHead, dialect: RecordDialect): TableDialect {
  const { columns } = cut;
  const headerAt = Math.max(
    0,
    cut.records.findIndex((cells) => cells.length === columns || cells.length === columns - 1),
  );
  const decimalComma = usesDecimalComma(cut.records.slice(headerAt + 1), dialect.delimiter);
  const numeric = (cells: readonly string[]) =>
    cells.map((cell) => {
      const kind = cellKind(cell, decimalComma);
      return kind === 'int' || kind === 'float';
    });
  const body = cut.records.slice(headerAt + 4).length > 0 ? cut.records.slice(headerAt + 4) : cut.records.slice(-1);
  const numericColumn = Array.from(
    { length: columns },
    (_, i) => body.filter((cells) => numeric([cells[i] ?? ''])[0]).length > body.length / 2,
  );
  // A line of names has no number where the column has numbers (a table of texts only is taken to have a header).
  const isNames = (cells: readonly string[]) => {
    const found = numeric(cells);
    return !numericColumn.some((yes, i) => yes && found[i]) && cells.some((cell) => cell.trim() !== '');
  };
  const first = cut.records[headerAt]!;
  const hasHeader = isNames(first) && first.length <= columns;
  let dataAt = hasHeader ? headerAt + 1 : headerAt;
  let unitsRow: string[] | undefined;
  if (hasHeader && numericColumn.includes(true))
    while (dataAt < Math.min(headerAt + 4, cut.records.length - 1) && isNames(cut.records[dataAt]!)) {
      const row = cut.records[dataAt++]!;
      if (isUnits(row)) unitsRow = row;
    }
  else if (hasHeader) {
    // An export without a row has no numbers to tell names from data: its line of units does.
    const at = cut.records.slice(dataAt, headerAt + 4).findIndex((row) => row.length === columns && isUnits(row));
    if (at >= 0) {
      unitsRow = cut.records[dataAt + at];
      dataAt += at + 1;
    }
  }
  const names = hasHeader
    ? first.length < columns
      ? ['', ...first]
      : first
    : Array.from({ length: columns }, () => '');
  const header = uniqueNames(names);
  return {
    ...dialect,
    header,
    units: header.map((name, i) => unitInName(name) || bracketed(unitsRow?.[i])),
    hasHeader,
    firstDataLine: cut.lines[dataAt] ?? cut.lines.at(-1)! + 1,
    decimalComma,
    consistency: cut.consistency,
    sample: cut.records.slice(dataAt),
    sampleBlocks: cut.blocks.slice(dataAt),
  };
}

/** Units in brackets, empty where a column has none. */
function isUnits(row: readonly string[]): boolean {
  const cells = row.map((cell) => cell.trim());
  return cells.some((cell) => cell !== '') && cells.every((cell) => cell === '' || /^\(.*\)$/.test(cell));
}

function usesDecimalComma(rows: readonly string[][], delimiter: Delimiter): boolean {
  if (delimiter === ',') return false;
  let commas = 0;
  let points = 0;
  for (const row of rows.slice(0, 200))
    for (const cell of row) {
      if (/^\s*[+-]?\d+,\d+\s*$/.test(cell)) commas++;
      else if (/^\s*[+-]?\d*\.\d+\s*$/.test(cell) && parseNumber(cell) !== undefined) points++;
    }
  return commas > 0 && points === 0;
}

function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((raw, i) => {
    const base = raw.trim() || `#${i + 1}`;
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base} ${n}`;
    taken.add(name);
    return name;
  });
}

function bracketed(cell: string | undefined): string {
  return /^\s*\((.*)\)\s*$/.exec(cell ?? '')?.[1]?.trim() ?? '';
}

/**
 * Unit written into a column name: `x (µm)`, `speed [um/s]`, `x_um`, `time_s`. A suffix counts only where it is a
 * unit we know; what stands in brackets at the end is taken as written when short.
 */
export function unitInName(name: string): string {
  const inBrackets = /[([]([^)\]]{1,16})[)\]]\s*$/.exec(name)?.[1]?.trim();
  if (inBrackets) return inBrackets;
  const suffix = /[_\s.-](px|pixels?|um|µm|μm|microns?|nm|mm|sec|secs|seconds?|min|minutes?|ms|hours?|s|h)$/i.exec(
    name,
  )?.[1];
  return suffix && (parseSpaceUnit(suffix) || parseTimeUnit(suffix)) ? suffix : '';
}
