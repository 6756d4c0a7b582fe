import { createRoute, z } from '@hono/zod-openapi';
import * as s from '../schemas-admin.ts';
import { denied, json } from './shape.ts';

/** What the operator of an installation sees and does, and what everybody may know of the state of the stored bytes. */
export const adminRoutes = {
  getIntegrity: createRoute({
    method: 'get',
    path: '/integrity',
    tags: ['Service'],
    summary: 'When the stored bytes were last read in full and compared with their digests',
    responses: { 200: json(s.integritySchema, 'Counts and times over what is published') },
  }),
  getFixity: createRoute({
    method: 'get',
    path: '/admin/fixity',
    tags: ['Administration'],
    summary: 'Checks of the stored bytes, and every damaged file',
    responses: { 200: json(s.fixitySchema, 'Checks and findings'), ...denied },
  }),
  startFixity: createRoute({
    method: 'post',
    path: '/admin/fixity',
    tags: ['Administration'],
    summary: 'Read all stored bytes again, now',
    responses: { 202: json(z.object({ started: z.literal(true) }), 'The check waits for the worker'), ...denied },
  }),
} as const;
