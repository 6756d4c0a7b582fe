import { z } from '@hono/zod-openapi';
import { importReasons } from '../import-reasons.ts';
import { issueSchema } from '../schemas.ts';

const address = z
  .url({ protocol: /^https?$/, error: 'An address that begins with https:// or http:// is needed' })
  .max(4000);
const secret = z.string().max(1000);

/** A reason with what it is about. */
export const importReasonSchema = z
  .object({
    code: z.enum(importReasons),
    /** Server that was asked. */
    host: z.string().optional(),
    /** HTTP status it answered with. */
    status: z.number().int().optional(),
  })
  .openapi('ImportReason');

/** Where files are brought from. Names, passwords and keys are used for this import only and stored nowhere. */
export const importSourceSchema = z
  .discriminatedUnion('kind', [
    /** A file, or a text that names one address in each line. */
    z.object({ kind: z.literal('url'), address }),
    /** A WebDAV folder, or the link of a public share of Nextcloud or ownCloud. */
    z.object({
      kind: z.literal('webdav'),
      address,
      user: z
        .string()
        .max(320)
        .regex(/^[^:]*$/)
        .optional(),
      password: secret.optional(),
    }),
    /** Objects of an S3-compatible bucket whose keys begin with `prefix`. */
    z.object({
      kind: z.literal('s3'),
      endpoint: address,
      bucket: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/),
      prefix: z.string().max(1024).default(''),
      region: z
        .string()
        .regex(/^[a-z0-9-]{1,64}$/)
        .default('us-east-1'),
      accessKeyId: z.string().max(256).optional(),
      secretAccessKey: secret.optional(),
    }),
    /** My folder in the drop folder of the server, where the operator made one. */
    z.object({ kind: z.literal('drop-folder') }),
  ])
  .openapi('ImportSource');

/** What a source offers, to be looked through before anything is brought. */
export const importListingSchema = z
  .object({
    files: z.array(
      z.object({
        /** As the source spells it; to be sent back as it is. */
        path: z.string(),
        /** Bytes; absent where the source does not tell. */
        size: z.number().int().optional(),
        modified: z.string().optional(),
        /** The draft has a file of this name and size, complete: it is not brought again. */
        isThere: z.boolean(),
        /** Why it cannot be brought: a link, or an address that does not answer. */
        fault: z.enum(['link', 'unreachable']).optional(),
      }),
    ),
    /** Bytes of all whose size is told. */
    bytes: z.number().int(),
    /** Is this not all, because there are too many files or it took too long? */
    isCut: z.boolean(),
    /** What is wrong with paths; such files cannot be brought. */
    issues: z.array(issueSchema),
  })
  .openapi('ImportListing');

/** What is to be brought. */
export const importOrderSchema = z.object({
  source: importSourceSchema,
  files: z
    .array(z.object({ path: z.string().min(1).max(1024), size: z.number().int().min(0).optional() }))
    .min(1)
    .max(10_000),
});

/** The import of a draft that runs, or ran last. */
export const importStateSchema = z
  .object({
    /** Is there a drop folder for me? */
    hasDropFolder: z.boolean(),
    run: z
      .object({
        /** `interrupted`: the server was restarted; confirm again, and what is there is not brought again. */
        state: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted']),
        kind: z.enum(['url', 'webdav', 's3', 'drop-folder']),
        /** Host, or bucket; never with a secret. */
        place: z.string(),
        startedAt: z.string(),
        files: z.number().int(),
        /** Bytes of all whose size is told. */
        bytes: z.number().int(),
        /** Files that are stored, or were there. */
        doneFiles: z.number().int(),
        /** Of these, files that were there. */
        thereFiles: z.number().int(),
        /** Bytes that came. */
        doneBytes: z.number().int(),
        failedFiles: z.number().int(),
        /** The first hundred files that could not be brought, and why. */
        failures: z.array(z.object({ path: z.string(), message: z.string(), reason: importReasonSchema.optional() })),
        /** Why all of it ended, where it did not come to its end. */
        message: z.string().optional(),
        reason: importReasonSchema.optional(),
      })
      .optional(),
  })
  .openapi('ImportState');
