import { createRoute } from '@hono/zod-openapi';
import { bytes, body, json, problem, tooMany } from './shape.ts';
import {
  lakeManifestSchema,
  manifestQuery,
  sqlBody,
  sqlQuery,
  sqlResultSchema,
  sqlViewsSchema,
} from './sql-schemas.ts';

/** Answers to a statement. */
export const sqlAnswers = {
  200: {
    description: 'The rows, in the form asked for by `format` or `Accept`',
    content: {
      ...json(sqlResultSchema, '').content,
      ...bytes('', 'text/csv').content,
      ...bytes('', 'application/x-ndjson').content,
      ...bytes('', 'application/vnd.apache.parquet').content,
      ...bytes('', 'application/vnd.apache.arrow.stream').content,
    },
  },
  400: problem('The statement is refused, or DuckDB cannot run it'),
  422: problem('It takes more time or memory than it may'),
  503: problem('Too many statements are being run, or this server runs none'),
  ...tooMany,
};

/** SQL over all public tables. */
export const sqlRoutes = {
  runSql: createRoute({
    method: 'post',
    path: '/sql',
    tags: ['Tables'],
    summary: 'Run one SELECT over everything that is public',
    request: { body: body(sqlBody) },
    responses: sqlAnswers,
  }),
  getSql: createRoute({
    method: 'get',
    path: '/sql',
    tags: ['Tables'],
    summary: 'The same by an address, for programs that read addresses: `pandas.read_csv(".../sql?format=csv&q=...")`',
    request: { query: sqlQuery },
    responses: sqlAnswers,
  }),
  listSqlViews: createRoute({
    method: 'get',
    path: '/sql/views',
    tags: ['Tables'],
    summary: 'The views a statement may name, with their columns',
    responses: { 200: json(sqlViewsSchema, 'Views') },
  }),
  getLakeManifest: createRoute({
    method: 'get',
    path: '/sql/manifest',
    tags: ['Tables'],
    summary:
      'Every Parquet file of the lake: its place, columns and units, and the versions of the definitions of measures',
    request: { query: manifestQuery },
    responses: { 200: json(lakeManifestSchema, 'Manifest'), ...tooMany },
  }),
} as const;
