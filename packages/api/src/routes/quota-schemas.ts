import { z } from '@hono/zod-openapi';

const bytes = z.number().int().min(0).max(9_000_000_000_000_000);

/** A limit as it is set. */
export const setLimitSchema = z.union([bytes, z.enum(['none', 'default'])]);

/** How much a person or group may deposit, and how much they have. */
export const allowanceSchema = z
  .object({
    kind: z.enum(['person', 'group']),
    id: z.string(),
    name: z.string(),
    usedBytes: bytes,
    limitBytes: bytes.nullable().openapi({ description: 'With what plans reserve; null: no limit' }),
    reservedBytes: bytes,
    set: setLimitSchema,
  })
  .openapi('Allowance');
