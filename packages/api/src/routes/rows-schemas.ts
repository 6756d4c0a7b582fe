import { z } from '@hono/zod-openapi';
import { bytes, denied, json, page, problem } from './shape.ts';
import { tableFormats } from './sql-schemas.ts';

const number = z.coerce.number().optional();
const whole = z.coerce.number().int().optional();

/** A number as programs write it. */
const decimal = '-?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?';

/** Does no lower border of a box lie above its upper one? What cannot be read as a box is not judged here. */
function isOrdered(box: string): boolean {
  const borders = box.split(',').map(Number);
  const axes = borders.length / 2;
  return borders.slice(0, axes).every((low, axis) => !(low > borders[axis + axes]!));
}

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
    .regex(
      new RegExp(`^${decimal}(?:,${decimal}){3}(?:,${decimal},${decimal})?$`, 'i'),
      'box is four or six numbers with commas between: x0,y0,x1,y1 or x0,y0,z0,x1,y1,z1, in the unit of the set.',
    )
    .refine(isOrdered, 'box names its lower corner first: x0 is at most x1, y0 at most y1, z0 at most z1.')
    .optional()
    .openapi({ description: '`x0,y0,x1,y1` or `x0,y0,z0,x1,y1,z1`, in the unit of the set' }),
  track: whole,
  link: whole,
  label: z.string().max(500).optional().openapi({
    description:
      'Rows whose `label` (or `name`) is exactly this; none where no row has it, 400 where the table has no such column',
  }),
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
