import { createRoute, z } from '@hono/zod-openapi';
import * as s from './admin-schemas.ts';
import { closingGroundSchema } from './life-schemas.ts';
import { body, bytes, denied, draftId, json, once, problem, refused, study } from './shape.ts';

/** From which day the files of a draft will be open; without one, at once. */
const release = z.object({ embargoUntil: z.string().nullable(), isPrivate: z.boolean() });

/** Files that are held back one by one. */
const quarantineSchema = z.object({
  files: z.array(
    z.object({
      version: z.number().int(),
      path: z.string(),
      sha256: z.string(),
      reason: z.string(),
      since: z.string(),
    }),
  ),
});

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
  getStudyState: createRoute({
    method: 'get',
    path: '/admin/studies/{accession}/state',
    tags: ['Administration'],
    summary: 'Is a study published, embargoed or withdrawn, and what may it become',
    request: { params: study },
    responses: { 200: json(s.studyStateSchema, 'State'), ...denied },
  }),
  listQuarantine: createRoute({
    method: 'get',
    path: '/admin/studies/{accession}/quarantine',
    tags: ['Administration'],
    summary: 'Files of a study that are in quarantine',
    request: { params: study },
    responses: { 200: json(quarantineSchema, 'Files, with why'), ...denied, 404: problem('There is no such study') },
  }),
  setQuarantine: createRoute({
    method: 'put',
    path: '/admin/studies/{accession}/quarantine',
    tags: ['Administration'],
    summary:
      'Hold one published file back, wherever its bytes were published, or give it out again; the study stays open',
    request: {
      params: study,
      body: body(
        z.object({
          version: z.number().int().min(1).max(1_000_000),
          path: z.string().min(1).max(1024),
          isHeld: z.boolean(),
          reason: z.string().trim().min(3).max(2000),
        }),
      ),
    },
    responses: {
      200: json(quarantineSchema, 'Files that are in quarantine now'),
      ...denied,
      404: problem('There is no such study, version or file'),
      409: problem('The file is not in quarantine'),
    },
  }),
  setStudyState: createRoute({
    method: 'put',
    path: '/admin/studies/{accession}/state',
    tags: ['Administration'],
    summary:
      'Withdraw a study (a tombstone stays), reinstate it, extend or lift its embargo, give its files on request only',
    request: {
      params: study,
      headers: once,
      body: body(
        z.object({
          state: z.enum(['published', 'embargoed', 'controlled', 'withdrawn']),
          reason: z.string().max(2000).optional(),
          until: z.iso.date().optional(),
          replacedBy: z.string().max(40).optional(),
          /** Why it is closed: asked for where its files are to be given on request only. */
          ground: closingGroundSchema.optional(),
          /** Of files that are given on request only: `closed`, nobody gets them. */
          level: z.enum(['controlled', 'closed']).optional(),
        }),
      ),
    },
    responses: { 200: json(s.studyStateSchema, 'State'), ...refused, 409: problem('There is no such way') },
  }),
  getRelease: createRoute({
    method: 'get',
    path: '/drafts/{draft}/release',
    tags: ['Drafts'],
    summary: 'From which day the files will be open; null: at once',
    request: { params: draftId },
    responses: { 200: json(release, 'Release'), ...denied },
  }),
  setRelease: createRoute({
    method: 'put',
    path: '/drafts/{draft}/release',
    tags: ['Drafts'],
    summary: 'Publish metadata at once and files from a day on, at most 36 months from now',
    request: {
      params: draftId,
      body: body(
        z.object({
          embargoUntil: z.iso.date().nullable(),
          /** Until then nobody but those inside knows of the study at all. */
          isPrivate: z.boolean().default(false),
        }),
      ),
    },
    responses: {
      200: json(release, 'Release'),
      ...refused,
      409: problem('A version is public already, the day does not fit, or the files are given on request'),
    },
  }),
  auditHead: createRoute({
    method: 'get',
    path: '/audit/head',
    tags: ['Service'],
    summary: 'Number and hash of the newest event of the audit log, by which all before it are fixed',
    responses: { 200: json(z.object({ head: s.auditHeadSchema.nullable() }), 'Head; null while nothing has happened') },
  }),
  getStudyLog: createRoute({
    method: 'get',
    path: '/study-logs/{accession}',
    tags: ['Studies'],
    summary: 'What happened to a study and its drafts, newest first: for those who deposit, edit or curate it',
    request: {
      params: z.object({ accession: z.string() }),
      query: z.object({
        before: z.coerce.number().int().min(1).optional(),
        limit: z.coerce.number().int().min(1).max(1000).optional(),
      }),
    },
    responses: { 200: json(s.studyLogSchema, 'Events'), 400: problem('The query does not fit'), ...denied },
  }),
  listAudit: createRoute({
    method: 'get',
    path: '/admin/audit',
    tags: ['Administration'],
    summary: 'Who did what when, newest first',
    request: {
      query: z.object({
        actor: z.string().max(100).optional(),
        action: z.string().max(100).optional(),
        target: z.string().max(200).optional(),
        before: z.coerce.number().int().min(1).optional(),
        limit: z.coerce.number().int().min(1).max(1000).optional(),
      }),
    },
    responses: { 200: json(s.auditPageSchema, 'Events'), 400: problem('The query does not fit'), ...denied },
  }),
  verifyAudit: createRoute({
    method: 'get',
    path: '/admin/audit/verify',
    tags: ['Administration'],
    summary: 'Compute every hash of the audit log again',
    responses: { 200: json(s.auditCheckedSchema, 'Whole, or where it is broken'), ...denied },
  }),
  exportAudit: createRoute({
    method: 'get',
    path: '/admin/audit.ndjson',
    tags: ['Administration'],
    summary: 'Every event as a line of JSON, oldest first, streamed',
    responses: { 200: bytes('Lines of JSON', 'application/x-ndjson'), ...denied },
  }),
} as const;
