import { createRoute, z } from '@hono/zod-openapi';
import { body, denied, draftId, ifMatch, json, once, problem, refused } from './shape.ts';

const state = z.enum(['editing', 'submitted', 'in_review', 'changes_requested', 'approved']);
const step = z.enum(['submit', 'recall', 'claim', 'request changes', 'approve', 'return', 'reopen']);
const queued = z
  .object({
    draft: z.string(),
    accession: z.string(),
    version: z.number().int(),
    title: z.string(),
    state,
    tier: z.enum(['archive', 'database']),
    assignee: z.string().optional(),
    /** Name of who deposits it. */
    depositor: z.string(),
    /** Has its depositor nothing published yet? */
    isFirst: z.boolean(),
    /** Are data of people declared? */
    holdsPeople: z.boolean(),
    organisms: z.array(z.string()),
    /** Collections and communities its study is in. */
    collections: z.array(z.string()),
    files: z.number().int(),
    bytes: z.number().int(),
    submittedAt: z.string(),
    /** When a curator first did something with it. */
    answeredAt: z.string().optional(),
    /** Until when the first answer is promised: five working days after it was submitted. */
    answerBy: z.string(),
    isLate: z.boolean(),
    publishOn: z.string().optional(),
  })
  .openapi('QueuedReview');
const filter = z.record(z.string().max(40), z.string().max(200)).refine((one) => Object.keys(one).length <= 20);
const filters = z.object({ filters: z.array(z.object({ name: z.string(), filter })) });
const review = z
  .object({
    state,
    /** Whose turn it is; `nobody` while a day is waited for. */
    turn: z.enum(['depositor', 'curators', 'nobody']),
    /** Day on which the approved draft is published by itself. */
    publishOn: z.string().optional(),
    /** Revision of the draft, as `If-Match` of a step names it. */
    revision: z.number().int(),
    /** Does who asks deposit it? */
    isOwner: z.boolean(),
    /** Does who asks curate it: for the installation, or for a community that took the study in? */
    isCurator: z.boolean(),
    /** May who asks write in the draft now, for its depositor to accept? */
    mayEdit: z.boolean(),
    /** What curators wrote into the draft, the oldest first. */
    edits: z.array(
      z.object({
        id: z.number().int(),
        field: z.string(),
        label: z.object({ en: z.string(), ja: z.string() }),
        before: z.unknown().optional(),
        after: z.unknown().optional(),
        curator: z.string(),
        at: z.string(),
        state: z.enum(['waiting', 'accepted', 'objected']),
        answer: z.string(),
      }),
    ),
    checklist: z.object({
      /** Tier and number, as a version that was reviewed by it keeps them. */
      version: z.string(),
      points: z.array(
        z.object({
          id: z.string(),
          /** Does the server know it by itself? */
          isMachine: z.boolean(),
          isDone: z.boolean(),
          about: z.array(z.string()),
        }),
      ),
    }),
    /** Studies with the same files, or with the same title and people; only those that who asks may see. */
    duplicates: z.array(
      z.object({
        accession: z.string(),
        title: z.string(),
        why: z.enum(['files', 'title']),
        /** Files in common. */
        files: z.number().int(),
      }),
    ),
    assignee: z.string().optional(),
    /** Who approved first, where two curators must (data of people). */
    firstApproval: z.string().optional(),
    /** Who may take the draft on: to curators, while it waits or is in review. */
    curators: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
    /** Steps open to who asks. */
    steps: z.array(step),
    /** Must drafts be approved here before they are published? */
    isRequired: z.boolean(),
    /** Curators beside its depositor who would have to be there, and are not. */
    curatorsMissing: z.number().int(),
    comments: z.array(
      z.object({
        id: z.number().int(),
        field: z.string(),
        text: z.string(),
        mustFix: z.boolean(),
        author: z.string(),
        at: z.string(),
        resolvedAt: z.string().optional(),
        /** Did who asks write it? */
        isMine: z.boolean(),
        /** What it said before, the oldest first. */
        past: z.array(z.object({ text: z.string(), mustFix: z.boolean(), until: z.string() })),
      }),
    ),
  })
  .openapi('Review');

