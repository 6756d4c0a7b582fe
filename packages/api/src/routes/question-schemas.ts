import { z } from '@hono/zod-openapi';

/** A question to the authors of a study, with its answer. Addresses are never in it. */
export const questionSchema = z
  .object({
    id: z.string(),
    accession: z.string(),
    /** Version that was newest when it was asked. */
    version: z.number().int(),
    text: z.string(),
    askerName: z.string(),
    askedAt: z.string(),
    answer: z.string().optional(),
    answeredAt: z.string().optional(),
    /** Do both agree that everybody reads it, once it is answered? */
    askerAgrees: z.boolean(),
    authorAgrees: z.boolean(),
    /** Does everybody read it? */
    isPublic: z.boolean(),
  })
  .openapi('Question');

/** Questions of a study that the sender of the request may see. */
export const questionsSchema = z
  .object({
    accession: z.string(),
    title: z.string(),
    questions: z.array(questionSchema.extend({ isMine: z.boolean() })),
    /** Does the sender answer for the study? */
    isAuthor: z.boolean(),
    /** May visitors ask? They do so under an address that is confirmed by mail. */
    visitorsAsk: z.boolean(),
  })
  .openapi('Questions');

/** Words of a question or an answer. */
export const words = z.string().trim().min(3).max(5000);
