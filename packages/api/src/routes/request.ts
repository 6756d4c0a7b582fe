import { createRoute, z } from '@hono/zod-openapi';
import { curatorRequestSchema } from './request-schemas.ts';
import { body, denied, json, problem, refused, study } from './shape.ts';

/** Curators ask depositors for original files or for a look at the metadata, by a day. */
export const requestRoutes = {
  listOpenRequests: createRoute({
    method: 'get',
    path: '/curator-requests',
    tags: ['Review'],
    summary: 'Requests of curators that are open, by the day they are due (curators)',
    responses: { 200: json(z.object({ requests: z.array(curatorRequestSchema) }), 'Requests'), ...denied },
  }),
  listCuratorRequests: createRoute({
    method: 'get',
    path: '/studies/{accession}/curator-requests',
    tags: ['Review'],
    summary: 'Requests of curators about a study, newest first: for those who answer for it, and curators',
    request: { params: study },
    responses: {
      200: json(
        z.object({
          title: z.string(),
          requests: z.array(curatorRequestSchema),
          isAuthor: z.boolean(),
          isCurator: z.boolean(),
        }),
        'Requests',
      ),
      ...denied,
    },
  }),
  makeCuratorRequest: createRoute({
    method: 'post',
    path: '/studies/{accession}/curator-requests',
    tags: ['Review'],
    summary: 'Ask for original files, or to confirm metadata, by a day within a year (curators)',
    request: {
      params: study,
      body: body(
        z.object({
          kind: z.enum(['originals', 'metadata']),
          text: z.string().trim().min(3).max(5000),
          due: z.iso.date(),
        }),
      ),
    },
    responses: { 204: { description: 'Asked' }, ...refused, 409: problem('The day is past, or too far away') },
  }),
  closeCuratorRequest: createRoute({
    method: 'put',
    path: '/studies/{accession}/curator-requests/{id}',
    tags: ['Review'],
    summary: 'Say that a request is done (who answers for the study), or withdraw it (curators)',
    request: {
      params: study.extend({ id: z.string() }),
      body: body(z.object({ state: z.enum(['done', 'withdrawn']), answer: z.string().trim().max(5000).default('') })),
    },
    responses: { 204: { description: 'Closed' }, ...refused },
  }),
} as const;
