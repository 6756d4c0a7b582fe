import { createRoute, z } from '@hono/zod-openapi';
import { accessSchema, declarationSchema, permissionSchema, safeRenderingSchema } from './access-schemas.ts';
import { body, denied, draftId, json, problem, refused, study, tooMany } from './shape.ts';

const done = { 204: { description: 'Done' } };
/** When the files of the draft go, because persons can be recognised by them who did not consent; left out where they stay. */
const filesGoAt = z.string().optional();
const request = study.extend({ id: z.string() });

/** Files that are given on request: declared by the depositor, asked for, granted until a day, every reading noted. */
export const accessRoutes = {
  getDeclaration: createRoute({
    method: 'get',
    path: '/drafts/{draft}/access',
    tags: ['Drafts'],
    summary: 'What is declared of people in the data of a draft, and who may read its files',
    request: { params: draftId },
    responses: {
      200: json(z.object({ declaration: declarationSchema.nullable(), filesGoAt }), 'Declaration'),
      ...denied,
    },
  }),
  setDeclaration: createRoute({
    method: 'put',
    path: '/drafts/{draft}/access',
    tags: ['Drafts'],
    summary: 'Declare whether data come from people, and whether files are open or given on request',
    request: { params: draftId, body: body(declarationSchema) },
    responses: {
      200: json(z.object({ declaration: declarationSchema, filesGoAt }), 'Declared'),
      ...refused,
      409: problem('These answers do not go together, or curators look at the draft'),
    },
  }),
  getAccess: createRoute({
    method: 'get',
    path: '/studies/{accession}/access',
    tags: ['Studies'],
    summary: 'How the files of a study are read; my requests; to those who decide all requests and who read what',
    request: { params: study },
    responses: { 200: json(accessSchema, 'Access'), 404: problem('No such study') },
  }),
  askAccess: createRoute({
    method: 'post',
    path: '/studies/{accession}/access/requests',
    tags: ['Studies'],
    summary: 'Ask for access to files that are given on request',
    request: {
      params: study,
      body: body(
        z.object({
          purpose: z.string().trim().min(20).max(5000),
          institution: z.string().trim().min(2).max(500),
          /** What is to be done with the files, step by step. */
          plan: z.string().trim().max(10_000).default(''),
          /** Body and number of an ethics approval, or where its document is. */
          ethics: z.string().trim().max(2000).default(''),
          /** Who else works with the files, one by one; each reads them with a grant of their own. */
          team: z.array(z.string().trim().min(2).max(200)).max(50).default([]),
          /** The terms of the study are agreed to. */
          agrees: z.literal(true),
          /** Which state of the terms was shown (`termsVersion`); where it is no longer that, the answer is 409. */
          termsVersion: z.string().max(100).optional(),
        }),
      ),
    },
    responses: {
      201: json(accessSchema, 'Asked'),
      ...refused,
      409: problem('The files are open, a request waits, or the terms changed'),
      ...tooMany,
    },
  }),
  acceptTerms: createRoute({
    method: 'post',
    path: '/studies/{accession}/access/terms',
    tags: ['Studies'],
    summary: 'Accept the terms of files that whoever accepts them may read',
    request: {
      params: study,
      body: body(
        z.object({
          /** The terms of the study are agreed to. */
          agrees: z.literal(true),
          /** Which state of the terms was shown (`termsVersion`); where it is no longer that, the answer is 409. */
          termsVersion: z.string().max(100),
        }),
      ),
    },
    responses: {
      200: json(accessSchema, 'Accepted'),
      ...refused,
      409: problem('The files ask for no such thing, or the terms changed'),
    },
  }),
  decideAccess: createRoute({
    method: 'put',
    path: '/studies/{accession}/access/requests/{id}',
    tags: ['Studies'],
    summary: 'Grant a request until a day, refuse it, or end a grant; who asked is told',
    request: {
      params: request,
      body: body(
        z.object({
          state: z.enum(['granted', 'refused', 'ended']),
          reason: z.string().trim().max(2000).default(''),
          /** Last day of a grant, at most two years from now; a year where none is named. */
          until: z.iso.date().optional(),
        }),
      ),
    },
    responses: { ...done, ...refused, 409: problem('The day does not fit, or a reason is needed') },
  }),
  declareSafe: createRoute({
    method: 'put',
    path: '/studies/{accession}/access/safe-renderings',
    tags: ['Studies'],
    summary:
      'Declare what was made of an item safe for everybody although its source is not open, or take that back (curators)',
    request: {
      params: study,
      body: body(
        z.object({
          item: safeRenderingSchema.shape.item,
          kind: safeRenderingSchema.shape.kind,
          isSafe: z.boolean(),
          /** Why it is safe; needed to declare it. */
          reason: z.string().trim().max(2000).default(''),
        }),
      ),
    },
    responses: {
      200: json(accessSchema, 'Declared'),
      ...refused,
      409: problem('The files are open, there is no such item, or no reason is given'),
    },
  }),
  getPermission: createRoute({
    method: 'get',
    path: '/studies/{accession}/access/requests/{id}/permission',
    tags: ['Studies'],
    summary: 'A grant that counts now as a document for programs: who, what, terms of data use, until when',
    request: { params: request },
    responses: { 200: json(permissionSchema, 'The permission'), ...denied },
  }),
  sayOfAccess: createRoute({
    method: 'post',
    path: '/studies/{accession}/access/requests/{id}/words',
    tags: ['Studies'],
    summary: 'Ask back about a request that waits (who decides), or answer (who asked); the other side is told',
    request: { params: request, body: body(z.object({ text: z.string().trim().min(2).max(5000) })) },
    responses: { ...done, ...refused, 409: problem('Enough was said'), ...tooMany },
  }),
  withdrawAccess: createRoute({
    method: 'delete',
    path: '/studies/{accession}/access/requests/{id}',
    tags: ['Studies'],
    summary: 'Take my request back, or give my access up',
    request: { params: request },
    responses: { ...done, ...denied },
  }),
  nameDecider: createRoute({
    method: 'post',
    path: '/studies/{accession}/access/committee',
    tags: ['Studies'],
    summary: 'Name somebody with an account here to decide on requests; only its depositor does',
    request: { params: study, body: body(z.object({ email: z.email().max(320) })) },
    responses: { ...done, ...refused, ...tooMany },
  }),
  removeDecider: createRoute({
    method: 'delete',
    path: '/studies/{accession}/access/committee/{user}',
    tags: ['Studies'],
    summary: 'Take somebody out of those who decide',
    request: { params: study.extend({ user: z.string() }) },
    responses: { ...done, ...denied },
  }),
  openInEmergency: createRoute({
    method: 'post',
    path: '/studies/{accession}/access/emergency',
    tags: ['Studies'],
    summary: 'Open controlled files to me for a day, with a reason; depositor and deciders are told at once (curators)',
    request: { params: study, body: body(z.object({ reason: z.string().trim().min(20).max(2000) })) },
    responses: { ...done, ...refused, 409: problem('The files are not controlled, or are open to you already') },
  }),
} as const;
