import { createRoute, z } from '@hono/zod-openapi';
import { chosenNoticeKinds } from '../notice-kinds.ts';
import { newPasswordSchema } from '../schemas.ts';
import * as s from './notice-schemas.ts';
import { body, denied, json, problem, refused, tooMany } from './shape.ts';

/** What people are told on the page and by mail; passwords that were forgotten. */
export const noticeRoutes = {
  listNotices: createRoute({
    method: 'get',
    path: '/notices',
    tags: ['Accounts'],
    summary: 'What I was told, newest first',
    request: {
      query: z.object({
        before: z.coerce.number().int().min(1).optional(),
        limit: z.coerce.number().int().min(0).max(1000).optional(),
      }),
    },
    responses: { 200: json(s.noticesSchema, 'Notices'), ...denied },
  }),
  readNotices: createRoute({
    method: 'post',
    path: '/notices/read',
    tags: ['Accounts'],
    summary: 'Mark notices as read, or as unread again; without a list all of them',
    request: {
      body: body(
        z.object({ ids: z.array(z.number().int().min(1)).max(1000).optional(), isRead: z.boolean().default(true) }),
      ),
    },
    responses: { 204: { description: 'Done' }, ...refused },
  }),
  getNoticeChoices: createRoute({
    method: 'get',
    path: '/notices/choices',
    tags: ['Accounts'],
    summary: 'What I want to be told of, and how',
    responses: { 200: json(s.noticeChoicesSchema, 'Choices'), ...denied },
  }),
  chooseNotices: createRoute({
    method: 'put',
    path: '/notices/choices',
    tags: ['Accounts'],
    summary: 'Choose how to be told of a kind; changes of what one signs in with are always told',
    request: { body: body(z.object({ kind: z.enum(chosenNoticeKinds), choice: s.noticeChoiceSchema })) },
    responses: { 200: json(s.noticeChoicesSchema, 'Choices'), ...refused },
  }),
  askPasswordReset: createRoute({
    method: 'post',
    path: '/password-reset/ask',
    tags: ['Accounts'],
    summary: 'Send me a link to set a new password; the answer does not say whether there is such an account',
    request: { body: body(z.object({ email: z.email().max(320) })) },
    responses: {
      202: json(z.object({ asked: z.literal(true) }), 'If there is such an account, it is sent a link'),
      400: refused[400],
      409: problem('This installation sends no mail: ask its owner'),
      ...tooMany,
    },
  }),
  resetPassword: createRoute({
    method: 'post',
    path: '/password-reset',
    tags: ['Accounts'],
    summary: 'Set a new password with the link that was sent; all sessions end',
    request: { body: body(z.object({ token: z.string().max(200), password: newPasswordSchema })) },
    responses: {
      204: { description: 'Set' },
      400: refused[400],
      410: problem('The link was used, has expired, or is not ours'),
      ...tooMany,
    },
  }),
  eraseMe: createRoute({
    method: 'post',
    path: '/me/erase',
    tags: ['Accounts'],
    summary: 'Erase my account: drafts are discarded, personal data go; names in published studies stay',
    request: { body: body(z.object({ email: z.string().max(320), password: z.string().max(200).optional() })) },
    responses: {
      204: { description: 'Erased' },
      ...refused,
      409: problem('Address or password are not those of the account, or it is the only owner'),
      ...tooMany,
    },
  }),
  getMail: createRoute({
    method: 'get',
    path: '/admin/mail',
    tags: ['Administration'],
    summary: 'How the mail goes',
    responses: { 200: json(s.mailStateSchema, 'State'), ...denied },
  }),
  tryMail: createRoute({
    method: 'post',
    path: '/admin/mail/try',
    tags: ['Administration'],
    summary: 'Send a mail to my own address',
    responses: { 202: json(s.mailStateSchema, 'In the outbox'), ...denied, 409: problem('No mail server is named') },
  }),
} as const;
