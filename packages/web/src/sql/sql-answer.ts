import { api, routes } from '../app/api.ts';

/** Rows the page asks for; all of them come as a file. */
export const rowsOnPage = 2000;

/** Runs a statement. */
export const askSql = (statement: string, signal: AbortSignal) =>
  api.call(routes.runSql, { body: { statement, limit: rowsOnPage }, headers: { accept: 'application/json' }, signal });

/** A result. */
export type SqlResult = Awaited<ReturnType<typeof askSql>>;

/** The views a statement may name. */
export const askViews = () => api.call(routes.listSqlViews, {});

/** Forms of a file of rows. */
export type FileFormat = 'csv' | 'parquet' | 'arrow' | 'ndjson';

/** The address of all rows of a statement as a file. */
export const fileOf = (statement: string, format: FileFormat): string =>
  api.url(routes.getSql, { query: { q: statement, format } });
