import { z } from '@hono/zod-openapi';

/** What one form cannot hold of a set, in numbers; an empty list means lossless. */
export const formLossesSchema = z
  .object({
    form: z
      .string()
      .openapi({ description: 'An export form; `parquet` is the stored tables of the set taken together' }),
    losses: z.array(
      z.object({
        code: z.string(),
        severity: z
          .enum(['error', 'warning', 'info'])
          .openapi({ description: '`error`: the form cannot hold the set at all' }),
        message: z.string().openapi({ example: '12 merges (14 edges)' }),
      }),
    ),
  })
  .openapi('FormLosses');

/** The loss reports of every set of an item. */
export const exportLossesSchema = z
  .object({
    sets: z.array(
      z.object({
        part: z.number().int(),
        forms: z
          .array(formLossesSchema)
          .optional()
          .openapi({ description: 'Left out where the set is too large to be counted beforehand' }),
      }),
    ),
  })
  .openapi('ExportLosses');
