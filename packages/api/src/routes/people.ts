import { createRoute, z } from '@hono/zod-openapi';
import * as s from '../schemas.ts';
import * as p from './people-schemas.ts';
import { body, denied, draftId, json, problem, refused, tooMany } from './shape.ts';

const id = z.object({ id: z.string() });
const gone = { 204: { description: 'Done' }, ...denied };
const email = z.email().max(320);

/** Accounts beyond the owner: invitations, roles, second factors, groups, sharing. */
export const peopleRoutes = {
  signInWays: createRoute({
    method: 'get',
    path: '/sign-in-ways',
    tags: ['Accounts'],
    summary: 'Providers one may sign in with besides a password; begin at `/api/auth/oidc/{id}`',
    responses: {
      200: json(
        z.object({
          providers: z.array(z.object({ id: z.string(), label: z.string() })),
          /** Is a link to set a new password sent to who forgot it? */
          canReset: z.boolean().optional(),
          /** Host for which passkeys count; pages reached by another name do without. */
          passkeyHost: z.string(),
        }),
        'Ways',
      ),
    },
  }),
  listPeople: createRoute({
    method: 'get',
    path: '/admin/people',
    tags: ['Administration'],
    summary: 'Accounts and open invitations',
    responses: { 200: json(p.peopleSchema, 'People'), ...denied },
  }),
  invite: createRoute({
    method: 'post',
    path: '/admin/invitations',
    tags: ['Administration'],
    summary: 'Make an invitation; its link is shown once and valid for fourteen days',
    request: { body: body(z.object({ role: p.roleSchema, email: email.optional() })) },
    responses: {
      201: json(
        z.object({
          id: z.string(),
          link: z.string(),
          expiresAt: z.string(),
          /** Was it sent to the address it is for? */
          isSent: z.boolean().optional(),
        }),
        'Made',
      ),
      ...refused,
    },
  }),
  takeBackInvitation: createRoute({
    method: 'delete',
    path: '/admin/invitations/{id}',
    tags: ['Administration'],
    summary: 'Take an invitation back',
    request: { params: id },
    responses: gone,
  }),
  changePerson: createRoute({
    method: 'patch',
    path: '/admin/people/{id}',
    tags: ['Administration'],
    summary:
      'Change the role of an account, close or open it, or switch off the codes of an app that was lost; its sessions end',
    request: {
      params: id,
      body: body(
        z.object({
          role: p.roleSchema.optional(),
          isClosed: z.boolean().optional(),
          secondFactor: z.literal('off').optional(),
        }),
      ),
    },
    responses: { ...gone, 400: refused[400], 409: problem('The installation would be left without an owner') },
  }),
  acceptInvitation: createRoute({
    method: 'post',
    path: '/invitation',
    tags: ['Accounts'],
    summary: 'Make an account with an invitation',
    request: {
      body: body(
        z.object({
          token: z.string().max(200),
          name: z.string().min(1).max(200),
          email,
          password: s.newPasswordSchema,
        }),
      ),
    },
    responses: {
      200: json(z.object({ user: s.userSchema }), 'Signed in'),
      400: problem('Does not fit the schema'),
      409: problem('The address has an account already'),
      410: problem('The invitation was used, has expired, is for another address, or is not ours'),
      ...tooMany,
    },
  }),
  getSecondFactor: createRoute({
    method: 'get',
    path: '/me/second-factor',
    tags: ['Accounts'],
    summary: 'Must I show a code at sign-in? Which providers are linked?',
    responses: {
      200: json(
        z.object({
          isOn: z.boolean(),
          /** Recovery codes that were not used yet. */
          recoveryCodes: z.number().int(),
          identities: z.array(z.object({ provider: z.string(), subject: z.string() })),
          /** Can I sign in with a password? */
          hasPassword: z.boolean(),
          /** Is my e-mail address confirmed, or nothing there to confirm it with? Who has not confirmed theirs opens no draft. */
          isConfirmed: z.boolean(),
        }),
        'State',
      ),
      ...denied,
    },
  }),
  unlinkIdentity: createRoute({
    method: 'delete',
    path: '/me/identities/{provider}',
    tags: ['Accounts'],
    summary: 'Take a linked provider away; it signs me in no more',
    request: { params: z.object({ provider: z.string().max(100) }) },
    responses: { ...gone, 409: problem('Nothing else would be left to sign in with') },
  }),
  beginSecondFactor: createRoute({
    method: 'post',
    path: '/me/second-factor',
    tags: ['Accounts'],
    summary: 'A key for an authenticator app (TOTP, RFC 6238); it counts once a code of it was shown',
    responses: {
      201: json(z.object({ key: z.string(), uri: z.string() }), 'Key, and the same as an otpauth address'),
      ...denied,
      409: problem('There is one already; switch it off first'),
    },
  }),
  confirmSecondFactor: createRoute({
    method: 'post',
    path: '/me/second-factor/confirm',
    tags: ['Accounts'],
    summary: 'Switch it on with the first code; recovery codes are shown once',
    request: { body: body(z.object({ code: z.string().max(40) })) },
    responses: {
      200: json(z.object({ recoveryCodes: z.array(z.string()) }), 'On'),
      ...refused,
      409: problem('The code does not count'),
      ...tooMany,
    },
  }),
  endSecondFactor: createRoute({
    method: 'post',
    path: '/me/second-factor/off',
    tags: ['Accounts'],
    summary: 'Switch it off, with a code',
    request: { body: body(z.object({ code: z.string().max(40) })) },
    responses: { ...gone, 400: refused[400], 409: problem('The code does not count'), ...tooMany },
  }),
  listTeams: createRoute({
    method: 'get',
    path: '/groups',
    tags: ['Accounts'],
    summary: 'My groups',
    responses: { 200: json(p.teamsSchema, 'Groups with their members'), ...denied },
  }),
  makeTeam: createRoute({
    method: 'post',
    path: '/groups',
    tags: ['Accounts'],
    summary: 'Make a group, which I lead',
    request: { body: body(z.object({ name: z.string().trim().min(1).max(200) })) },
    responses: { 201: json(z.object({ id: z.string() }), 'Made'), ...refused, ...tooMany },
  }),
  addTeamMember: createRoute({
    method: 'post',
    path: '/groups/{id}/members',
    tags: ['Accounts'],
    summary: 'Take somebody into a group I lead',
    request: { params: id, body: body(z.object({ email })) },
    responses: { ...gone, 400: refused[400], ...tooMany },
  }),
  removeTeamMember: createRoute({
    method: 'delete',
    path: '/groups/{id}/members/{user}',
    tags: ['Accounts'],
    summary: 'Take somebody out of a group I lead, or leave one',
    request: { params: id.extend({ user: z.string() }) },
    responses: { ...gone, 409: problem('Nobody would lead the group') },
  }),
  leadTeam: createRoute({
    method: 'put',
    path: '/groups/{id}/members/{user}',
    tags: ['Accounts'],
    summary: 'Say whether a member leads the group, by who leads it',
    request: { params: id.extend({ user: z.string() }), body: body(z.object({ leads: z.boolean() })) },
    responses: { ...gone, 400: refused[400], 409: problem('Nobody would lead the group'), ...tooMany },
  }),
  listShares: createRoute({
    method: 'get',
    path: '/drafts/{draft}/shares',
    tags: ['Drafts'],
    summary: 'With whom the drafts of this study are shared',
    request: { params: draftId },
    responses: { 200: json(p.sharesSchema, 'Shares'), ...denied },
  }),
  shareDraft: createRoute({
    method: 'post',
    path: '/drafts/{draft}/shares',
    tags: ['Drafts'],
    summary: 'Share the drafts of this study with a person (by e-mail address) or a group of mine',
    request: {
      params: draftId,
      body: body(z.object({ email: email.optional(), group: z.string().optional(), access: z.enum(['view', 'edit']) })),
    },
    responses: { 200: json(p.sharesSchema, 'Shares'), ...refused, ...tooMany },
  }),
  unshareDraft: createRoute({
    method: 'delete',
    path: '/drafts/{draft}/shares/{id}',
    tags: ['Drafts'],
    summary: 'End a share',
    request: { params: draftId.extend({ id: z.string() }) },
    responses: gone,
  }),
} as const;
