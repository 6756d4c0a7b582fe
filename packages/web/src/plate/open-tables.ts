import { httpSource, openParquet } from '@micrarium/formats';
import type { Column, FeatureColumn, FeatureTableSummary } from '@micrarium/model';
import { api, routes } from '../app/api.ts';
import { notReady, refusalOf } from '../viewer/open-film.ts';

/** A column that wells can be coloured by. */
export interface WellColumn {
  /** `item.part.column`, as in the address. */
  id: string;
  item: string;
  part: number;
  table: string;
  column: FeatureColumn;
  /** Names of the columns that say well and plate. */
  wells: string;
  plates: string | undefined;
}

/** Columns of all feature tables whose rows are about wells. */
export function wellColumns(
  items: readonly { id: string; tables?: FeatureTableSummary[] | undefined }[],
): WellColumn[] {
  return items.flatMap(({ id: item, tables = [] }) =>
    tables.flatMap(({ part, name: table, columns }) => {
      const wells = columns.find(({ keyedTo }) => keyedTo === 'well')?.name;
      if (wells === undefined) return [];
      const plates = columns.find(({ keyedTo }) => keyedTo === 'plate')?.name;
      return columns
        .filter(({ keyedTo }) => keyedTo !== 'well' && keyedTo !== 'plate')
        .map((column) => ({ id: `${item}.${part}.${column.name}`, item, part, table, column, wells, plates }));
    }),
  );
}

/** Rows of a table that are read to colour wells; one with a row for each of a million cells is not. */
const mostRows = 200_000;

/**
 * Columns of one table, read by ranges.
 * @throws RangeError where the table has too many rows, FormNotReady while it is being made
 */
export async function readTable(
  study: { accession: string; version: number },
  { item, part }: Pick<WellColumn, 'item' | 'part'>,
  wanted: readonly { name: string; type: FeatureColumn['type'] }[],
  signal: AbortSignal,
): Promise<Map<string, Column>> {
  const path = `table-${part}.parquet`;
  const url = api.url(routes.getItemContent, { params: { ...study, item, path } });
  const head = await fetch(url, { method: 'HEAD', signal });
  if (head.status === 503) throw notReady(path, head);
  if (!head.ok) throw await refusalOf(await fetch(url, { headers: { range: 'bytes=0-0' }, signal }));
  const table = await openParquet(httpSource(path, url, Number(head.headers.get('content-length') ?? 0)), signal);
  if (table.rows > mostRows) throw new RangeError(`${table.rows}`);
  const columns = new Map<string, Column>();
  for (const { name, type } of wanted) {
    const values: Column['values'][number][] = [];
    const missing = new Uint8Array(table.rows);
    for (const { start, end } of table.runs) {
      const run = await table.read(name, start, end);
      for (let row = 0; row < end - start; row++) {
        values.push(run.values[row]!);
        if (run.missing?.[row] === 1) missing[start + row] = 1;
      }
    }
    const stored = type === 'string' ? values.map(String) : Float64Array.from(values, Number);
    columns.set(name, { name, type, values: stored, missing });
  }
  return columns;
}
