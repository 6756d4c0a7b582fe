import { createRoute, z } from '@hono/zod-openapi';
import { denied, json, study } from './shape.ts';

const reasons = z.array(
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
);

const similar = z
  .object({ accession: z.string(), version: z.number().int(), title: z.string(), reasons })
  .openapi('SimilarStudy');

const similarSet = z
  .object({
    /** As in `datasets` of SQL. */
    id: z.string(),
    accession: z.string(),
    version: z.number().int(),
    item: z.string(),
    part: z.number().int(),
    title: z.string(),
    name: z.string(),
    reasons,
  })
  .openapi('SimilarSet');

/** Studies of like kind. */
export const similarRoutes = {
  listSimilar: createRoute({
    method: 'get',
    path: '/studies/{accession}/similar',
    tags: ['Studies'],
    summary: 'Studies of like kind, by metadata terms and by how their objects move, each with the reasons',
    request: {
      params: study,
      query: z.object({
        set: z.string().max(80).optional().openapi({
          description: 'Id of a set of tracks of it, as `MIC-000001_ieh7twwhan6s`: sets of like kind, too',
        }),
      }),
    },
    responses: {
      200: json(
        z.object({ studies: z.array(similar), sets: z.array(similarSet).optional() }),
        'Studies, and sets where one is asked for, most alike first',
      ),
      404: denied[404],
    },
  }),
} as const;
