import { createRoute } from '@hono/zod-openapi';
import * as s from '../schemas.ts';
import { json } from './shape.ts';

/** What the server says of itself. */
export const serviceRoutes = {
  status: createRoute({
    method: 'get',
    path: '/status',
    tags: ['Service'],
    summary: 'Is it ready, and what is still being prepared',
    responses: { 200: json(s.statusSchema, 'Status') },
  }),
  totals: createRoute({
    method: 'get',
    path: '/totals',
    tags: ['Service'],
    summary: 'Honest counts',
    responses: { 200: json(s.totalsSchema, 'Totals of what is published') },
  }),
} as const;
