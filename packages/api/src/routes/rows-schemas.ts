import { z } from '@hono/zod-openapi';
import { bytes, denied, json, page, problem } from './shape.ts';
import { tableFormats } from './sql-schemas.ts';

const number = z.coerce.number().optional();
const whole = z.coerce.number().int().optional();

/** Which rows of a table, and in which form. */
export const rowsQuery = page.extend({
  limit: z.coerce.number().int().min(1).max(100_000).optional().openapi({
    description: 'Rows of a page: 100 unless said, 1,000 at most in JSON; in other forms 100,000',
  }),
  part: z.coerce.number().int().min(0).optional(),
  frame: whole,
  fromFrame: whole,
  toFrame: whole,
  fromTime: number,
  toTime: number,
  box: z
    .string()
    .regex(/^-?[\d.e+-]+(?:,-?[\d.e+-]+){3}(?:,-?[\d.e+-]+,-?[\d.e+-]+)?$/i)
    .optional()
    .openapi({ description: '`x0,y0,x1,y1` or `x0,y0,z0,x1,y1,z1`, in the unit of the set' }),
  track: whole,
  link: whole,
  label: z.string().max(500).optional(),
  format: z.enum(tableFormats).optional().openapi({ description: 'Counts more than `Accept`' }),
});

/** Rows, as JSON or as a file; `Link: <…>; rel="next"` leads to the next page. */
export const rowsAnswers = {
  200: {
    description: 'Rows',
    content: {
      ...json(
        z.object({
          columns: z.array(z.object({ name: z.string(), type: z.string(), unit: z.string().optional() })),
          rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
          nextCursor: z.string().nullable(),
        }),
        '',
      ).content,
      ...bytes('', 'text/csv').content,
      ...bytes('', 'application/x-ndjson').content,
      ...bytes('', 'application/vnd.apache.parquet').content,
      ...bytes('', 'application/vnd.apache.arrow.stream').content,
    },
  },
  400: problem('The query does not fit, or the table has no column for it'),
  404: denied[404],
};
