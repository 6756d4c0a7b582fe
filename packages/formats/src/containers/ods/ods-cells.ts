import type { SheetCell, SheetRow } from '../workbook.ts';
import { columnName, sheetColumns, sheetRows } from '../xlsx/sheet-cells.ts';
import type { WorkbookIssueCode } from '../xlsx/workbook-issues.ts';
import { type PartHandler, resolveEntities } from '../xlsx/xml-text.ts';

/** Longest text of a cell; what goes beyond is cut. */
const longestCell = 1 << 20;
/** How the cells of a sheet become values. */
export interface OdsReading {
  /** Every value as text. */
  asText: boolean;
  /** Covered cells have the value of the one that covers them. */
  fillMerged: boolean;
  /** Cells that may come of repetition: a few bytes can claim a sheet full of them. */
  mostRepeated: number;
  note(code: WorkbookIssueCode, place: string): void;
}

/** What the attributes of a cell say. */
interface CellStart {
  type: string;
  value: string | undefined;
  text: string | undefined;
  repeated: number;
  columns: number;
  rows: number;
  isError: boolean;
  hasFormula: boolean;
  isCovered: boolean;
}

/** What programs show for a formula that failed; older ones store a number beside it. */
const errorText = /^(#(N\/A|DIV\/0!|REF!|VALUE!|NAME\?|NUM!|NULL!)|Err:\d{3})$/;

/** Elements within a cell whose texts are not the cell's: remarks, drawings, phonetic guides. */
const aside = new Set(['annotation', 'frame', 'ruby-text', 'custom-shape', 'caption', 'shapes', 'note']);

/**
 * Takes the elements of one `table:table` of an OpenDocument spreadsheet and makes rows of its cells, blank rows left out.
 * The walk begins at the tag of the table and is done at its end. Source of all rules: OpenDocument 1.3, part 3, 9.1 (tables),
 * 6.1.2 (white space), 19.385 (value types).
 */
export class OdsCells implements PartHandler {
  wantsText = false;
  done = false;
  private readonly reading: OdsReading;
  private rows: SheetRow[] = [];
  private row = 0;
  private rowsRepeated = 1;
  private column = 0;
  private cells: (SheetCell | undefined)[] = [];
  private cell: CellStart | undefined;
  /** Tables within the table: sub-tables of a cell are not read. */
  private tables = 0;
  /** Elements that are open within the cell. */
  private depth = 0;
  /** Depth at which something begins whose texts are not the cell's; 0 for none. */
  private asideFrom = 0;
  private paragraphs: string[] = [];
  private paragraph: string | undefined;
  /** Is white space that follows left out? */
  private endsBlank = true;
  private repeated = 0;
  /** By column: the value that covers the cells below, and the last row it does so. */
  private readonly covering = new Map<number, { value: SheetCell; bottom: number }>();
  private coveringFrom = -1;

  constructor(reading: OdsReading) {
    this.reading = reading;
  }

  open(name: string, text: string, from: number, to: number): void {
    if (this.cell) this.openWithin(name, text, from, to);
    else if (name === 'table') this.tables++;
    else if (name === 'table-row' && this.tables === 1) {
      this.rowsRepeated = countOf(attributesOf(text, from, to).get('number-rows-repeated'), sheetRows);
      this.column = 0;
      this.cells = [];
    } else if ((name === 'table-cell' || name === 'covered-table-cell') && this.tables === 1)
      this.openCell(name === 'covered-table-cell', text, from, to);
  }

  close(name: string): void {
    if (this.cell) this.closeWithin(name);
    else if (name === 'table-row' && this.tables === 1) this.closeRow();
    else if (name === 'table' && --this.tables <= 0) this.done = true;
  }

  text(piece: string): void {
    if (this.paragraph === undefined || this.paragraph.length > longestCell) return;
    // Runs of white space are one blank, none at the beginning.
    const tidy = piece.replace(/[ \t\r\n]+/g, ' ');
    const added = this.endsBlank && tidy.startsWith(' ') ? tidy.slice(1) : tidy;
    if (added === '') return;
    this.endsBlank = added.endsWith(' ');
    this.paragraph += resolveEntities(added);
  }

  /** Rows so far, which are then the caller's. */
  take(): SheetRow[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  private openCell(isCovered: boolean, text: string, from: number, to: number): void {
    const given = attributesOf(text, from, to);
    const type = given.get('value-type') ?? '';
    this.cell = {
      type,
      value: given.get(type === 'date' || type === 'time' || type === 'boolean' ? `${type}-value` : 'value'),
      text: given.get('string-value'),
      repeated: countOf(given.get('number-columns-repeated'), sheetColumns),
      columns: countOf(given.get('number-columns-spanned'), sheetColumns),
      rows: countOf(given.get('number-rows-spanned'), sheetRows),
      isError: given.get('calcext:value-type') === 'error',
      hasFormula: given.has('formula'),
      isCovered,
    };
    this.depth = 0;
    this.asideFrom = 0;
    this.paragraphs = [];
    this.paragraph = undefined;
  }

  private openWithin(name: string, text: string, from: number, to: number): void {
    this.depth++;
    if (this.asideFrom > 0) return;
    if (aside.has(name) || name === 'table') {
      this.asideFrom = this.depth;
      this.wantsText = false;
    } else if (name === 'p' && this.depth === 1) {
      this.paragraph = '';
      this.endsBlank = true;
      this.wantsText = true;
    } else if (this.paragraph !== undefined && this.paragraph.length <= longestCell) {
      if (name === 's') this.paragraph += ' '.repeat(countOf(attributesOf(text, from, to).get('c'), 1000));
      else if (name === 'tab') this.paragraph += '\t';
      else if (name === 'line-break') this.paragraph += '\n';
    }
  }

  private closeWithin(name: string): void {
    if (this.depth === 0) {
      if (name === 'table-cell' || name === 'covered-table-cell') this.closeCell(this.cell!);
      return;
    }
    if (this.asideFrom === this.depth) {
      this.asideFrom = 0;
      this.wantsText = this.paragraph !== undefined;
    }
    this.depth--;
    if (this.depth === 0 && this.paragraph !== undefined) {
      this.paragraphs.push(this.paragraph);
      this.paragraph = undefined;
      this.wantsText = false;
    }
  }

  private closeCell(cell: CellStart): void {
    this.cell = undefined;
    this.wantsText = false;
    const first = this.column;
    this.column = Math.min(first + cell.repeated, sheetColumns + 1);
    const value = cell.isCovered ? undefined : this.valueOf(cell);
    if (this.reading.fillMerged) this.cover(cell, first, value);
    if (value === undefined) return;
    if (first >= sheetColumns || this.row >= sheetRows) {
      this.reading.note('cell-outside-sheet', `row ${this.row + 1}`);
      return;
    }
    const count = this.allowed(Math.min(cell.repeated, sheetColumns - first));
    while (this.cells.length < first) this.cells.push(undefined);
    for (let at = 0; at < count; at++) this.cells.push(value);
  }

  /** How many of so many equal cells are made: one always, more as long as the sheet has not had too many. */
  private allowed(count: number, each = 1): number {
    if (count <= 1) return count;
    const left = Math.floor((this.reading.mostRepeated - this.repeated) / Math.max(1, each));
    if (count - 1 > left) this.reading.note('cells-repeated', this.place());
    const made = Math.min(count, 1 + Math.max(0, left));
    this.repeated += (made - 1) * each;
    return made;
  }

  private valueOf(cell: CellStart): SheetCell | undefined {
    const shown = this.paragraphs.join('\n').slice(0, longestCell);
    if (cell.isError || (cell.hasFormula && errorText.test(shown))) {
      this.reading.note('cell-error', `${this.place()} ${shown}`.trim());
      return undefined;
    }
    const { asText } = this.reading;
    const { type, value = '' } = cell;
    if (type === 'float' || type === 'percentage' || type === 'currency') {
      const number = Number(value);
      if (value === '' || Number.isNaN(number)) return shown === '' ? undefined : shown;
      // Programs write up to 17 digits; the shortest text of the number reads back the same.
      return asText ? (value.length <= 15 ? value : String(number)) : number;
    }
    if (type === 'boolean') return asText ? value : value === 'true';
    if (type === 'date') return dateOf(value) ?? (shown === '' ? undefined : shown);
    if (type === 'time') {
      const time = timeOf(value);
      return time === undefined ? shown || undefined : asText ? String(time) : time;
    }
    if (cell.hasFormula && type === '' && shown === '') this.reading.note('formula-without-value', this.place());
    return cell.text || shown || undefined;
  }

  /** Notes what a merged cell covers, and gives covered cells that value. */
  private cover(cell: CellStart, first: number, value: SheetCell | undefined): void {
    if (cell.isCovered) {
      if (this.coveringFrom < 0) return;
      const end = Math.min(first + cell.repeated, this.coveringFrom + 1);
      for (let column = first; column < end; column++) {
        const over = this.covering.get(column);
        if (!over || over.bottom < this.row) continue;
        if (this.repeated++ >= this.reading.mostRepeated) {
          this.reading.note('cells-repeated', this.place());
          return;
        }
        while (this.cells.length < column) this.cells.push(undefined);
        this.cells[column] = over.value;
      }
    } else if ((cell.columns > 1 || cell.rows > 1) && first < sheetColumns) {
      const columns = this.allowed(Math.min(cell.columns, sheetColumns - first));
      const [top, bottom] = [this.row + 1, Math.min(this.row + cell.rows, sheetRows)];
      this.reading.note('cells-merged', `${columnName(first)}${top}:${columnName(first + columns - 1)}${bottom}`);
      for (let column = first; column < first + columns; column++)
        if (value === undefined) this.covering.delete(column);
        else this.covering.set(column, { value, bottom: bottom - 1 });
      this.coveringFrom = Math.max(this.coveringFrom, first + columns - 1);
    }
  }

  private closeRow(): void {
    const { cells, row } = this;
    const isEmpty = !cells.some((value) => value !== undefined);
    const repeated = Math.min(this.rowsRepeated, sheetRows - row);
    if (!isEmpty && repeated > 0) {
      const count = this.allowed(repeated, cells.length);
      this.rows.push({ row: row + 1, cells });
      for (let at = 1; at < count; at++) this.rows.push({ row: row + 1 + at, cells: cells.slice() });
    }
    this.row = Math.min(row + this.rowsRepeated, sheetRows);
    this.cells = [];
  }

  private place(): string {
    return `${columnName(Math.min(this.column, sheetColumns) - 1)}${this.row + 1}`;
  }
}

/** A count that an attribute states, at least 1 and at most `most`. */
function countOf(text: string | undefined, most: number): number {
  const count = text === undefined ? 1 : Number(text);
  return Number.isInteger(count) && count > 1 ? Math.min(count, most) : 1;
}

/**
 * Attributes of a tag by their names without prefix; the extended ones of LibreOffice, which repeat names, keep theirs.
 */
export function attributesOf(text: string, from: number, to: number): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = from; at < to; ) {
    const equals = text.indexOf('=', at);
    if (equals < 0 || equals >= to) break;
    let open = equals + 1;
    while (text.charCodeAt(open) <= 32) open++;
    const close = text.indexOf(text[open]!, open + 1);
    if (close < 0 || close > to) break;
    const name = text.slice(at, equals).trim();
    const local = name.startsWith('calcext:') ? name : name.slice(name.indexOf(':') + 1);
    found.set(local, resolveEntities(text.slice(open + 1, close)));
    at = close + 1;
  }
  return found;
}

/** A date, or a date and a time to the millisecond, as ISO 8601 without a zone; `undefined` for what is none. */
function dateOf(text: string): string | undefined {
  const match = /^(-?\d{4,6}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:[.,](\d+))?)?Z?$/.exec(text.trim());
  if (!match) return undefined;
  const [, date, time, fraction = ''] = match;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  if (time === undefined || (time === '00:00:00' && milliseconds === '000')) return date!;
  return `${date}T${time}${milliseconds === '000' ? '' : `.${milliseconds}`}`;
}

/** A time of day as `hh:mm:ss`; a longer or negative duration in days, as Excel counts it; `undefined` for what is neither. */
function timeOf(text: string): string | number | undefined {
  const match = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  const total = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(',', '.'));
  const milliseconds = Math.floor(total * 1000 + 1e-6);
  if (sign === '-' || milliseconds >= 86_400_000) return ((sign === '-' ? -1 : 1) * total) / 86_400;
  const iso = new Date(milliseconds).toISOString();
  return iso.slice(11, iso.endsWith('.000Z') ? 19 : 23);
}
