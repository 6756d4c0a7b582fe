import { createRoute, z } from '@hono/zod-openapi';
import { body, denied, json, problem, refused, study, tooMany } from './shape.ts';
import { transferSchema } from './transfer-schemas.ts';

/** A study goes to a new owner: offered by its owner, accepted by the new one. */
export const transferRoutes = {
  getTransfer: createRoute({
    method: 'get',
    path: '/studies/{accession}/transfer',
    tags: ['Studies'],
    summary: 'Who owns a study and to whom it is offered, for its owner and for whom it is offered to',
    request: { params: study },
    responses: { 200: json(transferSchema, 'State'), ...denied },
  }),
  offerTransfer: createRoute({
    method: 'post',
    path: '/studies/{accession}/transfer',
    tags: ['Studies'],
    summary: 'Offer my study to a new owner, by e-mail address; nothing changes before they accept',
    request: {
      params: study,
      body: body(
        z.object({
          email: z.email().max(320),
          text: z.string().trim().max(5000).default(''),
          /** May I go on editing its drafts? */
          keepsEditing: z.boolean().default(false),
        }),
      ),
    },
    responses: {
      201: json(transferSchema, 'Offered; the new owner is told'),
      ...refused,
      409: problem('It is offered already, is theirs already, or they may not read its files'),
      ...tooMany,
    },
  }),
  answerTransfer: createRoute({
    method: 'put',
    path: '/studies/{accession}/transfer/{id}',
    tags: ['Studies'],
    summary: 'Accept or decline a study that is offered to me, or withdraw my offer',
    request: {
      params: study.extend({ id: z.string() }),
      body: body(z.object({ state: z.enum(['accepted', 'declined', 'withdrawn']) })),
    },
    responses: {
      204: { description: 'Done; the other side is told' },
      ...refused,
      409: problem('A version is being published, or the study has another owner now'),
    },
  }),
} as const;
