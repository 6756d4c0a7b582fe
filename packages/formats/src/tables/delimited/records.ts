import type { ByteSource } from '../../bytes/byte-source.ts';
import type { IssueTally, TableIssueCode } from './issues.ts';
import { type TextEncoding, readText } from './text-windows.ts';

/** Character between cells; a blank stands for any run of white space. */
export type Delimiter = ',' | '\t' | ';' | '|' | ' ';

/** How lines become cells. */
export interface RecordDialect {
  delimiter: Delimiter;
  encoding: TextEncoding;
  /** Lines end with a lone CR (old Macintosh). */
  loneCarriageReturns?: boolean;
}

/** Rows of one window of the file. */
export interface RecordBatch {
  /** Cells of each record. */
  records: string[][];
  /** One-based line on which each record starts. */
  lines: number[];
  /** How many groups of blank lines came before each record. */
  blocks: number[];
  bytesDone: number;
}

/** Longest record taken, in characters. */
export const maxRecordCharacters = 1 << 20;

/** After so many unclosed quotation marks the file plainly does not quote with them. */
const maxUnclosedQuotes = 20;

/**
 * Cuts text into records of cells (RFC 4180, tolerant: any line end, text after a closing quote kept, unclosed quotes
 * taken as characters). Text is fed in pieces; a record cut off at the end of a piece waits for the next.
 */
export class RecordCutter {
  private rest = '';
  private line = 1;
  private block = 0;
  private blankSeen = false;
  private anyRecord = false;
  private skipping = false;
  private unclosed = 0;
  private readonly dialect: Pick<RecordDialect, 'delimiter' | 'loneCarriageReturns'>;
  private readonly tally: IssueTally<TableIssueCode>;

  constructor(dialect: Pick<RecordDialect, 'delimiter' | 'loneCarriageReturns'>, tally: IssueTally<TableIssueCode>) {
    this.dialect = dialect;
    this.tally = tally;
  }

  /** Records completed by a further piece of text; `last` says that no more comes. */
  feed(piece: string, last: boolean): Omit<RecordBatch, 'bytesDone'> {
    const text = this.rest + (this.dialect.loneCarriageReturns ? piece.replaceAll('\r', '\n') : piece);
    const out = { records: [] as string[][], lines: [] as number[], blocks: [] as number[] };
    let at = 0;
    while (at < text.length) {
      const end = text.indexOf('\n', at);
      if (end < 0 && !last) break;
      const stop = end < 0 ? text.length : end;
      if (this.skipping) {
        this.skipping = false;
        this.line++;
        at = stop + 1;
        continue;
      }
      const line = text.slice(at, text[stop - 1] === '\r' && stop > at ? stop - 1 : stop);
      const quoted = this.dialect.delimiter !== ' ' && this.unclosed < maxUnclosedQuotes && line.includes('"');
      if (!quoted) {
        this.takeLine(line, out);
        at = stop + 1;
        continue;
      }
      const next = this.takeQuoted(text, at, line, stop, last, out);
      if (next < 0) break;
      at = next;
    }
    this.rest = at < text.length ? text.slice(at) : '';
    this.dropOverlongRest();
    return out;
  }

  private takeLine(line: string, out: Omit<RecordBatch, 'bytesDone'>): void {
    const { delimiter } = this.dialect;
    if (line.length > maxRecordCharacters) {
      this.tally.note('record-too-long', { line: this.line }, `line ${this.line} with ${line.length} characters`);
      this.line++;
      return;
    }
    const cells = delimiter === ' ' ? line.trim().split(/\s+/) : line.split(delimiter);
    this.add(cells, line.trim() === '', out);
    this.line++;
  }

  private add(cells: string[], blank: boolean, out: Omit<RecordBatch, 'bytesDone'>): void {
    if (blank) {
      this.blankSeen = this.anyRecord;
      return;
    }
    if (this.blankSeen) {
      this.block++;
      this.blankSeen = false;
    }
    this.anyRecord = true;
    out.records.push(cells);
    out.lines.push(this.line);
    out.blocks.push(this.block);
  }

  /** Takes a record that may run over several lines; the position after it, or -1 where it goes on in the next piece. */
  private takeQuoted(
    text: string,
    start: number,
    line: string,
    lineEnd: number,
    last: boolean,
    out: Omit<RecordBatch, 'bytesDone'>,
  ): number {
    const found = splitQuoted(text, start, this.dialect.delimiter);
    if (found.closed && (found.next >= 0 || last)) {
      const next = found.next < 0 ? text.length : found.next;
      this.add(found.cells, false, out);
      for (let at = text.indexOf('\n', start); at >= 0 && at < next; at = text.indexOf('\n', at + 1)) this.line++;
      return next;
    }
    if (!last && text.length - start <= maxRecordCharacters) return -1;
    this.unclosed++;
    this.tally.note('quote-not-closed', { line: this.line }, `line ${this.line}`);
    this.takeLine(line, out);
    return lineEnd + 1;
  }

  private dropOverlongRest(): void {
    if (this.rest.length <= maxRecordCharacters || this.rest.includes('\n')) return;
    if (!this.skipping)
      this.tally.note('record-too-long', { line: this.line }, `line ${this.line} with over a million characters`);
    this.skipping = true;
    this.rest = '';
  }
}

/** Cells of the record that starts at `start`; `next` is where the one after it starts, -1 where the text ends before. */
function splitQuoted(
  text: string,
  start: number,
  delimiter: string,
): { cells: string[]; next: number; closed: boolean } {
  const cells: string[] = [];
  let at = start;
  for (;;) {
    let cell = '';
    if (text[at] === '"') {
      at++;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0 || quote - start > maxRecordCharacters) return { cells, next: -1, closed: false };
        cell += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at++;
      }
    }
    let end = at;
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end++;
    const tail = text.slice(at, end);
    cells.push(cell + (text[end] === '\n' || end === text.length ? tail.replace(/\r$/, '') : tail));
    if (end >= text.length) return { cells, next: -1, closed: true };
    at = end + 1;
    if (text[end] === '\n') return { cells, next: at, closed: true };
  }
}

/** Records of a file, window by window; faults of the lines go into the tally. */
export async function* readRecords(
  source: ByteSource,
  dialect: RecordDialect,
  tally: IssueTally<TableIssueCode>,
  signal?: AbortSignal,
): AsyncGenerator<RecordBatch> {
  const cutter = new RecordCutter(dialect, tally);
  let bytesDone = 0;
  for await (const window of readText(source, dialect.encoding, signal)) {
    ({ bytesDone } = window);
    if (window.turnedLatin1) tally.note('non-utf8', { offset: bytesDone }, 'after the first 64 KiB');
    const last = bytesDone >= source.size;
    yield { ...cutter.feed(window.text, last), bytesDone };
  }
}
