import { z } from '@hono/zod-openapi';

/** A collection in a list. */
export const collectionLineSchema = z
  .object({
    /** Accession, such as `COL-000001`. */
    id: z.string(),
    title: z.string(),
    /** Name of who curates it; empty where that account is closed. */
    curator: z.string(),
    /** Studies in it that can be read. */
    studies: z.number().int(),
    changedAt: z.string(),
  })
  .openapi('CollectionLine');

/** A curated list of studies. */
export const collectionSchema = collectionLineSchema
  .omit({ studies: true })
  .extend({
    text: z.string(),
    createdAt: z.string(),
    /** In the curator's order; what was withdrawn since is left out. */
    studies: z.array(
      z.object({
        accession: z.string(),
        title: z.string(),
        authors: z.string(),
        /** Why it is in the collection. */
        remark: z.string(),
        publishedAt: z.string(),
      }),
    ),
    citation: z.object({ text: z.string(), bibtex: z.string() }),
    /** May the sender change it? */
    canEdit: z.boolean(),
  })
  .openapi('Collection');

/** What one says of a collection. */
export const collectionInputSchema = z.object({
  title: z.string().trim().min(1).max(300),
  text: z.string().trim().max(20_000).default(''),
  studies: z
    .array(z.object({ accession: z.string().max(40), remark: z.string().trim().max(2000).default('') }))
    .max(1000),
});
