import { z } from '@hono/zod-openapi';
import { fieldValueSchema, originSchema } from '../schemas.ts';

/** What a kept description is of. */
export const descriptionKind = z.enum(['microscope', 'protocol', 'sample', 'study']);

/** Values by field id that somebody keeps for further studies. */
export const descriptionSchema = z
  .object({
    id: z.string(),
    kind: descriptionKind,
    name: z.string(),
    values: z.record(z.string().max(64), fieldValueSchema),
    updatedAt: z.string(),
    /** Kept by the reader themselves; only they may remove it. */
    isMine: z.boolean(),
    /** Name of who keeps it. */
    by: z.string(),
    /** The group (a laboratory) whose members may use it. */
    group: z.object({ id: z.string(), name: z.string() }).optional(),
  })
  .openapi('KeptDescription');

/** One change of one field of a draft. */
export const fieldChangeSchema = z
  .object({
    id: z.number().int(),
    key: z.string(),
    /** Left out where the field was emptied. */
    value: fieldValueSchema.optional(),
    origin: originSchema.optional(),
    by: z.string(),
    at: z.string(),
  })
  .openapi('FieldChange');
