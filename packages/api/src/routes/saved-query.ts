import { createRoute, z } from '@hono/zod-openapi';
import { citationsBody, savedQueryBody, savedQuerySchema, savedResultQuery } from './saved-query-schemas.ts';
import { body, denied, json, problem, tooMany } from './shape.ts';
import { sqlAnswers } from './sql.ts';

const params = z.object({ id: z.string().max(40) });

/** Queries that are cited. */
export const savedQueryRoutes = {
  saveQuery: createRoute({
    method: 'post',
    path: '/queries',
    tags: ['Tables'],
    summary: 'Keep a query with the versions it is asked of now, to be cited and run again; it never changes',
    request: { body: body(savedQueryBody) },
    responses: {
      201: json(savedQuerySchema, 'The query, with its address'),
      400: problem('The statement is refused, or cannot be run'),
      422: problem('It takes more time or memory than it may'),
      ...tooMany,
      ...denied,
    },
  }),
  getQuery: createRoute({
    method: 'get',
    path: '/queries/{id}',
    tags: ['Tables'],
    summary: 'A saved query: statement, versions, and the citation of all data used',
    request: { params },
    responses: { 200: json(savedQuerySchema, 'Query'), 404: denied[404] },
  }),
  runQuery: createRoute({
    method: 'get',
    path: '/queries/{id}/result',
    tags: ['Tables'],
    summary: 'Run a saved query again, on the versions it was made of or on the newest ones',
    request: { params, query: savedResultQuery },
    responses: { ...sqlAnswers, 404: denied[404] },
  }),
  citeQuery: createRoute({
    method: 'get',
    path: '/queries/{id}/citations',
    tags: ['Tables'],
    summary: 'The query and all data it used, as references',
    request: { params, query: z.object({ format: z.enum(['text', 'bibtex']).optional() }) },
    responses: {
      200: { description: 'References', content: { 'text/plain': { schema: z.string() } } },
      404: denied[404],
    },
  }),
  citeStudies: createRoute({
    method: 'post',
    path: '/citations',
    tags: ['Tables'],
    summary: 'References of the versions of studies whose data were used; those that are not open are left out',
    request: { body: body(citationsBody) },
    responses: {
      200: { description: 'References', content: { 'text/plain': { schema: z.string() } } },
      400: problem('The request does not fit the schema'),
      ...tooMany,
    },
  }),
} as const;
