import { createRoute, z } from '@hono/zod-openapi';
import { denied, draftId, json, problem } from './shape.ts';

const doi = z
  .object({
    /** Does this installation register DOIs? */
    isOffered: z.boolean(),
    doi: z.string().optional(),
    /** `asked`: the registrar has not answered yet; `draft`: reserved; `findable`: registered. */
    state: z.enum(['asked', 'draft', 'findable']).optional(),
    /** What the registrar last said against it. */
    fault: z.string().optional(),
  })
  .openapi('Doi');

/** DOIs of studies. */
export const doiRoutes = {
  getDoi: createRoute({
    method: 'get',
    path: '/drafts/{draft}/doi',
    tags: ['Drafts'],
    summary: 'The DOI of the study, and where it stands with the registrar',
    request: { params: draftId },
    responses: { 200: json(doi, 'DOI'), ...denied },
  }),
  reserveDoi: createRoute({
    method: 'post',
    path: '/drafts/{draft}/doi',
    tags: ['Drafts'],
    summary: 'Reserve a DOI for the study; it is registered in the background once a version is published',
    request: { params: draftId },
    responses: {
      200: json(doi, 'DOI'),
      409: problem('This installation registers none, or the metadata name another'),
      ...denied,
    },
  }),
} as const;
