import { createRoute, z } from '@hono/zod-openapi';
import { fieldValueSchema } from '../schemas.ts';
import { descriptionKind, descriptionSchema, fieldChangeSchema } from './description-schemas.ts';
import { body, denied, draftId, json, refused } from './shape.ts';

/** Descriptions of microscopes, protocols and samples that serve several studies, and the history of a draft's fields. */
export const descriptionRoutes = {
  listDescriptions: createRoute({
    method: 'get',
    path: '/descriptions',
    tags: ['Descriptions'],
    summary: 'Descriptions I keep, and those of the groups I am in, by kind and name',
    responses: { 200: json(z.object({ descriptions: z.array(descriptionSchema) }), 'Descriptions'), ...denied },
  }),
  keepDescription: createRoute({
    method: 'post',
    path: '/descriptions',
    tags: ['Descriptions'],
    summary: 'Keep values of fields for further studies; the same kind and name replaces',
    request: {
      body: body(
        z.object({
          kind: descriptionKind,
          name: z.string().min(1).max(200),
          values: z.record(z.string().max(64), fieldValueSchema),
          /** A group I am in, whose members may use it too. */
          group: z.string().max(100).optional(),
        }),
      ),
    },
    responses: { 200: json(descriptionSchema, 'Kept'), ...refused },
  }),
  dropDescription: createRoute({
    method: 'delete',
    path: '/descriptions/{id}',
    tags: ['Descriptions'],
    summary: 'Remove a kept description',
    request: { params: z.object({ id: z.string() }) },
    responses: { 204: { description: 'Removed' }, ...denied },
  }),
  listFieldChanges: createRoute({
    method: 'get',
    path: '/drafts/{draft}/changes',
    tags: ['Drafts'],
    summary: 'What was changed in the fields of a draft, newest first; at most 500',
    request: { params: draftId, query: z.object({ key: z.string().max(100).optional() }) },
    responses: { 200: json(z.object({ changes: z.array(fieldChangeSchema) }), 'Changes'), ...denied },
  }),
} as const;
