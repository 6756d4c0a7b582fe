import type { ByteSource } from '../../bytes/byte-source.ts';
import { SqliteFault } from './fault.ts';
import { Pages } from './pages.ts';
import type { SqliteValue } from './record.ts';
import { type SqliteColumn, tableColumns } from './table-columns.ts';
import { tableRows } from './table-tree.ts';

/** A table of a database. */
export interface SqliteTable {
  readonly name: string;
  readonly columns: readonly SqliteColumn[];
  /**
   * Values of some columns, row by row; absent where the table or a row lacks one.
   * @throws SqliteFault where the file is damaged; rows before that were given
   */
  rows(names: readonly string[], signal?: AbortSignal): AsyncGenerator<(SqliteValue | undefined)[]>;
}

/** Names that are looked at, at most. */
const mostTables = 10_000;
/** Signs of the statement that made a table, at most. */
const mostSigns = 16_384;

/**
 * A table of an SQLite database by its name, read by ranges: tables with rows in their usual form, of any page size and
 * encoding. What a write-ahead log beside the file holds is not seen. `undefined` where there is no such table.
 * Source: https://www.sqlite.org/fileformat2.html.
 * @throws SqliteFault where the file is none of SQLite, damaged, or the table stored without row numbers
 */
export async function openSqliteTable(
  source: ByteSource,
  name: string,
  signal?: AbortSignal,
): Promise<SqliteTable | undefined> {
  const pages = await Pages.open(source, signal);
  let seen = 0;
  for await (const { values } of tableRows(pages, 1, [0, 1, 3, 4], signal)) {
    if (++seen > mostTables) throw new SqliteFault(`the database has more than ${mostTables} tables and indices`);
    const [type, own, root, statement] = values;
    if (type !== 'table' || own !== name) continue;
    const isReadable = typeof statement === 'string' && statement.length <= mostSigns;
    const columns = isReadable ? tableColumns(statement) : undefined;
    if (!columns || typeof root !== 'number')
      throw new SqliteFault(`the table ${name} is stored in a form that is not read`);
    return { name, columns, rows: (names, stop) => namedRows(pages, root, columns, names, stop) };
  }
  return undefined;
}

async function* namedRows(
  pages: Pages,
  root: number,
  columns: readonly SqliteColumn[],
  names: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<(SqliteValue | undefined)[]> {
  const wanted = names.map((name) => columns.findIndex((column) => column.name === name));
  for await (const { rowid, values } of tableRows(pages, root, wanted, signal))
    yield values.map((value, i) => (columns[wanted[i]!]?.isRowid ? rowid : value));
}
