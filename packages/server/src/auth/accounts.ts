import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { actAs, whoActs } from '../audit/acting.ts';
import { noteAlone, noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { whoseToken, type Scope } from './api-tokens.ts';
import { claimOwnerToken, releaseOwnerToken } from './owner-link.ts';

/** An account as everybody of ours sees it. */
export interface AccountUser {
  id: string;
  name: string;
  email: string;
  role: 'owner' | 'member';
}

/** Who asks, and how they showed it. A session may do what the account may; a token only within its scopes. */
export interface Caller {
  user: AccountUser;
  via: 'session' | 'token';
  scopes: readonly Scope[];
}

/** The account's e-mail address is taken. */
export class EmailTaken extends Error {
  override readonly name = 'EmailTaken';
}

function makeAuth(db: Database, secret: string, isSecure: boolean) {
  return betterAuth({
    appName: 'Micrarium',
    secret,
    basePath: '/api/auth',
    baseURL: 'http://micrarium.invalid',
    database: { db, type: 'postgres' },
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 200 },
    user: {
      modelName: 'auth_user',
      additionalFields: { role: { type: 'string', required: true, defaultValue: 'member', input: false } },
    },
    session: { modelName: 'auth_session', expiresIn: 7 * 86_400, updateAge: 3_600 },
    account: { modelName: 'auth_account' },
    verification: { modelName: 'auth_verification' },
    // Sign-in is limited and the origin of every write checked in front of this (http/security.ts), with the real
    // address of the connection, which this library would take from a header anybody can send.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'micrarium',
      useSecureCookies: isSecure,
      disableOriginCheck: true,
      disableCSRFCheck: true,
      ipAddress: { disableIpTracking: true },
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
    },
  });
}

/** Accounts, passwords and sessions. */
export class Accounts {
  private readonly db: Database;
  private readonly auth: ReturnType<typeof makeAuth>;

  /** @param isSecure is every page reached by https? Cookies are then sent over nothing else */
  constructor(db: Database, secret: string, isSecure = false) {
    this.db = db;
    this.auth = makeAuth(db, secret, isSecure);
  }

  /** Tables and columns that the library wants and our migrations did not make; a test holds that there are none. */
  async missingTables(): Promise<string[]> {
    const { toBeCreated, toBeAdded } = await getMigrations(this.auth.options);
    return [...toBeCreated, ...toBeAdded].map(({ table, fields }) => `${table}: ${Object.keys(fields).join(', ')}`);
  }

  /** Makes an account. @throws EmailTaken */
  async create(account: {
    name: string;
    email: string;
    password?: string;
    role: AccountUser['role'];
  }): Promise<AccountUser> {
    const context = await this.auth.$context;
    const email = account.email.toLowerCase();
    if (await context.internalAdapter.findUserByEmail(email)) throw new EmailTaken(`${email} has an account already`);
    const made = await context.internalAdapter.createUser({ name: account.name, email, emailVerified: false });
    // The role is not an input of the library's, so that no request can name one.
    await this.db.transaction().execute(async (tx) => {
      await tx.updateTable('auth_user').set({ role: account.role }).where('id', '=', made.id).execute();
      await noteEvent(tx, 'account.create', made.id, { role: account.role });
    });
    if (account.password !== undefined) {
      await context.internalAdapter.linkAccount({
        userId: made.id,
        providerId: 'credential',
        accountId: made.id,
        password: await context.password.hash(account.password),
      });
    }
    return { id: made.id, name: account.name, email, role: account.role };
  }

  /** Account by its id. */
  async byId(id: string): Promise<AccountUser | undefined> {
    return await this.db
      .selectFrom('auth_user')
      .select(['id', 'name', 'email', 'role'])
      .where('id', '=', id)
      .executeTakeFirst();
  }

  /** Account by e-mail address. */
  async byEmail(email: string): Promise<AccountUser | undefined> {
    return await this.db
      .selectFrom('auth_user')
      .select(['id', 'name', 'email', 'role'])
      .where('email', '=', email.toLowerCase())
      .executeTakeFirst();
  }

  /**
   * Makes the owner account with the token of an owner link.
   * @returns `undefined` where the token was used, has expired or is not ours
   * @throws EmailTaken
   */
  async welcome(
    token: string,
    account: { name: string; email: string; password: string },
  ): Promise<AccountUser | undefined> {
    if (!(await claimOwnerToken(this.db, token))) return undefined;
    try {
      return await this.create({ ...account, role: 'owner' });
    } catch (fault) {
      await releaseOwnerToken(this.db, token);
      throw fault;
    }
  }

  /**
   * Signs in.
   * @returns the account and the `Set-Cookie` headers of its session; `undefined` for a wrong address or password
   */
  async signIn(email: string, password: string): Promise<{ user: AccountUser; cookies: string[] } | undefined> {
    const answer = await this.auth.api.signInEmail({ body: { email, password }, asResponse: true });
    const user = await this.byEmail(email);
    // A refused try names the account it was for, never what was typed.
    if (!answer.ok) {
      await noteAlone(this.db, 'session.refuse', user?.id ?? 'unknown');
      return undefined;
    }
    if (user)
      await actAs({ ...whoActs(), actor: user.id, via: 'session' }, () => noteAlone(this.db, 'session.begin', user.id));
    return user && { user, cookies: answer.headers.getSetCookie() };
  }

  /** Ends the session of a request. @returns `Set-Cookie` headers that clear it */
  async signOut(headers: Headers): Promise<string[]> {
    const caller = await this.whoAsks(headers);
    const answer = await this.auth.api.signOut({ headers, asResponse: true });
    if (caller) await noteAlone(this.db, 'session.end', caller.user.id);
    return answer.headers.getSetCookie();
  }

  /** Who sent a request: by `Authorization: Bearer`, else by session cookie. A token that is not valid is nobody. */
  async whoAsks(headers: Headers): Promise<Caller | undefined> {
    const authorization = headers.get('authorization');
    if (authorization !== null) {
      const token = /^Bearer +([\w-]{20,200})$/i.exec(authorization)?.[1];
      const found = token === undefined ? undefined : await whoseToken(this.db, token);
      if (!found) return undefined;
      const { userId, scopes, ...user } = found;
      return { user: { id: userId, name: user.name, email: user.email, role: user.role }, via: 'token', scopes };
    }
    if (!headers.has('cookie')) return undefined;
    const session = await this.auth.api.getSession({ headers });
    if (!session) return undefined;
    const { id, name, email } = session.user;
    const role = session.user.role === 'owner' ? 'owner' : 'member';
    return { user: { id, name, email, role }, via: 'session', scopes: ['read', 'deposit'] };
  }
}
