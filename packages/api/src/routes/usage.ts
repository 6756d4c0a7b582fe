import { createRoute, z } from '@hono/zod-openapi';
import { denied, json, problem, study } from './shape.ts';
import * as s from './usage-schemas.ts';

const form = z.enum(['json', 'csv', 'counter']);

/** How much is used, by the rules of COUNTER; and what the operator sees at a glance. */
export const usageRoutes = {
  getUsage: createRoute({
    method: 'get',
    path: '/usage',
    tags: ['Service'],
    summary: 'Uses of everything by month, people and programs apart',
    request: { query: z.object({ months: z.coerce.number().int().min(1).max(240).optional() }) },
    responses: { 200: json(s.usageSchema, 'Uses by month') },
  }),
  getStudyUsage: createRoute({
    method: 'get',
    path: '/studies/{accession}/usage',
    tags: ['Studies'],
    summary:
      'Uses of a study by version and month: JSON, CSV, or a dataset report as COUNTER has it (`format=counter`)',
    request: { params: study, query: z.object({ format: form.optional() }) },
    responses: {
      200: {
        description: 'Uses by month; a report of COUNTER is JSON too',
        content: { 'application/json': { schema: s.usageSchema }, 'text/csv': { schema: z.string() } },
      },
      404: problem('No such study'),
    },
  }),
  getOverview: createRoute({
    method: 'get',
    path: '/admin/overview',
    tags: ['Administration'],
    summary: 'Storage, jobs, review, refused sign-ins, checks and DOIs at a glance',
    responses: { 200: json(s.overviewSchema, 'The state of the installation'), ...denied },
  }),
  confirmClock: createRoute({
    method: 'post',
    path: '/admin/clock',
    tags: ['Administration'],
    summary: 'The clock of the server is right, though it went ahead by more than a day: embargoes end by it again',
    responses: { 204: { description: 'Believed' }, ...denied },
  }),
} as const;
