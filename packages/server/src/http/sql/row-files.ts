import { memorySink, ParquetTableWriter, type StoredColumn } from '@micrarium/formats';
import type { ObjectsPage } from '@micrarium/repository';
import type { ResultFormat } from '../../sql/query-messages.ts';

type Page = Pick<ObjectsPage, 'columns' | 'rows'>;

/** A page of rows as a file. Units stand in the metadata of Parquet and Arrow. */
export async function rowFile(page: Page, format: Exclude<ResultFormat, 'json'>): Promise<Uint8Array> {
  switch (format) {
    case 'csv':
      return new TextEncoder().encode(csvOf(page));
    case 'ndjson':
      return new TextEncoder().encode(linesOf(page));
    case 'parquet':
      return await parquetOf(page);
    case 'arrow':
      return await arrowOf(page);
  }
}

function csvOf({ columns, rows }: Page): string {
  const cell = (value: string | number | boolean | null) => {
    // Text that a spreadsheet would compute gets an apostrophe in front, as in the tables of tracks; numbers are none.
    const isComputed =
      typeof value === 'string' && /^[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20]/.test(value) && !isNumber(value);
    const text = value === null ? '' : `${isComputed ? "'" : ''}${value}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map(({ name }) => name), ...rows].map((row) => row.map(cell).join(','));
  return `${lines.join('\n')}\n`;
}

const isNumber = (text: string) => /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text);

function linesOf({ columns, rows }: Page): string {
  return rows
    .map((row) => `${JSON.stringify(Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])))}\n`)
    .join('');
}

const storedTypes: Readonly<Record<string, StoredColumn['type']>> = {
  int: 'int64',
  float: 'double',
  bool: 'boolean',
  string: 'string',
};

async function parquetOf({ columns, rows }: Page): Promise<Uint8Array> {
  const sink = memorySink();
  const stored = columns.map(({ name, type }) => ({ name, type: storedTypes[type] ?? 'string', nullable: true }));
  const units = JSON.stringify(Object.fromEntries(columns.map(({ name, unit }) => [name, unit])));
  const writer = new ParquetTableWriter(await sink.create('rows.parquet'), stored, { 'micrarium.units': units });
  await writer.append(
    rows.length,
    stored.map(({ type }, at) => ({
      values: rows.map((row) => (type === 'string' ? String(row[at] ?? '') : Number(row[at] ?? 0))) as
        | number[]
        | string[],
      missing: Uint8Array.from(rows, (row) => Number(row[at] === null)),
    })),
  );
  await writer.close();
  return sink.files.get('rows.parquet')!;
}

async function arrowOf({ columns, rows }: Page): Promise<Uint8Array> {
  const { Bool, Field, Float64, Int64, Schema, Table, tableToIPC, Utf8, vectorFromArray } = await import(
    'apache-arrow'
  );
  const types = columns.map(({ type }) =>
    type === 'int' ? new Int64() : type === 'float' ? new Float64() : type === 'bool' ? new Bool() : new Utf8(),
  );
  const fields = columns.map(
    ({ name, unit }, at) => new Field(name, types[at]!, true, new Map(unit === undefined ? [] : [['unit', unit]])),
  );
  const valueOf = (at: number, value: string | number | boolean | null) =>
    value !== null && columns[at]!.type === 'int' ? BigInt(value) : value;
  const vectors = columns.map(({ name }, at) => [
    name,
    vectorFromArray(
      rows.map((row) => valueOf(at, row[at]!)),
      types[at]!,
    ),
  ]);
  return tableToIPC(new Table(new Schema(fields), Object.fromEntries(vectors)), 'stream');
}
