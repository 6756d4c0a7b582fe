import { createRoute } from '@hono/zod-openapi';
import { importListingSchema, importOrderSchema, importSourceSchema, importStateSchema } from './import-schemas.ts';
import { body, denied, draftId, json, problem, refused, tooMany } from './shape.ts';

/** Files that the server brings into a draft itself: from an address, a share, a bucket or its drop folder. */
export const importRoutes = {
  listImport: createRoute({
    method: 'post',
    path: '/drafts/{draft}/imports/listing',
    tags: ['Files'],
    summary:
      'What a source offers: an address, a WebDAV or Nextcloud share, a bucket, my drop folder; nothing is brought yet',
    request: { params: draftId, body: body(importSourceSchema) },
    responses: {
      200: json(importListingSchema, 'Files with their sizes, up to 10,000'),
      409: problem('Not in a state that can be edited'),
      ...refused,
      ...tooMany,
    },
  }),
  startImport: createRoute({
    method: 'post',
    path: '/drafts/{draft}/imports',
    tags: ['Files'],
    summary: 'Bring files of a source into the draft; those that are there with the same size are passed over',
    request: { params: draftId, body: body(importOrderSchema) },
    responses: {
      202: json(importStateSchema, 'Begun; `getImport` says how far it is'),
      409: problem('Not in a state that can be edited, or an import is running'),
      ...refused,
      ...tooMany,
    },
  }),
  getImport: createRoute({
    method: 'get',
    path: '/drafts/{draft}/imports',
    tags: ['Files'],
    summary: 'How far the import of a draft is, or how it ended',
    request: { params: draftId },
    responses: { 200: json(importStateSchema, 'State'), ...denied },
  }),
  cancelImport: createRoute({
    method: 'delete',
    path: '/drafts/{draft}/imports',
    tags: ['Files'],
    summary: 'Stop the import; files that came stay, those that had not are taken out of the draft again',
    request: { params: draftId },
    responses: {
      204: { description: 'It stops, or none was running' },
      409: problem('Not in a state that can be edited'),
      ...denied,
    },
  }),
} as const;
