import { z } from '@hono/zod-openapi';

/** A term of a vocabulary. */
export const foundTermSchema = z
  .object({
    id: z.string(),
    label: z.string(),
    synonyms: z.array(z.string()),
    vocabulary: z.string(),
    /** Labels of direct parents. */
    parents: z.array(z.string()),
    obsolete: z.boolean(),
    /** What to use instead of an obsolete term. */
    replacedBy: z.string().nullable(),
    /** Its label, where the term is known here. */
    replacedByLabel: z.string().nullable().optional(),
  })
  .openapi('VocabularyTerm');

/** A term by id and label. */
export const namedTermSchema = z.object({ id: z.string(), label: z.string() });

/** A term below another. */
export const termBelowSchema = namedTermSchema.extend({
  /** Are there terms below it in turn? */
  hasBelow: z.boolean(),
});

/** A vocabulary that is installed. */
export const vocabularySchema = z
  .object({
    name: z.string(),
    release: z.string().nullable(),
    source: z.string(),
    terms: z.number().int(),
    loadedAt: z.string(),
  })
  .openapi('Vocabulary');
