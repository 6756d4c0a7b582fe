import { createRoute, z } from '@hono/zod-openapi';
import {
  agreementQuery,
  agreementSchema,
  challengeSchema,
  submissionSchema,
  submitSchema,
} from './challenge-schemas.ts';
import { body, denied, json, problem, refused, study } from './shape.ts';

/** Ground truth, the results of others, and how far results agree. */
export const challengeRoutes = {
  getChallenge: createRoute({
    method: 'get',
    path: '/studies/{accession}/challenge',
    tags: ['Challenges'],
    summary: 'Ground truth of a study, and the results of others with their scores, best first',
    request: { params: study },
    responses: { 200: json(challengeSchema, 'Challenge'), 404: denied[404] },
  }),
  submitResult: createRoute({
    method: 'post',
    path: '/studies/{accession}/challenge/submissions',
    tags: ['Challenges'],
    summary: 'Submit data sets of a published study as a result; it is scored in the background',
    request: { params: study, body: body(submitSchema) },
    responses: {
      202: json(submissionSchema, 'Submission'),
      409: problem('The study is no challenge, or the data sets are not those of the two studies'),
      ...refused,
    },
  }),
  withdrawResult: createRoute({
    method: 'delete',
    path: '/studies/{accession}/challenge/submissions/{id}',
    tags: ['Challenges'],
    summary: 'Take a result off the board',
    request: { params: study.extend({ id: z.string() }) },
    responses: { 204: { description: 'Gone' }, ...denied },
  }),
  compareResults: createRoute({
    method: 'get',
    path: '/agreement',
    tags: ['Challenges'],
    summary: 'How far two to six results on one film agree: objects, edges and divisions, pair by pair',
    request: { query: agreementQuery },
    responses: {
      200: json(agreementSchema, 'Agreement'),
      400: problem('The query does not fit'),
      404: denied[404],
      409: problem('The sets cannot be compared'),
      503: problem('Being made; try again'),
    },
  }),
} as const;
