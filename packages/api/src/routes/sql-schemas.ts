import { z } from '@hono/zod-openapi';

/** How a result is written. */
export const tableFormats = ['json', 'csv', 'ndjson', 'parquet', 'arrow'] as const;

const statement = z.string().min(1).max(200_000).openapi({
  description:
    'One SELECT (also WITH, VALUES, DESCRIBE, SUMMARIZE) over the views of `listSqlViews`, as DuckDB understands it',
});
const limit = z.coerce.number().int().min(1).max(1_000_000).optional().openapi({
  description: 'Rows of the result, at most: 1,000 unless said in JSON (10,000 at most), 1,000,000 else',
});
const format = z.enum(tableFormats).optional().openapi({ description: 'Counts more than `Accept`' });

/** A statement to run. */
export const sqlBody = z.object({ statement, limit, format });
/** The same in an address. */
export const sqlQuery = z.object({ q: statement, limit, format });

const value: z.ZodType = z.unknown();

/** A result in JSON. */
export const sqlResultSchema = z
  .object({
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    /** Whole numbers beyond 2^53 and what JSON has no word for are texts; NaN is `null`. */
    rows: z.array(z.array(value)),
    rowCount: z.number().int(),
    /** There are more rows than were asked for. */
    isCut: z.boolean(),
    /** Of the statement alone. */
    milliseconds: z.number(),
    /** Sets whose tables are being made again, and were left out. */
    leftOut: z.number().int(),
    studies: z.number().int().openapi({ description: 'Studies whose data the views of the statement hold' }),
  })
  .openapi('SqlResult');

/** The views a statement may name. */
export const sqlViewsSchema = z.object({
  views: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      /** Do columns of the deposited files stand beside these? */
      hasFeatures: z.boolean(),
      columns: z.array(z.object({ name: z.string(), type: z.string(), description: z.string() })),
    }),
  ),
  limits: z.object({ seconds: z.number(), megabytes: z.number(), rows: z.number().int() }),
});

/** Whose files a manifest lists. */
export const manifestQuery = z.object({
  accession: z.string().max(40).optional().openapi({ description: 'Of one study only' }),
  after: z.string().max(40).optional().openapi({ description: '`next` of the page before' }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(5000)
    .optional()
    .openapi({ description: 'Studies of a page: 1,000 unless said' }),
});

/** Files of the lake, of all open studies in the order of their accessions. */
export const lakeManifestSchema = z
  .object({
    layout: z.literal('hive'),
    folder: z.string().openapi({ description: 'Below the data folder of the server; `path` of files is below it' }),
    definitions: z
      .array(z.object({ id: z.string(), version: z.number().int(), unit: z.string() }))
      .openapi({ description: 'Of the columns of `measures`, in the order they stand there' }),
    layouts: z
      .array(z.array(z.object({ name: z.string(), type: z.string(), unit: z.string().optional() })))
      .openapi({ description: 'Columns, as DuckDB names types; `layout` of a file is a place in this list, from 0' }),
    files: z.array(
      z.object({
        table: z.string(),
        accession: z.string(),
        version: z.number().int(),
        dataset: z.string(),
        path: z.string(),
        layout: z.number().int(),
        lengthUnit: z.string().optional(),
        timeUnit: z.string().optional(),
        rows: z.number().int().optional(),
      }),
    ),
    leftOut: z.number().int().openapi({ description: 'Items whose tables are being made again' }),
    next: z.string().nullable(),
  })
  .openapi('LakeManifest');
