import { routes } from '@micrarium/api';
import { demand, type Subject } from '@micrarium/repository';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { hasOtherRole } from '../access/study-resource.ts';
import type { Caller } from '../auth/accounts.ts';
import { listTokens, makeToken, revokeToken, scopesFor, unknownLimits } from '../auth/api-tokens.ts';
import { noteAlone } from '../audit/audit-log.ts';
import { SharedRateLimit } from '../auth/shared-rate-limit.ts';
import { type HttpContext, type HttpEnvironment, remoteAddress } from './context.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

const credentials = z.strictObject({
  email: z.string().max(320),
  password: z.string().max(200),
  /** Of the authenticator app, or a recovery code. */
  code: z.string().max(40).optional(),
});

/** The account of a caller. @throws Problem `not-signed-in` */
export function signedIn(c: HttpContext): { caller: Caller; subject: Subject } {
  const caller = c.var.caller;
  if (!caller) throw new Problem('not-signed-in');
  return { caller, subject: c.var.subject };
}

/** Has somebody a role that counts with a second factor only: curator, owner, who leads a community, who decides on access? */
async function hasRole(db: Services['db'], { id, role }: Caller['user']): Promise<boolean> {
  return role !== 'member' || (await hasOtherRole(db, id));
}

/** Accounts, sessions and tokens. */
export function accountRoutes(app: OpenAPIHono<HttpEnvironment>, services: () => Services): void {
  // Per account and address, and per address: five a minute, thirty a day; an attacker of many accounts is slowed too.
  const perAccount = new SharedRateLimit('account', [
    { milliseconds: 60_000, tries: 5 },
    { milliseconds: 86_400_000, tries: 30 },
  ]);
  const perAddress = new SharedRateLimit('address', [
    { milliseconds: 60_000, tries: 30 },
    { milliseconds: 86_400_000, tries: 1_000 },
  ]);
  const limit = async (c: HttpContext, name: string) => {
    const { db } = services();
    const account = await perAccount.take(db, `${name} ${remoteAddress(c)}`);
    const wait = Math.max(account, await perAddress.take(db, remoteAddress(c)));
    if (wait > 0) {
      throw new Problem('too-many-tries', `Try again in ${wait} seconds.`, {
        headers: { 'retry-after': String(wait) },
      });
    }
  };

  app.openapi(mounted(routes.me), async (c) => {
    const session = c.var.caller?.session;
    // Sessions of before there was such a token get it here, as do pages whose cookie was thrown away.
    if (session) c.header('set-cookie', services().accounts.pageTokenCookie(session.id));
    const { caller } = c.var;
    const needsFactor =
      caller !== undefined && c.var.lacksFactor === true && (await hasRole(services().db, caller.user));
    return c.json({ user: caller?.user ?? null, ...(needsFactor ? { needsSecondFactor: true as const } : {}) }, 200, {
      'cache-control': 'no-store',
    });
  });

  app.openapi(mounted(routes.welcome), async (c) => {
    await limit(c, 'welcome');
    const { token, ...account } = c.req.valid('json');
    await services().accounts.demandUncommon(account.password, account);
    const user = await services().accounts.welcome(token, account);
    if (!user)
      throw new Problem('welcome-gone', 'Start the server again: it prints a new link while there is no owner.');
    const signed = await services().accounts.signIn(account.email, account.password, c.req.raw.headers);
    for (const cookie of signed?.cookies ?? []) c.header('set-cookie', cookie, { append: true });
    return c.json({ user }, 200);
  });

  app.post('/api/auth/sign-in/email', async (c) => {
    const read = credentials.safeParse(await c.req.json().catch(() => undefined));
    if (!read.success) throw new Problem('request-invalid', 'Send e-mail address and password as JSON.');
    const { email, password, code } = read.data;
    await limit(c, email.toLowerCase());
    const { accounts, db } = services();
    const user = await accounts.ofPassword(email, password);
    if (!user) throw new Problem('sign-in-refused');
    const factor = await demandSecondFactor(services(), user.id, code);
    const cookies = await accounts.beginSession(user.id, c.req.raw.headers, factor);
    if (!cookies) throw new Problem('sign-in-refused');
    await perAccount.clear(db, `${email.toLowerCase()} ${remoteAddress(c)}`);
    for (const cookie of cookies) c.header('set-cookie', cookie, { append: true });
    return c.json({ user });
  });

  app.post('/api/auth/sign-out', async (c) => {
    for (const cookie of await services().accounts.signOut(c.req.raw.headers)) {
      c.header('set-cookie', cookie, { append: true });
    }
    return c.json({ user: null });
  });

  app.openapi(mounted(routes.listTokens), async (c) => {
    const { caller, subject } = signedIn(c);
    demandOpenly(subject, 'token.list', caller.user.id);
    const { db } = services();
    return c.json({ tokens: await listTokens(db, caller.user.id), scopes: await scopesFor(db, caller.user) }, 200);
  });

  app.openapi(mounted(routes.createToken), async (c) => {
    const { caller, subject } = signedIn(c);
    demandOpenly(subject, 'token.create', caller.user.id);
    const wanted = c.req.valid('json');
    if (wanted.scopes.includes('admin:*') && caller.user.role !== 'owner')
      throw new Problem('not-allowed', 'Only the owner of the installation makes tokens that administer it.');
    if (wanted.scopes.includes('curate') && !(await scopesFor(services().db, caller.user)).includes('curate'))
      throw new Problem(
        'not-allowed',
        'Only curators, and who leads a community, make tokens that curate: this one could do nothing. Leave out the scope curate.',
      );
    const [unknown] = await unknownLimits(services().db, caller.user, wanted);
    if (unknown !== undefined)
      throw new Problem(
        'state-conflict',
        `There is no ${unknown} here that a token could be limited to. Write accessions as they stand on the pages of studies.`,
      );
    return c.json(await makeToken(services().db, caller.user.id, wanted), 201, {
      'cache-control': 'no-store',
    });
  });

  app.openapi(mounted(routes.deleteToken), async (c) => {
    const { caller, subject } = signedIn(c);
    demandOpenly(subject, 'token.delete', caller.user.id);
    if (!(await revokeToken(services().db, caller.user.id, c.req.valid('param').id))) throw new Problem('not-found');
    return c.body(null, 204);
  });
}

/** Goes on where the account, whose password was right, needs no code, or the one given counts. @throws Problem */
async function demandSecondFactor(services: Services, userId: string, code?: string): Promise<'code' | undefined> {
  const { secondFactor } = services;
  if (!(await secondFactor.isOn(userId))) return undefined;
  if (code === undefined || code.trim() === '') throw new Problem('code-needed');
  if (await secondFactor.check(userId, code)) return 'code';
  await noteAlone(services.db, 'session.refuse', userId, { code: true });
  throw new Problem('sign-in-refused', 'This code does not count. A code counts once; wait for the next.');
}

/** On one's own account there is nothing to hide: a token that may not is told so. */
function demandOpenly(subject: Subject, action: 'token.list' | 'token.create' | 'token.delete', userId: string): void {
  try {
    demand(subject, action, { kind: 'account', userId });
  } catch (cause) {
    throw new Problem('not-allowed', 'Tokens are made and revoked with a session, never with a token.', { cause });
  }
}
