import { createRoute, z } from '@hono/zod-openapi';
import { versionChangesSchema } from './change-schemas.ts';
import { denied, draftId, json, minor, version } from './shape.ts';

/** What differs between versions. */
export const changeRoutes = {
  getVersionChanges: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/changes',
    tags: ['Studies'],
    summary: 'What differs from an older version: metadata value by value, files by path and digest',
    request: {
      params: version,
      query: minor.extend({
        from: z.coerce.number().int().min(1).max(1_000_000).optional(),
        fromMinor: minor.shape.minor,
      }),
    },
    responses: {
      200: json(versionChangesSchema, 'Differences; from the version before, if none is named'),
      404: denied[404],
    },
  }),
  getDraftChanges: createRoute({
    method: 'get',
    path: '/drafts/{draft}/difference',
    tags: ['Review'],
    summary: 'What differs between a draft and the newest published version',
    request: { params: draftId },
    responses: { 200: json(versionChangesSchema, 'Differences'), ...denied },
  }),
} as const;
