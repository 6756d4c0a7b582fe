import { z } from '@hono/zod-openapi';

/** What an addition is to the study it was made of. */
export const additionKind = z.enum(['annotates', 're-analyses', 'derived']);

/** A study that somebody made of another one: annotations, a re-analysis, or data derived from it. */
export const additionSchema = z
  .object({
    accession: z.string(),
    version: z.number().int(),
    title: z.string(),
    kind: additionKind,
    /** What was done, in words. */
    note: z.string(),
    /** Version of the study it was made of, where it names one. */
    ofVersion: z.number().int().optional(),
    publishedAt: z.string(),
    /** How it is cited. */
    citation: z.string(),
    /** What the authors of the study say of it. */
    comment: z.object({ text: z.string(), at: z.string() }).optional(),
  })
  .openapi('Addition');

/** What a study was made of, and what was made of it. */
export const additionsSchema = z
  .object({
    accession: z.string(),
    version: z.number().int(),
    title: z.string(),
    /** Licence of the study: what may be made of it. */
    licence: z.string(),
    /** What the study says it was made of. */
    of: z.array(
      z.object({
        kind: additionKind,
        /** Accession of a study here, DOI, or address. */
        target: z.string(),
        version: z.number().int().optional(),
        url: z.string(),
        title: z.string().optional(),
        note: z.string().optional(),
        /** DataCite's word for it. */
        relation: z.string(),
      }),
    ),
    /** Published studies of anybody that were made of it, newest first. */
    additions: z.array(additionSchema),
    /** Does the sender answer for the study? */
    isAuthor: z.boolean(),
  })
  .openapi('Additions');

/** What one says of an addition one is going to make. */
export const additionInputSchema = z.object({
  kind: additionKind,
  title: z.string().trim().min(1).max(500),
  description: z.string().trim().max(20_000).default(''),
  /** Program and version it was made with. */
  software: z.string().trim().max(5000).default(''),
  /** SPDX identifier of its licence. */
  licence: z.string().trim().max(100).default(''),
  note: z.string().trim().max(2000).default(''),
  /** Version of the study it is made of; left out: the newest. */
  version: z.number().int().min(1).max(1_000_000).optional(),
});
