import type { SheetCell, SheetRow } from '../workbook.ts';
import { serialToIso } from './date-serials.ts';
import type { SharedTexts } from './shared-texts.ts';
import type { WorkbookIssueCode } from './workbook-issues.ts';
import { type PartHandler, attributeOf, resolveEntities, resolveEscapes } from './xml-text.ts';

/** Most columns and rows of a sheet (Excel 2007 and later). */
export const sheetColumns = 16_384;
export const sheetRows = 1_048_576;
/** A cell of Excel holds 32,767 characters; other programs write more. */
const longestCell = 1 << 20;

/** Zero-based column and row of a cell reference such as `AB12`; -1 for what it does not say. */
export function cellPlace(reference: string): { column: number; row: number } {
  const match = /^\$?([A-Za-z]{1,3})\$?(\d{1,7})$/.exec(reference);
  if (!match) return { column: -1, row: -1 };
  let column = 0;
  for (const letter of match[1]!.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return { column: column - 1, row: Number(match[2]) - 1 };
}

/** A merged range: zero-based, both ends within. */
export interface MergedRange {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

/** How the cells of a sheet become values. */
export interface CellReading {
  texts: SharedTexts;
  /** 1 for each cell style that shows dates. */
  dateStyles: Uint8Array;
  date1904: boolean;
  /** Every value as text. */
  asText: boolean;
  note(code: WorkbookIssueCode, place: string): void;
}

/** A cell with a value or plain text and no formula, its attributes in the order in which programs write them. */
const usualCell =
  /<c r="([A-Z]{1,3})\d{1,7}"(?: s="(\d{1,5})")?(?: t="(\w{1,10})")?>(?:<v>([^<]{0,400})<\/v>|<is><t(?: xml:space="preserve")?>([^<]{0,400})<\/t><\/is>)<\/c>/y;

/** Takes the elements of a worksheet part and makes rows of its cells, blank rows left out. */
export class SheetCells implements PartHandler {
  wantsText = false;
  done = false;
  /** Rows completed since they were last taken. */
  rows: SheetRow[] = [];
  private readonly reading: CellReading;
  private row = -1;
  private column = -1;
  private cells: (SheetCell | undefined)[] = [];
  private type = 'n';
  private style = 0;
  private value: string | undefined;
  private hasFormula = false;
  private hasText = false;
  private phonetic = false;

  constructor(reading: CellReading) {
    this.reading = reading;
  }

  open(name: string, text: string, from: number, to: number): void {
    if (name === 'c') this.openCell(text, from, to);
    else if (name === 'v') this.wantsText = !(this.type === 'inlineStr' && this.hasText);
    else if (name === 'row') this.openRow(text, from, to);
    // Some programs write a text within its cell and a value beside it: the text counts.
    else if (name === 't') {
      this.wantsText = !this.phonetic;
      if (this.type === 'inlineStr' && !this.hasText) this.value = undefined;
      this.hasText = true;
    } else if (name === 'f') this.hasFormula = true;
    else if (name === 'rPh') this.phonetic = true;
  }

  /** Nearly all cells are written alike: one expression takes them whole, three times as quick as tag by tag. */
  quick(text: string, at: number): number {
    if (text.charCodeAt(at + 1) !== 99) return -1;
    usualCell.lastIndex = at;
    const match = usualCell.exec(text);
    if (!match) return -1;
    const [, letters, style, type, value, inline] = match;
    this.column = columnOf(letters!, 0, letters!.length, this.column + 1);
    this.style = style === undefined ? 0 : Number(style);
    this.type = type ?? 'n';
    this.value = value ?? inline;
    this.hasFormula = false;
    this.closeCell();
    return usualCell.lastIndex;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.wantsText = false;
    else if (name === 'c') this.closeCell();
    else if (name === 'row') this.closeRow();
    else if (name === 'rPh') this.phonetic = false;
    else if (name === 'sheetData') this.done = true;
  }

  text(piece: string): void {
    const value = this.value === undefined ? piece : this.value + piece;
    this.value = value.length > longestCell ? value.slice(0, longestCell) : value;
  }

  /** Rows so far, which are then the caller's. */
  take(): SheetRow[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  private openRow(text: string, from: number, to: number): void {
    const stated = Number(attributeOf(text, from, to, 'r') ?? this.row + 2);
    this.row = Number.isInteger(stated) && stated > 0 ? stated - 1 : this.row + 1;
    this.column = -1;
    this.cells = [];
  }

  private closeRow(): void {
    if (this.cells.length > 0 && this.row < sheetRows) this.rows.push({ row: this.row + 1, cells: this.cells });
    this.cells = [];
  }

  /** Attributes r, s and t have one letter each, so they are found without slicing. */
  private openCell(text: string, from: number, to: number): void {
    this.type = 'n';
    this.style = 0;
    this.value = undefined;
    this.hasFormula = false;
    this.hasText = false;
    this.column++;
    for (let at = from; at < to; ) {
      const equals = text.indexOf('=', at);
      if (equals < 0 || equals >= to) return;
      const quote = text[equals + 1]!;
      const close = text.indexOf(quote, equals + 2);
      if (close < 0 || close > to) return;
      const isShort = text.charCodeAt(equals - 2) <= 32;
      const letter = isShort ? text.charCodeAt(equals - 1) : 0;
      if (letter === 114) this.column = columnOf(text, equals + 2, close, this.column);
      else if (letter === 115) this.style = Number(text.slice(equals + 2, close));
      else if (letter === 116) this.type = text.slice(equals + 2, close);
      at = close + 1;
    }
  }

  private closeCell(): void {
    const value = this.cellValue();
    if (value === undefined) return;
    if (this.column >= sheetColumns || this.row >= sheetRows) {
      this.reading.note('cell-outside-sheet', `row ${this.row + 1}`);
      return;
    }
    while (this.cells.length < this.column) this.cells.push(undefined);
    this.cells[this.column] = value;
  }

  private cellValue(): SheetCell | undefined {
    const { value, type, reading } = this;
    if (value === undefined || value === '') {
      if (this.hasFormula && value === undefined) reading.note('formula-without-value', this.place());
      return undefined;
    }
    if (type === 'n') return this.numberValue(value);
    if (type === 's') {
      const text = reading.texts.at(Number(value));
      if (text === undefined) reading.note('shared-text-missing', this.place());
      return text === '' ? undefined : text;
    }
    if (type === 'b') return reading.asText ? (value === '1' ? 'true' : 'false') : value === '1';
    if (type === 'e') {
      reading.note('cell-error', `${this.place()} ${value}`);
      return undefined;
    }
    return resolveEscapes(resolveEntities(value));
  }

  private numberValue(raw: string): SheetCell | undefined {
    const { reading } = this;
    if (reading.dateStyles[this.style] === 1) {
      const number = Number(raw);
      const date = serialToIso(number, reading.date1904);
      if (date !== undefined) return date;
    }
    // Programs write up to 17 digits; the shortest text of the number reads back the same.
    if (reading.asText && raw.length <= 15) return raw;
    const number = Number(raw);
    if (Number.isNaN(number)) return resolveEntities(raw);
    return reading.asText ? String(number) : number;
  }

  private place(): string {
    return `${columnName(this.column)}${this.row + 1}`;
  }
}

function columnOf(text: string, from: number, to: number, otherwise: number): number {
  let column = 0;
  let at = from;
  for (; at < to; at++) {
    const code = text.charCodeAt(at) & ~32;
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
    if (column > 2 ** 24) return sheetColumns;
  }
  return at === from ? otherwise : column - 1;
}

/** Letters of a zero-based column: 0 is A, 27 is AB. */
export function columnName(column: number): string {
  let name = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return name;
}

/** Finds the merged ranges of a worksheet part, which stand behind its cells. */
export class MergedRanges implements PartHandler {
  readonly wantsText = false;
  done = false;
  readonly ranges: MergedRange[] = [];

  open(name: string, text: string, from: number, to: number): void {
    if (name !== 'mergeCell' || this.ranges.length >= mostRanges) return;
    const [first, last] = (attributeOf(text, from, to, 'ref') ?? '').split(':');
    const start = cellPlace(first ?? '');
    const end = cellPlace(last ?? first ?? '');
    if (start.row < 0 || end.row < start.row || end.column < start.column || end.column >= sheetColumns) return;
    this.ranges.push({ top: start.row, left: start.column, bottom: end.row, right: end.column });
  }

  close(name: string): void {
    if (name === 'mergeCells' || name === 'worksheet') this.done = true;
  }

  text(): void {}
}

const mostRanges = 100_000;

/** Gives the cells of merged ranges the value of their first cell. Rows must come in order. */
export class MergedFill {
  private readonly ranges: MergedRange[];
  private readonly open: { range: MergedRange; value: SheetCell | undefined }[] = [];
  private next = 0;

  constructor(ranges: readonly MergedRange[]) {
    this.ranges = ranges.toSorted((a, b) => a.top - b.top || a.left - b.left);
  }

  /** Fills a row in place. */
  fill({ row, cells }: SheetRow): void {
    for (; this.next < this.ranges.length && this.ranges[this.next]!.top < row; this.next++) {
      const range = this.ranges[this.next]!;
      this.open.push({ range, value: range.top === row - 1 ? cells[range.left] : undefined });
    }
    for (let i = this.open.length - 1; i >= 0; i--) {
      const { range, value } = this.open[i]!;
      if (range.bottom < row - 1) this.open.splice(i, 1);
      else if (value !== undefined) {
        while (cells.length <= range.right) cells.push(undefined);
        for (let column = range.left; column <= range.right; column++) cells[column] ??= value;
      }
    }
  }
}
