import { z } from '@hono/zod-openapi';
import { changeShape } from '../study-schemas.ts';

const size = z.number().int();
const digest = z.string().optional();

/** What differs between two versions, or between a version and a draft. */
export const versionChangesSchema = z
  .object({
    /** Number of the older version. */
    from: z.number().int(),
    to: z.number().int(),
    /** How they are called: `2`, or `2.1` of a revision of the metadata. */
    fromLabel: z.string(),
    toLabel: z.string(),
    /** What the newer one says of the change. */
    note: z.string().optional(),
    ...changeShape,
    fields: z.array(
      z.object({
        field: z.string(),
        label: z.object({ en: z.string(), ja: z.string() }),
        before: z.unknown().optional(),
        after: z.unknown().optional(),
      }),
    ),
    counts: z.object({ added: size, removed: size, changed: size, moved: size, same: size }),
    /** The first thousand that changed, by path. */
    files: z.array(
      z.object({
        kind: z.enum(['added', 'removed', 'changed', 'moved']),
        path: z.string(),
        /** Where the same bytes stood before. */
        from: z.string().optional(),
        size: size.optional(),
        sha256: digest,
        wasSize: size.optional(),
        wasSha256: digest,
      }),
    ),
    isWhole: z.boolean(),
  })
  .openapi('VersionChanges');
