import { createRoute, z } from '@hono/zod-openapi';
import { body, denied, json, problem, refused, tooMany } from './shape.ts';
import { newWebhookSchema, webhookSchema } from './webhook-schemas.ts';

/** Addresses that are told of new studies of a search, or of what I am told of. Bodies are signed. */
export const webhookRoutes = {
  listWebhooks: createRoute({
    method: 'get',
    path: '/account/webhooks',
    tags: ['Account'],
    summary: 'My webhooks with their last deliveries',
    responses: { 200: json(z.object({ webhooks: z.array(webhookSchema) }), 'Webhooks'), ...denied },
  }),
  makeWebhook: createRoute({
    method: 'post',
    path: '/account/webhooks',
    tags: ['Account'],
    summary:
      'Have an https address told of new studies that a search finds, or of my notices; its secret is shown once',
    request: { body: body(newWebhookSchema) },
    responses: {
      201: json(z.object({ id: z.string(), secret: z.string() }), 'Made; a first delivery is on its way'),
      ...refused,
      409: problem('There are as many as one may have'),
      ...tooMany,
    },
  }),
  removeWebhook: createRoute({
    method: 'delete',
    path: '/account/webhooks/{id}',
    tags: ['Account'],
    summary: 'End a webhook',
    request: { params: z.object({ id: z.string().max(100) }) },
    responses: { 204: { description: 'Gone' }, ...denied },
  }),
} as const;
