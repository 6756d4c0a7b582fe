import { createRoute, z } from '@hono/zod-openapi';
import * as s from '../schemas.ts';
import { body, json, problem, denied, refused, tooMany } from './shape.ts';

/** Who somebody is, and the tokens of an account. */
export const accountRoutes = {
  me: createRoute({
    method: 'get',
    path: '/me',
    tags: ['Accounts'],
    summary: 'Who am I',
    responses: { 200: json(z.object({ user: s.userSchema.nullable() }), 'The signed-in user, or null') },
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
          password: z.string().min(12).max(200),
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
  listTokens: createRoute({
    method: 'get',
    path: '/tokens',
    tags: ['Accounts'],
    summary: 'My API tokens',
    responses: { 200: json(z.object({ tokens: z.array(s.tokenSchema) }), 'Tokens, without their secret'), ...denied },
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
          scopes: z.array(z.enum(['read', 'deposit'])).min(1),
          expiresInDays: z.number().int().min(1).max(366),
        }),
      ),
    },
    responses: { 201: json(z.object({ token: s.tokenSchema, secret: z.string() }), 'Made'), ...refused },
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
