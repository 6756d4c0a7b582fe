import { createRoute, z } from '@hono/zod-openapi';
import { allowanceSchema, setLimitSchema } from './quota-schemas.ts';
import { body, denied, draftId, json, refused } from './shape.ts';

/** How much may be deposited. */
export const quotaRoutes = {
  listAllowances: createRoute({
    method: 'get',
    path: '/account/quota',
    tags: ['Account'],
    summary: 'What I may deposit and have deposited, and my groups with a quota',
    responses: { 200: json(z.object({ allowances: z.array(allowanceSchema) }), 'Myself first'), ...denied },
  }),
  getDraftQuota: createRoute({
    method: 'get',
    path: '/drafts/{draft}/quota',
    tags: ['Drafts'],
    summary: 'Whose quota the draft counts against, and what of it is left',
    request: { params: draftId },
    responses: { 200: json(z.object({ allowance: allowanceSchema.nullable() }), 'Allowance'), ...denied },
  }),
  listQuotas: createRoute({
    method: 'get',
    path: '/admin/quotas',
    tags: ['Administration'],
    summary: 'Quotas and use of all people and groups',
    responses: {
      200: json(
        z.object({ default: z.number().nullable(), allowances: z.array(allowanceSchema) }),
        'People, then groups',
      ),
      ...denied,
    },
  }),
  setQuota: createRoute({
    method: 'put',
    path: '/admin/quotas/{subject}',
    tags: ['Administration'],
    summary: 'Set the quota of everybody (`default`), a person (`user:ID`) or a group (`group:ID`)',
    request: { params: z.object({ subject: z.string().max(200) }), body: body(z.object({ limit: setLimitSchema })) },
    responses: { 204: { description: 'Set' }, ...refused },
  }),
} as const;
