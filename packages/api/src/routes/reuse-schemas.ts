import { z } from '@hono/zod-openapi';

/** What a study was used in. */
export const reuseKind = z.enum(['paper', 'study', 'analysis']);

/** A use of a study's data in somebody's work. */
export const reuseSchema = z
  .object({
    id: z.string(),
    /** Version that was newest when it was reported. */
    version: z.number().int(),
    kind: reuseKind,
    /** DOI of a paper; accession of a study of ours, or DOI of one elsewhere; DOI or address of an analysis. */
    identifier: z.string(),
    /** Where it is read. */
    url: z.string(),
    title: z.string(),
    /** What was used, and for what. */
    remark: z.string(),
    state: z.enum(['reported', 'confirmed', 'declined']),
    /** Why it was declined. */
    reason: z.string(),
    /** Name of who reported it; empty where the account is closed. */
    reporter: z.string(),
    reportedAt: z.string(),
    decidedAt: z.string().optional(),
    /** `primary`: the paper the data were published with; `reuse`: a work that used them. */
    use: z.enum(['primary', 'reuse']),
    /** Who found it, where it came from a file of citations. */
    foundIn: z.string().optional(),
    /** Day it was said on, where that file tells. */
    foundOn: z.string().optional(),
  })
  .openapi('Reuse');

/** Uses of a study that the sender of the request may see. */
export const reusesSchema = z
  .object({
    accession: z.string(),
    title: z.string(),
    reuses: z.array(reuseSchema.extend({ isMine: z.boolean() })),
    /** Does the sender answer for the study? */
    isAuthor: z.boolean(),
  })
  .openapi('Reuses');

/** What everybody may know of somebody who publishes here. */
export const profileSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    orcid: z.string().optional(),
    /** Uses of the studies in other work, newest first. */
    reuses: z.array(reuseSchema.extend({ accession: z.string(), studyTitle: z.string() })),
    studies: z.array(
      z.object({
        accession: z.string(),
        title: z.string(),
        version: z.number().int(),
        publishedAt: z.string(),
        /** Confirmed uses. */
        reused: z.number().int(),
      }),
    ),
  })
  .openapi('Profile');
