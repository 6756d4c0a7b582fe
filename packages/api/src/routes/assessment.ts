import { createRoute, z } from '@hono/zod-openapi';
import * as s from './assessment-schemas.ts';
import { body, json, problem, refused } from './shape.ts';

/** What an archive says of itself to those who must trust it: its formats, and how it meets what is asked of archives. */
export const assessmentRoutes = {
  listFormats: createRoute({
    method: 'get',
    path: '/formats',
    tags: ['Service'],
    summary:
      'The register of formats: preferred, accepted or kept as bits, with openness, programs, licence and use (JSON, or `format=csv`)',
    request: { query: z.object({ format: z.enum(['json', 'csv']).optional() }) },
    responses: {
      200: {
        description: 'Formats by name',
        content: {
          'application/json': { schema: z.object({ formats: z.array(s.registeredFormatSchema) }) },
          'text/csv': { schema: z.string() },
        },
      },
    },
  }),
  getAssessment: createRoute({
    method: 'get',
    path: '/self-assessment',
    tags: ['Service'],
    summary: 'The requirements of CoreTrustSeal with what this installation answers (JSON, or `format=markdown`)',
    request: {
      query: z.object({ lang: z.enum(['en', 'ja']).optional(), format: z.enum(['json', 'markdown']).optional() }),
    },
    responses: {
      200: {
        description: 'Requirements in their order',
        content: { 'application/json': { schema: s.assessmentSchema }, 'text/markdown': { schema: z.string() } },
      },
    },
  }),
  answerAssessment: createRoute({
    method: 'put',
    path: '/admin/self-assessment/{requirement}',
    tags: ['Administration'],
    summary: 'What the operator says about a requirement, and how it is rated',
    request: { params: z.object({ requirement: z.string().max(10) }), body: body(s.assessmentAnsweringSchema) },
    responses: {
      200: json(s.assessmentAnswerSchema, 'Kept'),
      412: problem('Somebody else answered in between'),
      ...refused,
    },
  }),
} as const;
