import { createRoute } from '@hono/zod-openapi';
import { exploredSchema, exploreQuery } from './explore-schemas.ts';
import { denied, json, problem } from './shape.ts';

/** Measures across studies. */
export const exploreRoutes = {
  exploreSets: createRoute({
    method: 'get',
    path: '/explore',
    tags: ['Studies'],
    summary: 'Measures of all open sets of tracks, with what is needed to compare them honestly',
    request: { query: exploreQuery },
    responses: {
      200: json(exploredSchema, 'Sets with their measures'),
      400: problem('The query does not fit'),
      404: denied[404],
    },
  }),
} as const;
