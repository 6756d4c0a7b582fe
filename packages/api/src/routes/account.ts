import { createRoute, z } from '@hono/zod-openapi';
import * as s from '../schemas.ts';
import { body, bytes, json, problem, denied, refused, tooMany } from './shape.ts';

/** Who somebody is, and the tokens of an account. */
export const accountRoutes = {
  me: createRoute({
    method: 'get',
    path: '/me',
    tags: ['Accounts'],
    summary: 'Who am I',
    responses: {
      200: json(
        z.object({
          user: s.userSchema.nullable(),
          needsSecondFactor: z
            .literal(true)
            .optional()
            .describe(
              'The role of this account counts here with a second factor only, and this session has shown none',
            ),
        }),
        'The signed-in user, or null',
      ),
    },
  }),
  welcome: createRoute({
    method: 'post',
    path: '/welcome',
    tags: ['Accounts'],
    summary: 'Make the owner account with the link printed at first start',
    request: {
      body: body(
        z.object({
          token: z.string().max(200),
          name: z.string().min(1).max(200),
          email: z.email().max(320),
          password: s.newPasswordSchema,
        }),
      ),
    },
    responses: {
      200: json(z.object({ user: s.userSchema }), 'Signed in'),
      400: problem('Does not fit the schema'),
      410: problem('The link was used, has expired, or is not ours'),
      ...tooMany,
    },
  }),
  listPasskeys: createRoute({
    method: 'get',
    path: '/me/passkeys',
    tags: ['Accounts'],
    summary: 'My passkeys; they are made and used at `/api/auth/passkey/…`, by a browser',
    responses: {
      200: json(
        z.object({ passkeys: z.array(z.object({ id: z.string(), name: z.string(), createdAt: z.string() })) }),
        'Passkeys',
      ),
      ...denied,
    },
  }),
  removePasskey: createRoute({
    method: 'delete',
    path: '/me/passkeys/{id}',
    tags: ['Accounts'],
    summary: 'Take a passkey of mine away',
    request: { params: z.object({ id: z.string() }) },
    responses: { 204: { description: 'Gone' }, ...denied },
  }),
  exportOwned: createRoute({
    method: 'get',
    path: '/me/export.zip',
    tags: ['Accounts'],
    summary:
      'Everything I own, streamed while it is made: account, drafts with their files, every version of my studies; those of withdrawn studies without files',
    responses: { 200: bytes('Zip', 'application/zip'), ...denied },
  }),
  listSessions: createRoute({
    method: 'get',
    path: '/me/sessions',
    tags: ['Accounts'],
    summary: 'Devices I am signed in on',
    responses: {
      200: json(z.object({ sessions: z.array(s.sessionSchema) }), 'Sessions, the one used last first'),
      ...denied,
    },
  }),
  endSession: createRoute({
    method: 'delete',
    path: '/me/sessions/{id}',
    tags: ['Accounts'],
    summary: 'Sign a device of mine out',
    request: { params: z.object({ id: z.string() }) },
    responses: { 204: { description: 'Signed out' }, ...denied },
  }),
  endOtherSessions: createRoute({
    method: 'delete',
    path: '/me/sessions',
    tags: ['Accounts'],
    summary: 'Sign all my other devices out',
    responses: { 204: { description: 'Signed out' }, ...denied },
  }),
  changePassword: createRoute({
    method: 'put',
    path: '/me/password',
    tags: ['Accounts'],
    summary: 'Set another password; all my sessions end, and this one goes on with a new id',
    request: {
      body: body(
        z.object({
          /** The password so far; left out where there is none yet. */
          current: z.string().max(200).optional(),
          password: s.newPasswordSchema,
        }),
      ),
    },
    responses: {
      204: { description: 'Set' },
      ...refused,
      409: problem('The password so far is another one, or the sign-in was too long ago'),
      ...tooMany,
    },
  }),
  askAddressCheck: createRoute({
    method: 'post',
    path: '/me/address-check',
    tags: ['Accounts'],
    summary: 'Have a link sent that confirms my e-mail address',
    responses: {
      202: json(z.object({ asked: z.literal(true) }), 'Sent'),
      ...denied,
      409: problem('It is confirmed already, or this installation sends no mail'),
      ...tooMany,
    },
  }),
  confirmAddress: createRoute({
    method: 'post',
    path: '/address-check',
    tags: ['Accounts'],
    summary: 'Confirm an e-mail address with the link that was sent there',
    request: { body: body(z.object({ token: z.string().max(200) })) },
    responses: {
      204: { description: 'Confirmed' },
      400: problem('Does not fit the schema'),
      410: problem('The link was used, has expired, or is not ours'),
      ...tooMany,
    },
  }),
  listTokens: createRoute({
    method: 'get',
    path: '/tokens',
    tags: ['Accounts'],
    summary: 'My API tokens',
    responses: {
      200: json(
        z.object({
          tokens: z.array(s.tokenSchema),
          /** Scopes that a new token of mine can use. */
          scopes: z.array(z.enum(s.tokenScopes)).optional(),
        }),
        'Tokens, without their secret',
      ),
      ...denied,
    },
  }),
  createToken: createRoute({
    method: 'post',
    path: '/tokens',
    tags: ['Accounts'],
    summary: 'Make an API token; its secret is shown once',
    request: {
      body: body(
        z.object({
          name: z.string().min(1).max(100),
          scopes: z.array(z.enum(s.tokenScopes)).min(1),
          /** A year at most. */
          expiresInDays: z.number().int().min(1).max(365),
          /** Accessions of the studies it is limited to; with `communities`, those that they took in too. Left out: all. */
          studies: z.array(z.string().min(1).max(40)).max(1000).optional(),
          communities: z.array(z.string().min(3).max(40)).max(100).optional(),
        }),
      ),
    },
    responses: {
      201: json(z.object({ token: s.tokenSchema, secret: z.string() }), 'Made'),
      ...refused,
      409: problem('A study or community that it is to be limited to is not there'),
    },
  }),
  deleteToken: createRoute({
    method: 'delete',
    path: '/tokens/{id}',
    tags: ['Accounts'],
    summary: 'Revoke a token',
    request: { params: z.object({ id: z.string() }) },
    responses: { 204: { description: 'Revoked' }, ...denied },
  }),
} as const;
