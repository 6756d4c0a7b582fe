import { z } from '@hono/zod-openapi';
import { tableFormats } from './sql-schemas.ts';

/** A query to keep. */
export const savedQueryBody = z.object({
  title: z.string().trim().min(3).max(300),
  statement: z.string().min(1).max(200_000),
  page: z
    .string()
    .max(4000)
    .regex(/^\/(?:explore|explore\/features|sql)(?:\?|$)/)
    .optional()
    .openapi({
      description: 'The page it was made on, with its state: `/explore?…`; that of the statement where left out',
    }),
});

/** A study whose data a query used. */
export const usedVersionSchema = z.object({
  accession: z.string(),
  version: z.number().int(),
  title: z.string(),
  /** As the study's page gives it; empty where it is not open any more. */
  citation: z.string(),
  isOpen: z.boolean(),
});

/** A query that is kept with the versions it was asked of. */
export const savedQuerySchema = z
  .object({
    /** As `Q-7KQ2M4XW`. */
    id: z.string(),
    title: z.string(),
    statement: z.string(),
    page: z.string(),
    madeAt: z.string(),
    /** Name of who made it; empty where the account is gone. */
    madeBy: z.string(),
    address: z.string(),
    citation: z.string(),
    /** Rows it gave when it was made. */
    rows: z.number().int(),
    /** Studies whose rows stand in the result; of a result that names none, all it was asked of. */
    cited: z.array(usedVersionSchema),
    /** Every version it was asked of. */
    versions: z.array(z.object({ accession: z.string(), version: z.number().int() })),
  })
  .openapi('SavedQuery');

/** How the result of a saved query is wanted. */
export const savedResultQuery = z.object({
  format: z.enum(tableFormats).optional(),
  limit: z.coerce.number().int().min(1).max(1_000_000).optional(),
  versions: z
    .enum(['kept', 'newest'])
    .optional()
    .openapi({ description: '`kept`: the versions it was asked of, as where left out; `newest`: those open now' }),
});

/** Versions whose references are wanted. */
export const citationsBody = z.object({
  studies: z
    .array(z.object({ accession: z.string().max(40), version: z.number().int().min(1).max(1_000_000) }))
    .min(1)
    .max(5000),
  format: z.enum(['text', 'bibtex']).optional(),
});
