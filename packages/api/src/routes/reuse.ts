import { createRoute, z } from '@hono/zod-openapi';
import { profileSchema, reuseKind, reuseSchema, reusesSchema } from './reuse-schemas.ts';
import { body, denied, json, problem, refused, study, tooMany } from './shape.ts';

const oneReuse = study.extend({ id: z.string() });

/** Where data were used again: reported by anybody signed in, confirmed by those who answer for the study. */
export const reuseRoutes = {
  listReuses: createRoute({
    method: 'get',
    path: '/studies/{accession}/reuse',
    tags: ['Studies'],
    summary: 'Where a study was used again: what is confirmed, what I reported, and all to those who answer for it',
    request: { params: study },
    responses: {
      200: json(reusesSchema, 'Reuse first, then papers of the data; newest first'),
      404: problem('No such study'),
    },
  }),
  reportReuse: createRoute({
    method: 'post',
    path: '/studies/{accession}/reuse',
    tags: ['Studies'],
    summary: 'Report that I used the data in a paper, a study or an analysis; the authors confirm it',
    request: {
      params: study,
      body: body(
        z.object({
          kind: reuseKind,
          /** DOI, accession of a study here, or address beginning with https. */
          identifier: z.string().trim().min(4).max(500),
          title: z.string().trim().max(500).default(''),
          remark: z.string().trim().max(2000).default(''),
        }),
      ),
    },
    responses: {
      201: json(reuseSchema, 'Reported'),
      ...refused,
      409: problem('It was reported before'),
      ...tooMany,
    },
  }),
  decideReuse: createRoute({
    method: 'put',
    path: '/studies/{accession}/reuse/{id}',
    tags: ['Studies'],
    summary: 'Confirm or decline a use of my study that somebody reported',
    request: {
      params: oneReuse,
      body: body(
        z.object({ state: z.enum(['confirmed', 'declined']), reason: z.string().trim().max(1000).default('') }),
      ),
    },
    responses: { 204: { description: 'Noted; who reported it is told' }, ...refused },
  }),
  removeReuse: createRoute({
    method: 'delete',
    path: '/studies/{accession}/reuse/{id}',
    tags: ['Studies'],
    summary: 'Take back what I reported',
    request: { params: oneReuse },
    responses: { 204: { description: 'Gone' }, ...denied },
  }),
  getProfile: createRoute({
    method: 'get',
    path: '/people/{id}',
    tags: ['Studies'],
    summary: 'Somebody who publishes here: where their data were used again, and their studies',
    request: { params: z.object({ id: z.string() }) },
    responses: { 200: json(profileSchema, 'Profile'), 404: problem('Nobody who has published here') },
  }),
} as const;
