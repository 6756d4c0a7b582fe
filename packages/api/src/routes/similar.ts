import { createRoute, z } from '@hono/zod-openapi';
import { denied, json, study } from './shape.ts';

const similar = z
  .object({
    accession: z.string(),
    version: z.number().int(),
    title: z.string(),
    reasons: z.array(
      z.union([
        z.object({
          kind: z.literal('same'),
          field: z.enum(['cellType', 'gene', 'condition', 'organism', 'method']),
          values: z.array(z.string()),
        }),
        z.object({
          /** Means over all paths that differ by a quarter of the larger at most. */
          kind: z.literal('close'),
          measure: z.string(),
          here: z.number(),
          there: z.number(),
          unit: z.string(),
        }),
      ]),
    ),
  })
  .openapi('SimilarStudy');

/** Studies of like kind. */
export const similarRoutes = {
  listSimilar: createRoute({
    method: 'get',
    path: '/studies/{accession}/similar',
    tags: ['Studies'],
    summary: 'Studies of like kind, by metadata terms and by how their objects move, each with the reasons',
    request: { params: study },
    responses: { 200: json(z.object({ studies: z.array(similar) }), 'Studies, most alike first'), 404: denied[404] },
  }),
} as const;
