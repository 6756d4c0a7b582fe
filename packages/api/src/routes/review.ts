import { createRoute, z } from '@hono/zod-openapi';
import { body, denied, draftId, json, problem, refused } from './shape.ts';

const state = z.enum(['editing', 'submitted', 'in_review', 'changes_requested', 'approved']);
const step = z.enum(['submit', 'recall', 'claim', 'request changes', 'approve', 'return', 'reopen']);
const review = z
  .object({
    state,
    assignee: z.string().optional(),
    /** Who approved first, where two curators must (data of people). */
    firstApproval: z.string().optional(),
    /** Who may take the draft on: to curators, while it waits or is in review. */
    curators: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
    /** Steps open to who asks. */
    steps: z.array(step),
    /** Must drafts be approved here before they are published? */
    isRequired: z.boolean(),
    comments: z.array(
      z.object({
        id: z.number().int(),
        field: z.string(),
        text: z.string(),
        mustFix: z.boolean(),
        author: z.string(),
        at: z.string(),
        resolvedAt: z.string().optional(),
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
    responses: {
      200: json(
        z.object({
          reviews: z.array(
            z.object({
              draft: z.string(),
              accession: z.string(),
              title: z.string(),
              state,
              assignee: z.string().optional(),
              submittedAt: z.string(),
            }),
          ),
        }),
        'Queue',
      ),
      ...denied,
    },
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
    request: { params: draftId, body: body(z.object({ step })) },
    responses: { 200: json(review, 'Review'), ...refused, 409: problem('There is no such step from here, or not yet') },
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
  settleReviewComment: createRoute({
    method: 'post',
    path: '/drafts/{draft}/review/comments/{id}/settled',
    tags: ['Review'],
    summary: 'Settle a comment',
    request: { params: draftId.extend({ id: z.coerce.number().int() }) },
    responses: { 200: json(review, 'Review'), ...refused },
  }),
} as const;
