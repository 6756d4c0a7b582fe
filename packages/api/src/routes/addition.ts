import { createRoute, z } from '@hono/zod-openapi';
import { additionInputSchema, additionsSchema } from './addition-schemas.ts';
import { body, json, problem, refused, study, tooMany } from './shape.ts';

/** Annotations and re-analyses of a study by anybody: studies of their own, cited as such, that say what they were made of. */
export const additionRoutes = {
  listAdditions: createRoute({
    method: 'get',
    path: '/studies/{accession}/additions',
    tags: ['Studies'],
    summary: 'What a study was made of, and annotations, re-analyses and derived data that others made of it',
    request: { params: study },
    responses: { 200: json(additionsSchema, 'Newest first'), 404: problem('No such study') },
  }),
  beginAddition: createRoute({
    method: 'post',
    path: '/studies/{accession}/additions',
    tags: ['Studies'],
    summary: 'Open a draft of a study of mine that annotates, re-analyses or derives from this one',
    request: { params: study, body: body(additionInputSchema) },
    responses: {
      201: json(z.object({ draft: z.string(), accession: z.string(), path: z.string() }), 'Draft'),
      ...refused,
      409: problem('There is no such version'),
      ...tooMany,
    },
  }),
  commentAddition: createRoute({
    method: 'put',
    path: '/studies/{accession}/additions/{addition}/comment',
    tags: ['Studies'],
    summary: 'Say something of an addition to a study of mine, shown beside it; an empty text takes it back',
    request: {
      params: study.extend({ addition: z.string() }),
      body: body(z.object({ text: z.string().trim().max(2000) })),
    },
    responses: { 204: { description: 'Said' }, ...refused },
  }),
} as const;
