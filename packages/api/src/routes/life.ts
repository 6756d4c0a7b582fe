import { createRoute, z } from '@hono/zod-openapi';
import * as s from './life-schemas.ts';
import { body, denied, draftId, json, once, page, problem, refused, study } from './shape.ts';

/** Drafts that were discarded, and changes of published studies that two people decide on. */
export const lifeRoutes = {
  listDiscardedDrafts: createRoute({
    method: 'get',
    path: '/discarded-drafts',
    tags: ['Drafts'],
    summary: 'Drafts of mine that were discarded within thirty days and can be taken back, the last first',
    responses: { 200: json(z.object({ drafts: z.array(s.discardedDraftSchema) }), 'Discarded drafts'), ...denied },
  }),
  listOwnStudies: createRoute({
    method: 'get',
    path: '/me/studies',
    tags: ['Studies'],
    summary: 'My published studies, those under an embargo and withdrawn ones too, the newest accession first',
    request: { query: page },
    responses: {
      200: json(z.object({ studies: z.array(s.ownStudySchema), nextCursor: z.string().nullable() }), 'Studies'),
      ...denied,
    },
  }),
  takeDraftBack: createRoute({
    method: 'post',
    path: '/discarded-drafts/{draft}/take-back',
    tags: ['Drafts'],
    summary: 'Take a discarded draft back, with its files',
    request: { params: draftId, headers: once },
    responses: {
      204: { description: 'It can be edited again' },
      ...denied,
      409: problem('Another draft of the study is open, or the version is published'),
    },
  }),
  listStudyAsks: createRoute({
    method: 'get',
    path: '/studies/{accession}/asks',
    tags: ['Administration'],
    summary: 'Changes of a study that are asked for and wait for somebody else (its owner, curators)',
    request: { params: study },
    responses: { 200: json(s.studyAsksSchema, 'What waits'), ...denied },
  }),
  listOpenAsks: createRoute({
    method: 'get',
    path: '/study-asks',
    tags: ['Administration'],
    summary: 'Changes of all studies that wait for a decision, the oldest first (curators)',
    responses: { 200: json(z.object({ asks: z.array(s.studyAskSchema) }), 'What waits'), ...denied },
  }),
  askStudyChange: createRoute({
    method: 'post',
    path: '/studies/{accession}/asks',
    tags: ['Administration'],
    summary:
      'Ask that a study is withdrawn (its owner), or its bytes are deleted (an owner of the installation, for another to confirm)',
    request: {
      params: study,
      headers: once,
      body: body(
        z.object({
          change: z.enum(['withdraw', 'purge']),
          reason: z.string().trim().min(1).max(2000),
          ground: s.closingGroundSchema.optional(),
          replacedBy: z.string().max(40).optional(),
        }),
      ),
    },
    responses: {
      201: json(s.studyAsksSchema, 'Asked'),
      ...refused,
      409: problem('It is asked for already, or not in the state the study is in'),
    },
  }),
  decideStudyAsk: createRoute({
    method: 'post',
    path: '/studies/{accession}/asks/{id}',
    tags: ['Administration'],
    summary: 'Confirm what somebody else asked for, decline it, or take back what one asked for oneself',
    request: {
      params: study.extend({ id: z.string() }),
      headers: once,
      body: body(z.object({ isConfirmed: z.boolean(), answer: z.string().trim().max(2000).default('') })),
    },
    responses: { 200: json(s.studyAsksSchema, 'Decided'), ...refused, 409: problem('Nobody confirms their own') },
  }),
  liftEmbargo: createRoute({
    method: 'post',
    path: '/studies/{accession}/embargo/lift',
    tags: ['Studies'],
    summary: 'Open the files of my study before the day its embargo ends',
    request: { params: study, headers: once },
    responses: { 204: { description: 'Open' }, ...denied, 409: problem('It is under no embargo') },
  }),
} as const;
