import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import type { GivenData, ResultColumn, ResultValue } from './query-messages.ts';
import { jsonValue } from './result-values.ts';
import { quotedName, quotedText } from './sql-text.ts';

/** What came of a statement. */
export interface WrittenResult {
  columns: ResultColumn[];
  rows: ResultValue[][] | undefined;
  rowCount: number;
  isCut: boolean;
}

/** Bytes of a result in JSON, at most: it goes from process to process and stands in memory at both ends. Files may be longer. */
export const mostJsonBytes = 64_000_000;

/** The result of a statement is longer than it may be. */
export class ResultTooLarge extends Error {
  override readonly name = 'ResultTooLarge';
}

/** Runs a statement that was judged, and writes its rows as asked: into memory where JSON, else into a file. */
export async function writeResult(
  connection: DuckDBConnection,
  statement: string,
  wanted: GivenData,
): Promise<WrittenResult> {
  if (wanted.format === 'csv' || wanted.format === 'parquet') return await copyResult(connection, statement, wanted);
  const result = await connection.stream(statement);
  const columns = columnsOf(result);
  const names = namesApart(columns.map(({ name }) => name));
  const shown = columns.map((column, at) => ({ ...column, name: names[at]! }));
  if (wanted.format === 'json') {
    const rows: ResultValue[][] = [];
    let bytes = 0;
    const { isCut } = await chunksOf(result, wanted.rowLimit, (chunk, count) => {
      for (const row of jsonRows(chunk, count)) {
        bytes += row.reduce<number>((sum, value) => sum + sizeOf(value), 0);
        if (bytes > mostJsonBytes)
          throw new ResultTooLarge(
            `The result is larger than ${mostJsonBytes / 1e6} MB in JSON. Ask for fewer columns or rows, or take it as CSV or Parquet.`,
          );
        rows.push(row);
      }
    });
    return { columns: shown, rows, rowCount: rows.length, isCut };
  }
  const file = createWriteStream(wanted.file!);
  const writer =
    wanted.format === 'arrow'
      ? new (await import('./arrow-result.ts')).ArrowResult(result, names)
      : new LineResult(names);
  const counted = await chunksOf(result, wanted.rowLimit, (chunk, count) => write(file, writer.rows(chunk, count)));
  await write(file, writer.end());
  file.end();
  await once(file, 'close');
  return { columns: shown, rows: undefined, ...counted };
}

/** About as many bytes as a value takes in JSON. */
function sizeOf(value: ResultValue): number {
  if (typeof value === 'string') return value.length + 3;
  if (Array.isArray(value)) return (value as ResultValue[]).reduce<number>((sum, one) => sum + sizeOf(one), 2);
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).reduce((sum, [name, one]) => sum + name.length + sizeOf(one as ResultValue) + 4, 2);
  return 8;
}

async function write(file: WriteStream, bytes: Uint8Array): Promise<void> {
  if (bytes.length > 0 && !file.write(bytes)) await once(file, 'drain');
}

/** Takes the rows of a result, chunk by chunk, up to a limit. */
async function chunksOf(
  result: DuckDBResult,
  limit: number,
  take: (chunk: DuckDBDataChunk, count: number) => void | Promise<void>,
): Promise<{ rowCount: number; isCut: boolean }> {
  let rowCount = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return { rowCount, isCut: false };
    const count = Math.min(chunk.rowCount, limit - rowCount);
    if (count > 0) await take(chunk, count);
    rowCount += count;
    if (count < chunk.rowCount) return { rowCount, isCut: true };
  }
}

const columnsOf = (result: DuckDBResult): ResultColumn[] =>
  result.columnNames().map((name, at) => ({ name, type: String(result.columnType(at)) }));

/** Rows as lists of values. */
function jsonRows(chunk: DuckDBDataChunk, count: number): ResultValue[][] {
  const vectors = Array.from({ length: chunk.columnCount }, (_, at) => chunk.getColumnVector(at));
  return Array.from({ length: count }, (_, row) => vectors.map((vector) => jsonValue(vector.getItem(row))));
}

/** One JSON object a line. */
class LineResult {
  private readonly names: readonly string[];

  constructor(names: readonly string[]) {
    this.names = names;
  }

  rows(chunk: DuckDBDataChunk, count: number): Uint8Array {
    const lines = jsonRows(chunk, count).map((values) =>
      JSON.stringify(Object.fromEntries(values.map((value, at) => [this.names[at]!, value]))),
    );
    return new TextEncoder().encode(`${lines.join('\n')}\n`);
  }

  end(): Uint8Array {
    return new Uint8Array();
  }
}

/** CSV and Parquet are written by DuckDB itself. A result that reaches the limit counts as cut. */
async function copyResult(
  connection: DuckDBConnection,
  statement: string,
  { format, file, rowLimit }: GivenData,
): Promise<WrittenResult> {
  // The line break ends a comment at the end of the statement.
  const inner = `(\n${withoutEnd(statement)}\n)`;
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${inner}`);
  const columns = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
  const taken = format === 'csv' ? columns.map(csvColumn).join(', ') : '*';
  const options = format === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT parquet, COMPRESSION zstd';
  const copied = await connection.runAndReadAll(
    `COPY (SELECT ${taken} FROM ${inner} LIMIT ${rowLimit}) TO ${quotedText(file!)} (${options}, USE_TMP_FILE false)`,
  );
  const rowCount = Number(copied.getRows()[0]![0]);
  return { columns, rows: undefined, rowCount, isCut: rowCount >= rowLimit };
}

/** As `isFormula` of the tables of tracks, in the words of DuckDB. */
const formula = `'^[=+\\-@\\t\\r\uFF0B\uFF0D\uFF1D\uFF20]'`;
const plainNumber = `'[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?'`;

/** A column for CSV: text that a spreadsheet would compute gets an apostrophe in front, and so does its name. */
function csvColumn({ name, type }: ResultColumn): string {
  const column = quotedName(name);
  const shown = quotedName(/^[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20]/.test(name) ? `'${name}` : name);
  if (type !== 'VARCHAR') return `${column} AS ${shown}`;
  const isComputed = `regexp_matches(${column}, ${formula}) AND NOT regexp_full_match(${column}, ${plainNumber})`;
  return `CASE WHEN ${isComputed} THEN '''' || ${column} ELSE ${column} END AS ${shown}`;
}

/** A statement without the semicolon that ends it. */
export function withoutEnd(statement: string): string {
  return statement.replace(/(?:;|\s|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)+$/, '');
}

/** Names that all differ: two columns may be called the same. */
export function namesApart(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let apart = name;
    for (let number = 2; taken.has(apart); number++) apart = `${name}_${number}`;
    taken.add(apart);
    return apart;
  });
}
