import { z } from '@hono/zod-openapi';

/** Problem answer (RFC 9457). `code` is stable; every code is on the page `docs/errors.md`. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string().optional(),
    /** Path of the request. */
    instance: z.string().optional(),
    /** Id of the request, as in `X-Request-Id`: who runs the installation finds it in the log. */
    requestId: z.string().optional(),
    /** What is wrong in the body, by JSON pointer. */
    errors: z.array(z.object({ pointer: z.string(), code: z.string(), message: z.string() })).optional(),
    /** What is missing or wrong, field by field, with more about each. */
    issues: z.array(z.lazy(() => issueSchema)).optional(),
    /** Names of what can be done instead, where something cannot be done in the state it is in. */
    allowed: z.array(z.string()).optional(),
  })
  .openapi('Problem');

export const issueSchema = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning', 'info']),
    message: z.string(),
    where: z.object({
      file: z.string().optional(),
      line: z.number().optional(),
      row: z.number().optional(),
      column: z.union([z.string(), z.number()]).optional(),
      offset: z.number().optional(),
      field: z.string().optional(),
    }),
    hint: z.string().optional(),
    /** What to write instead, where one repair is likely enough to be offered. */
    offer: z.string().optional(),
  })
  .openapi('Issue');
