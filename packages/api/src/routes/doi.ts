import { createRoute, z } from '@hono/zod-openapi';
import { doiListSchema, doiQuestionSchema, doiSchema, doiShowSchema, studyDoisSchema } from './doi-schemas.ts';
import { body, denied, draftId, json, page, problem, refused, study } from './shape.ts';

/** DOIs of studies, their versions and their data sets. */
export const doiRoutes = {
  getDoi: createRoute({
    method: 'get',
    path: '/drafts/{draft}/doi',
    tags: ['Drafts'],
    summary: 'The DOI of the study, and where it stands with the registrar',
    request: { params: draftId },
    responses: { 200: json(doiSchema, 'DOI'), ...denied },
  }),
  reserveDoi: createRoute({
    method: 'post',
    path: '/drafts/{draft}/doi',
    tags: ['Drafts'],
    summary: 'Reserve a DOI for the study and its versions; registered in the background once a version is published',
    request: { params: draftId },
    responses: {
      200: json(doiSchema, 'DOI'),
      409: problem('This installation registers none, or the metadata name another'),
      ...denied,
    },
  }),
  listStudyDois: createRoute({
    method: 'get',
    path: '/studies/{accession}/dois',
    tags: ['Studies'],
    summary: 'The DOIs of a study, its versions and its data sets, and where they stand with the registrar',
    request: { params: study },
    responses: { 200: json(studyDoisSchema, 'DOIs'), 404: problem('No such study') },
  }),
  askStudyDoi: createRoute({
    method: 'post',
    path: '/studies/{accession}/dois',
    tags: ['Studies'],
    summary: 'Give a published study a DOI, or one of its data sets one of its own; registered in the background',
    request: { params: study, body: body(doiQuestionSchema) },
    responses: {
      200: json(studyDoisSchema, 'DOIs'),
      409: problem('This installation registers none, or the metadata name another'),
      ...refused,
    },
  }),
  listDois: createRoute({
    method: 'get',
    path: '/admin/dois',
    tags: ['Administration'],
    summary: 'All DOIs, what the registrar is still to be told of, what it refused, and what it holds otherwise',
    request: { query: page.extend({ show: doiShowSchema.optional() }) },
    responses: { 200: json(doiListSchema, 'DOIs'), ...refused },
  }),
  tellDoisAgain: createRoute({
    method: 'post',
    path: '/admin/dois/again',
    tags: ['Administration'],
    summary: 'Tell the registrar again, now: of one DOI, or of all that wait or that it holds otherwise',
    request: { body: body(z.object({ doi: z.string().max(300).optional() })) },
    responses: {
      202: json(z.object({ told: z.number().int() }), 'How many the registrar is told of, in the background'),
      ...refused,
      409: problem('This installation registers none'),
    },
  }),
  compareDois: createRoute({
    method: 'post',
    path: '/admin/dois/compare',
    tags: ['Administration'],
    summary: 'Compare all DOIs with what the registrar holds, now, in the background',
    responses: {
      202: json(z.object({ started: z.literal(true) }), 'Differences are listed as they are found'),
      ...denied,
      409: problem('This installation registers none'),
    },
  }),
} as const;
