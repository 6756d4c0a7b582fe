import { z } from '@hono/zod-openapi';
import * as s from '../schemas.ts';

/** An answer that says what is wrong, as RFC 9457 has it. */
export const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: s.problemSchema } },
});
/** An answer in JSON. */
export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
/** A required body in JSON. */
export const body = <Schema extends z.ZodType>(schema: Schema) => ({
  content: { 'application/json': { schema } },
  required: true,
});
/** An answer of bytes. */
export const bytes = (description: string, mediaType = 'application/octet-stream') => ({
  description,
  content: { [mediaType]: { schema: z.string().openapi({ type: 'string', format: 'binary' }) } },
});

/** Answers to those who may not. */
export const denied = {
  401: problem('Sign in, or send a token'),
  403: problem('Not allowed'),
  404: problem('Not there, or not for you'),
};
/** Answers to requests that do not fit, or may not be. */
export const refused = { 400: problem('The request does not fit the schema'), ...denied };
/** An answer to those who try too often. */
export const tooMany = { 429: problem('Too many tries; `Retry-After` says when to come back') };
/** Path of a draft. */
export const draftId = z.object({ draft: z.string().openapi({ param: { name: 'draft', in: 'path' } }) });
/** Path of a study. */
export const study = z.object({ accession: z.string() });
/** Path of a version of a study. */
export const version = study.extend({ version: z.coerce.number().int().min(1).max(1_000_000) });
/** Which revision of the metadata of a version; the newest, if none is named. 0: the version as it was first published. */
export const minor = z.object({ minor: z.coerce.number().int().min(0).max(999_999).optional() });
/** Path of an item of a version. */
export const item = version.extend({ item: z.string() });
/** Path of an item of a draft. */
export const draftItem = draftId.extend({ item: z.string() });
/** A piece of a long list. */
export const page = z.object({
  cursor: z.string().max(4000).optional(),
  limit: z.coerce.number().int().min(1).max(1000).optional(),
});
/** A name of the sender's own for a request: sent again under it, it gets the first answer and does nothing. Kept for a week. */
export const once = z.object({ 'idempotency-key': z.string().min(1).max(200).optional() });
/** The state a save was made on; another state answers 412. */
export const ifMatch = z.object({ 'if-match': z.string().optional() });
