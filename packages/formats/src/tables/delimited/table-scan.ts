import type { ColumnDescription } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { cellKind } from './cell-values.ts';
import type { TableDialect } from './dialect.ts';
import type { IssueTally, TableIssueCode } from './issues.ts';
import { readRecords } from './records.ts';

/** A data row as it goes by. */
export interface TableRow {
  /** Cells; as many as the record has, which may differ from the header. */
  cells: readonly string[];
  /** Zero-based data row. */
  row: number;
  /** One-based line of the file. */
  line: number;
  /** Group of rows between blank lines. */
  block: number;
}

/** What a pass over the whole table found. */
export interface TableScan {
  rows: number;
  /** Columns with the type their values have over the whole table. */
  columns: ColumnDescription[];
  /** Last blank-line-separated group (0 where there is one group). */
  lastBlock: number;
}

/** Data rows of a table in order, window by window; faults of the lines go into the tally. */
export async function* tableRows(
  source: ByteSource,
  dialect: TableDialect,
  tally: IssueTally<TableIssueCode>,
  options: { signal?: AbortSignal; onBytes?(bytesDone: number): void } = {},
): AsyncGenerator<TableRow[]> {
  const width = dialect.header.length;
  let row = 0;
  for await (const batch of readRecords(source, dialect, tally, options.signal)) {
    const rows: TableRow[] = [];
    for (let i = 0; i < batch.records.length; i++) {
      const line = batch.lines[i]!;
      if (line < dialect.firstDataLine) continue;
      const cells = batch.records[i]!;
      if (cells.length !== width && !(cells.length === width + 1 && cells[width]!.trim() === ''))
        tally.note('row-width', { line, row: row + 1 }, `line ${line}: ${cells.length} cells for ${width} columns`);
      rows.push({ cells, row: row++, line, block: batch.blocks[i]! });
    }
    options.onBytes?.(batch.bytesDone);
    yield rows;
  }
}

const kindBits = { missing: 0, int: 1, float: 2, bool: 4, text: 8 } as const;

/**
 * Goes once over the table to find the type of each column and the number of rows.
 * @param visit sees every row, for what else must be known of the whole
 */
export async function scanTable(
  source: ByteSource,
  dialect: TableDialect,
  tally: IssueTally<TableIssueCode>,
  options: { signal?: AbortSignal; onBytes?(bytesDone: number): void } = {},
  visit?: (row: TableRow) => void,
): Promise<TableScan> {
  return scanRows(dialect, tableRows(source, dialect, tally, options), visit);
}

/** As `scanTable`, for rows that come from anywhere. */
export async function scanRows(
  dialect: Pick<TableDialect, 'header' | 'units' | 'decimalComma'>,
  batches: AsyncIterable<readonly TableRow[]>,
  visit?: (row: TableRow) => void,
): Promise<TableScan> {
  const seen = new Uint8Array(dialect.header.length);
  let rows = 0;
  let lastBlock = 0;
  for await (const batch of batches)
    for (const row of batch) {
      rows++;
      lastBlock = row.block;
      // A column that has text is text whatever follows.
      for (let i = 0; i < seen.length; i++)
        if (seen[i]! < 8) seen[i]! |= kindBits[cellKind(row.cells[i] ?? '', dialect.decimalComma)];
      visit?.(row);
    }
  const columns = dialect.header.map((name, i) => ({
    name,
    type: typeOf(seen[i]!),
    ...(dialect.units[i] ? { unit: dialect.units[i] } : {}),
  }));
  return { rows, columns, lastBlock };
}

/** Type that a column with these cells has. */
export function columnTypeOf(cells: Iterable<string>): ColumnDescription['type'] {
  let bits = 0;
  for (const cell of cells) bits |= kindBits[cellKind(cell)];
  return typeOf(bits);
}

function typeOf(bits: number): ColumnDescription['type'] {
  if (bits === 4) return 'bool';
  if (bits === 1) return 'int';
  if (bits === 2 || bits === 3) return 'float';
  return 'string';
}