/** Curators look a draft through before it is published. */
export const reviewRoutes = {
  listReviews: createRoute({
    method: 'get',
    path: '/reviews',
    tags: ['Review'],
    summary: 'Drafts that wait for curators, the oldest first',
    responses: { 200: json(z.object({ reviews: z.array(queued) }), 'Queue'), ...denied },
  }),
  listReviewFilters: createRoute({
    method: 'get',
    path: '/reviews/filters',
    tags: ['Review'],
    summary: 'Filters of the queue that I keep',
    responses: { 200: json(filters, 'Filters, by name'), ...denied },
  }),
  keepReviewFilter: createRoute({
    method: 'put',
    path: '/reviews/filters/{name}',
    tags: ['Review'],
    summary: 'Keep a filter of the queue under a name; null forgets it',
    request: {
      params: z.object({ name: z.string().min(1).max(80) }),
      body: body(z.object({ filter: filter.nullable() })),
    },
    responses: { 200: json(filters, 'Filters, by name'), ...refused, 409: problem('Fifty are kept already') },
  }),
  getReview: createRoute({
    method: 'get',
    path: '/drafts/{draft}/review',
    tags: ['Review'],
    summary: 'Where a draft stands in review, what was said, and what one may do',
    request: { params: draftId },
    responses: { 200: json(review, 'Review'), ...denied },
  }),
  takeReviewStep: createRoute({
    method: 'post',
    path: '/drafts/{draft}/review',
    tags: ['Review'],
    summary: 'Submit, recall, claim, request changes, approve, return, reopen',
    request: {
      params: draftId,
      headers: once.extend(ifMatch.shape),
      body: body(z.object({ step, reason: z.string().trim().max(5000).optional() })),
    },
    responses: {
      200: json(review, 'Review'),
      ...refused,
      409: problem('There is no such step from here, or not yet; `allowed` names those there are'),
      412: problem('The draft is at another revision'),
    },
  }),
  assignReview: createRoute({
    method: 'put',
    path: '/drafts/{draft}/review/assignee',
    tags: ['Review'],
    summary: 'Give a draft that waits, or is in review, to a curator, who is told (curators)',
    request: { params: draftId, body: body(z.object({ curator: z.string().min(1).max(100) })) },
    responses: { 200: json(review, 'Review'), ...refused, 409: problem('Not in this state, or no such curator') },
  }),
  addReviewComment: createRoute({
    method: 'post',
    path: '/drafts/{draft}/review/comments',
    tags: ['Review'],
    summary: 'Say something about a field, a file or the whole',
    request: {
      params: draftId,
      body: body(
        z.object({
          field: z.string().max(500).optional(),
          text: z.string().trim().min(1).max(5000),
          mustFix: z.boolean().default(false),
        }),
      ),
    },
    responses: { 200: json(review, 'Review'), ...refused },
  }),
  editReviewComment: createRoute({
    method: 'put',
    path: '/drafts/{draft}/review/comments/{id}',
    tags: ['Review'],
    summary: 'Write a comment of mine anew; what it said before is kept',
    request: {
      params: draftId.extend({ id: z.coerce.number().int() }),
      body: body(z.object({ text: z.string().trim().min(1).max(5000), mustFix: z.boolean() })),
    },
    responses: { 200: json(review, 'Review'), ...refused },
  }),
  reopenReviewComment: createRoute({
    method: 'post',
    path: '/drafts/{draft}/review/comments/{id}/open',
    tags: ['Review'],
    summary: 'Open a settled comment again (curators)',
    request: { params: draftId.extend({ id: z.coerce.number().int() }) },
    responses: { 200: json(review, 'Review'), ...refused },
  }),
  setPublicationDay: createRoute({
    method: 'put',
    path: '/drafts/{draft}/review/publication',
    tags: ['Review'],
    summary: 'Fix the day on which an approved draft is published by itself; null: it waits',
    request: { params: draftId, headers: once, body: body(z.object({ day: z.iso.date().nullable() })) },
    responses: { 200: json(review, 'Review'), ...refused, 409: problem('Not approved, or no day to come') },
  }),
  tickChecklist: createRoute({
    method: 'put',
    path: '/drafts/{draft}/review/checklist',
    tags: ['Review'],
    summary: 'Say which points of the checklist are looked at (curators)',
    request: { params: draftId, body: body(z.object({ ticked: z.array(z.string().max(40)).max(50) })) },
    responses: { 200: json(review, 'Review'), ...refused, 409: problem('Not in review') },
  }),
  decideReviewEdit: createRoute({
    method: 'post',
    path: '/drafts/{draft}/review/edits/{id}',
    tags: ['Review'],
    summary: 'Accept what a curator wrote into my draft, or object: then it is as it was before',
    request: {
      params: draftId.extend({ id: z.coerce.number().int() }),
      headers: once,
      body: body(z.object({ isAccepted: z.boolean(), answer: z.string().trim().max(2000).default('') })),
    },
    responses: { 200: json(review, 'Review'), ...refused, 409: problem('The draft is published, or was discarded') },
  }),
  settleReviewComment: createRoute({
    method: 'post',
    path: '/drafts/{draft}/review/comments/{id}/settled',
    tags: ['Review'],
    summary: 'Settle a comment',
    request: { params: draftId.extend({ id: z.coerce.number().int() }) },
    responses: { 200: json(review, 'Review'), ...refused },
  }),
} as const;
