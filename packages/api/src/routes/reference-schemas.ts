import { z } from '@hono/zod-openapi';

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9A-Fa-f]{${digits}}$`));

/** A file that stays where it is: its bytes are at `url`, and are not held here. */
export const referenceSchema = z
  .object({
    path: z.string(),
    url: z.string(),
    size: z.number().int(),
    sha256: z.string(),
    sha512: z.string().optional(),
    md5: z.string().optional(),
    mediaType: z.string(),
    /** What was found at the address; left out before it was asked the first time. */
    check: z
      .object({
        /** `unreachable`: its server could not be asked. */
        state: z.enum(['there', 'missing', 'changed', 'unreachable']),
        note: z.string(),
        lookedAt: z.string(),
        /** When its bytes were last read whole and had the stated SHA-256. */
        verifiedAt: z.string().optional(),
      })
      .optional(),
  })
  .openapi('FileReference');

/** References one by one, or as a table. */
export const addReferencesSchema = z
  .object({
    references: z
      .array(
        z.object({
          path: z.string().min(1).max(1024),
          url: z.string().min(1).max(2000),
          size: z.number().int().min(0),
          sha256: hex(64),
          sha512: hex(128).optional(),
          md5: hex(32).optional(),
          mediaType: z.string().max(200).optional(),
        }),
      )
      .max(5000)
      .optional(),
    /** Commas or tabs; the first line names the columns `path`, `url`, `size`, `sha256`, and may name `sha512`, `md5`, `mediatype`. */
    table: z.string().max(3_500_000).optional(),
  })
  .openapi('AddReferences');

/** A piece of a list of references, with counts over all of it. */
export const referencesSchema = z.object({
  references: z.array(referenceSchema),
  count: z.number().int(),
  bytes: z.number().int(),
  nextCursor: z.string().nullable(),
});
