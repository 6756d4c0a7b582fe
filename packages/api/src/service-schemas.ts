import { z } from '@hono/zod-openapi';

export const statusSchema = z
  .object({
    version: z.string(),
    state: z.enum(['preparing', 'ready']),
    /** What is still being made, in words, with the fraction done. */
    preparing: z.array(
      z.object({ what: z.enum(['database', 'web bundle', 'demonstration study']), progress: z.number() }),
    ),
    /** Is there an owner account yet? */
    hasOwner: z.boolean(),
  })
  .openapi('Status');

export const totalsSchema = z
  .object({
    studies: z.number().int(),
    images: z.number().int(),
    objects: z.number().int(),
    files: z.number().int(),
    bytes: z.number().int(),
    countedAt: z.string(),
  })
  .openapi('Totals');
