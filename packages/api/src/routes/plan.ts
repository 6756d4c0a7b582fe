import { createRoute, z } from '@hono/zod-openapi';
import { issueSchema } from '../schemas.ts';
import { planSchema, planSummarySchema, reservationSchema, sentOnSchema } from './plan-schemas.ts';
import { body, bytes, denied, json, problem, refused, study, version } from './shape.ts';

const planId = z.object({ plan: z.string().max(64) });
const dataset = z.number().int().min(0).max(9999).optional().openapi({ description: 'Data set of the plan, from 0' });
const archive = z.enum(['bioimage-archive', 'idr', 'empiar']);

/** Data management plans: a draft out of a plan, planned against deposited, reservation; and sending a study on. */
export const planRoutes = {
  listPlans: createRoute({
    method: 'get',
    path: '/plans',
    tags: ['Plans'],
    summary: 'My plans; stewards (curators and the owner of the installation) see those of all',
    request: { query: z.object({ accession: z.string().max(40).optional() }) },
    responses: { 200: json(z.object({ plans: z.array(planSummarySchema) }), 'Newest first'), ...denied },
  }),
  addPlan: createRoute({
    method: 'post',
    path: '/plans',
    tags: ['Plans'],
    summary:
      'Start from a data management plan (RDA maDMP 1.1 or 1.2): keeps it and opens a draft with contributors, grants, licence and release day',
    request: { body: body(z.object({ document: z.record(z.string(), z.unknown()), dataset })) },
    responses: {
      201: json(
        z.object({
          plan: planSchema,
          draft: z.string(),
          accession: z.string(),
          /** Fields of the form that the plan filled. */
          fields: z.array(z.string()),
        }),
        'Plan and draft',
      ),
      422: problem('This is no data management plan'),
      ...refused,
    },
  }),
  getPlan: createRoute({
    method: 'get',
    path: '/plans/{plan}',
    tags: ['Plans'],
    summary: 'Planned against deposited: volume, days, licences',
    request: { params: planId },
    responses: { 200: json(planSchema, 'Plan'), ...denied },
  }),
  getPlanDocument: createRoute({
    method: 'get',
    path: '/plans/{plan}/madmp',
    tags: ['Plans'],
    summary: 'The plan with what was published for it, as maDMP, to be given back to the tool it came from',
    request: { params: planId },
    responses: { 200: json(z.record(z.string(), z.unknown()), 'maDMP'), ...denied },
  }),
  addPlanStudy: createRoute({
    method: 'post',
    path: '/plans/{plan}/studies',
    tags: ['Plans'],
    summary: 'Another study for my plan: a new draft filled from it, or with `accession` a study of mine that is there',
    request: { params: planId, body: body(z.object({ accession: z.string().max(40).optional(), dataset })) },
    responses: { 201: json(z.object({ plan: planSchema, draft: z.string().optional() }), 'Added'), ...refused },
  }),
  reservePlan: createRoute({
    method: 'put',
    path: '/plans/{plan}/reservation',
    tags: ['Plans'],
    summary: 'Reserve storage and a day of release for a plan, as a steward',
    request: { params: planId, body: body(reservationSchema) },
    responses: { 200: json(planSchema, 'Reserved'), ...refused },
  }),
  removePlan: createRoute({
    method: 'delete',
    path: '/plans/{plan}',
    tags: ['Plans'],
    summary: 'Remove my plan; its studies stay',
    request: { params: planId },
    responses: { 204: { description: 'Removed' }, ...denied },
  }),
  listSentOn: createRoute({
    method: 'get',
    path: '/studies/{accession}/sent-on',
    tags: ['Studies'],
    summary: 'Where the study was sent on to, with the accessions that came back',
    request: { params: study },
    responses: {
      200: json(z.object({ sentOn: z.array(sentOnSchema), canRecord: z.boolean() }), 'By archive'),
      404: denied[404],
    },
  }),
  recordSentOn: createRoute({
    method: 'put',
    path: '/studies/{accession}/sent-on/{archive}',
    tags: ['Studies'],
    summary: 'Record the accession that came back from an archive; an empty one takes it away',
    request: {
      params: study.extend({ archive }),
      body: body(z.object({ accession: z.string().max(300) })),
    },
    responses: {
      200: json(z.object({ sentOn: z.array(sentOnSchema), canRecord: z.boolean() }), 'Recorded'),
      422: problem('This is no accession of the archive'),
      ...refused,
    },
  }),
  checkSendOn: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/send-on/{archive}',
    tags: ['Studies'],
    summary: 'What an archive asks for and whether the version has it, with the files of the package',
    request: { params: version.extend({ archive }) },
    responses: {
      200: json(
        z.object({
          files: z.array(z.object({ path: z.string(), bytes: z.number() })),
          checks: z.array(
            z.object({
              label: z.string(),
              labels: z.object({ en: z.string(), ja: z.string() }),
              obligation: z.enum(['required', 'recommended']),
              isThere: z.boolean(),
            }),
          ),
          findings: z.array(issueSchema),
        }),
        'Checks',
      ),
      404: denied[404],
    },
  }),
  getSendOnPackage: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/send-on/{archive}/package.zip',
    tags: ['Studies'],
    summary: 'The package for an archive: metadata, lists of files, checklist, instructions',
    request: { params: version.extend({ archive }) },
    responses: { 200: bytes('Zip', 'application/zip'), 404: denied[404] },
  }),
} as const;
