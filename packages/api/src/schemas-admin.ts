import { z } from '@hono/zod-openapi';

const count = z.number().int();

/** State of the stored bytes of what is published. */
export const integritySchema = z
  .object({
    studies: count,
    verified: count,
    damaged: count,
    files: count,
    bytes: count,
    oldestCheck: z.string().optional(),
    newestCheck: z.string().optional(),
  })
  .openapi('Integrity');

/** Checks of the stored bytes, for the operator. */
export const fixitySchema = z
  .object({
    integrity: integritySchema,
    /** Is there a second copy that damage is mended from? */
    hasCopy: z.boolean(),
    everyDays: z.number(),
    runs: z.array(
      z.object({
        id: count,
        cause: z.enum(['schedule', 'command', 'page']),
        beganAt: z.string(),
        endedAt: z.string().optional(),
        units: count,
        checked: count,
        bytes: count,
        damaged: count,
        repaired: count,
      }),
    ),
    findings: z.array(
      z.object({
        id: count,
        accession: z.string().optional(),
        path: z.string(),
        code: z.string(),
        message: z.string(),
        foundAt: z.string(),
        mendedAt: z.string().optional(),
      }),
    ),
  })
  .openapi('Fixity');
