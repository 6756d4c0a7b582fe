import { api, ApiError, pageTokenHeaders, routes } from '../app/api.ts';

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

/** Letters of an address that every server and browser on the way takes. */
const longestAddress = 12_000;

/** Is a statement too long to stand in an address? Its files are asked for in the body of a request then. */
export const isLongStatement = (statement: string): boolean => fileOf(statement, 'parquet').length > longestAddress;

/** All rows of a statement as a file, for statements that no address holds. @throws ApiError */
export async function askFile(statement: string, format: FileFormat): Promise<Blob> {
  const answer = await fetch(api.url(routes.runSql, {} as never), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...pageTokenHeaders() },
    body: JSON.stringify({ statement, format }),
  });
  if (answer.ok) return await answer.blob();
  const problem = (await answer.json().catch(() => ({}))) as { code?: string; title?: string; detail?: string };
  const words = problem.detail ?? problem.title ?? `HTTP ${answer.status}`;
  throw new ApiError(answer.status, problem.code ?? `http-${answer.status}`, words, problem);
}
