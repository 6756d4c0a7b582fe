import { createRoute, z } from '@hono/zod-openapi';
import { collectionInputSchema, collectionLineSchema, collectionSchema } from './collection-schemas.ts';
import { body, denied, json, problem, refused, tooMany } from './shape.ts';

const id = z.object({ id: z.string() });
const unread = { 409: problem('A study is named that cannot be read, or twice') };

/** Curated lists of studies, each with a title, a text, a citation and an accession. */
export const collectionRoutes = {
  listCollections: createRoute({
    method: 'get',
    path: '/collections',
    tags: ['Studies'],
    summary: 'Collections, newest changed first; with `study`, those it is in',
    request: { query: z.object({ study: z.string().max(40).optional() }) },
    responses: {
      200: json(z.object({ collections: z.array(collectionLineSchema) }), 'Collections'),
      400: problem('The request does not fit the schema'),
    },
  }),
  getCollection: createRoute({
    method: 'get',
    path: '/collections/{id}',
    tags: ['Studies'],
    summary: 'A collection with its studies and its citation',
    request: { params: id },
    responses: { 200: json(collectionSchema, 'Collection'), 404: problem('No such collection') },
  }),
  createCollection: createRoute({
    method: 'post',
    path: '/collections',
    tags: ['Studies'],
    summary: 'Make a collection, which everybody can read',
    request: { body: body(collectionInputSchema) },
    responses: { 201: json(collectionSchema, 'Made'), ...refused, ...unread, ...tooMany },
  }),
  saveCollection: createRoute({
    method: 'put',
    path: '/collections/{id}',
    tags: ['Studies'],
    summary: 'Change a collection of mine, or as a curator any',
    request: { params: id, body: body(collectionInputSchema) },
    responses: { 200: json(collectionSchema, 'Saved'), ...refused, ...unread },
  }),
  removeCollection: createRoute({
    method: 'delete',
    path: '/collections/{id}',
    tags: ['Studies'],
    summary: 'Remove a collection of mine, or as a curator any; its accession is never given again',
    request: { params: id },
    responses: { 204: { description: 'Gone' }, ...denied },
  }),
} as const;
