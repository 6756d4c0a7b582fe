import { createRoute, z } from '@hono/zod-openapi';
import { addReferencesSchema, referencesSchema } from './reference-schemas.ts';
import { body, denied, draftId, json, page, problem, refused, version } from './shape.ts';

const conflict = { 409: problem('Not in a state that can be edited') };

/** Files that stay where they are. */
export const referenceRoutes = {
  listReferences: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/references',
    tags: ['Files'],
    summary: 'Files of a version that stay where they are: address, size, SHA-256, and what was last found there',
    request: { params: version, query: page },
    responses: { 200: json(referencesSchema, 'References by path'), ...denied },
  }),
  listDraftReferences: createRoute({
    method: 'get',
    path: '/drafts/{draft}/references',
    tags: ['Files'],
    summary: 'Files of a draft that stay where they are',
    request: { params: draftId, query: page },
    responses: { 200: json(referencesSchema, 'References by path'), ...denied },
  }),
  addReferences: createRoute({
    method: 'post',
    path: '/drafts/{draft}/references',
    tags: ['Files'],
    summary:
      'Name files that stay where they are, with https address, size and SHA-256; all are taken, or none with what is wrong',
    request: { params: draftId, body: body(addReferencesSchema) },
    responses: {
      200: json(z.object({ count: z.number().int(), bytes: z.number().int() }), 'All that the draft names now'),
      ...conflict,
      ...refused,
    },
  }),
  removeReferences: createRoute({
    method: 'post',
    path: '/drafts/{draft}/references/remove',
    tags: ['Files'],
    summary: 'Take files that stay where they are out of a draft',
    request: { params: draftId, body: body(z.object({ paths: z.array(z.string()).min(1).max(1000) })) },
    responses: { 204: { description: 'Removed' }, ...conflict, ...refused },
  }),
} as const;
