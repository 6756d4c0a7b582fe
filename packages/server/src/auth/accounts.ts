import { createHmac, randomUUID } from 'node:crypto';
import type { Role } from '@micrarium/repository';
import { sql } from 'kysely';
import { actAs, whoActs } from '../audit/acting.ts';
import { noteAlone, noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { whoseToken, type Scope } from './api-tokens.ts';
import type { AuthLibrary, AuthSettings } from './auth-library.ts';
import { isCommonPassword, isShippedPassword, type PasswordList } from './known-passwords.ts';
import { claimOwnerToken, releaseOwnerToken } from './owner-link.ts';
import { isPageTokenOf, noPageToken, pageTokenCookieOf } from './page-token.ts';
import type { Notices } from '../notices/notices.ts';
import { endOtherSessions, goesOn, noteFactor, type SessionFactor } from './sessions.ts';
import { Passkeys } from './passkeys.ts';

/** An account as everybody of ours sees it. */
export interface AccountUser {
  id: string;
  name: string;
  email: string;
  role: Role;
}

/** Who asks, and how they showed it. A session may do what the account may; a token only within its scopes. */
export interface Caller {
  user: AccountUser;
  via: 'session' | 'token';
  scopes: readonly Scope[];
  /** Accessions a token is limited to. */
  only?: readonly string[] | undefined;
  /** Was a second factor shown: in the session, or, of a token, has its account one? */
  hasFactor: boolean;
  /** Of a session: its id, and when it began. */
  session?: { id: string; begunAt: Date; factor: SessionFactor | undefined };
}

/** The account's e-mail address is taken. */
export class EmailTaken extends Error {
  override readonly name = 'EmailTaken';
}

/** A new password is one of those that are tried first, or is known from a breach. */
export class PasswordKnown extends Error {
  override readonly name = 'PasswordKnown';

  constructor() {
    super(
      'It is known from breaches, or made of what is tried first. Choose another one: several words that do not belong together are good, and a password manager makes better ones.',
    );
  }
}

/** Accounts, passwords and sessions. */
export class Accounts {
  readonly passkeys: Passkeys;
  private readonly db: Database;
  private readonly settings: AuthSettings;
  private readonly passwordList: PasswordList | undefined;
  private loaded: Promise<AuthLibrary> | undefined;
  private nobodysHash: Promise<string> | undefined;

  /**
   * @param isSecure is every page reached by https? Cookies are then sent over nothing else
   * @param host name by which the pages are reached; passkeys count for it alone
   * @param passwordList passwords known from breaches
   */
  constructor(db: Database, secret: string, isSecure = false, host = 'localhost', passwordList?: PasswordList) {
    this.passwordList = passwordList;
    this.db = db;
    this.settings = { db, secret, isSecure };
    this.passkeys = new Passkeys(this, this.settings, host);
  }

  /** The library, loaded when the first session asks for it: it is a quarter of all that a start would load, and workers never need it. */
  private library(): Promise<AuthLibrary> {
    this.loaded ??= import('./auth-library.ts').then(({ makeAuth }) => makeAuth(this.settings));
    return this.loaded;
  }

  /** Makes an account. @throws EmailTaken */
  async create(account: {
    name: string;
    email: string;
    password?: string;
    role: AccountUser['role'];
    /** Has somebody vouched that the address is theirs? */
    isConfirmed?: boolean;
  }): Promise<AccountUser> {
    const context = await (await this.library()).$context;
    const email = account.email.toLowerCase();
    if (await context.internalAdapter.findUserByEmail(email)) throw new EmailTaken(`${email} has an account already`);
    const made = await context.internalAdapter.createUser({
      name: account.name,
      email,
      emailVerified: account.isConfirmed ?? false,
    });
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
      return await this.create({ ...account, role: 'owner', isConfirmed: true });
    } catch (fault) {
      await releaseOwnerToken(this.db, token);
      throw fault;
    }
  }

  /**
   * The account of an address and a password; whichever is wrong, it takes one computation of a hash, so that the time tells nothing.
   * A refused try names in the log the account it was for, never what was typed.
   */
  async ofPassword(email: string, password: string): Promise<AccountUser | undefined> {
    const found = await this.db
      .selectFrom('auth_user')
      .leftJoin('auth_account', (join) =>
        join.onRef('auth_account.userId', '=', 'auth_user.id').on('providerId', '=', 'credential'),
      )
      .select(['auth_user.id', 'name', 'email', 'role', 'disabled_at', 'auth_account.password'])
      .where('email', '=', email.toLowerCase())
      .executeTakeFirst();
    const { password: passwords } = await (await this.library()).$context;
    this.nobodysHash ??= passwords.hash('the password of nobody');
    const hash = found?.password ?? (await this.nobodysHash);
    const isRight = await passwords.verify({ hash, password });
    if (!found || !isRight || found.password === null || found.disabled_at !== null) {
      await noteAlone(this.db, 'session.refuse', found?.id ?? 'unknown');
      return undefined;
    }
    const { id, name, role } = found;
    return { id, name, email: found.email, role };
  }

  /**
   * Signs in.
   * @returns the account and the `Set-Cookie` headers of its session; `undefined` for a wrong address or password
   */
  async signIn(
    email: string,
    password: string,
    headers = new Headers(),
  ): Promise<{ user: AccountUser; cookies: string[] } | undefined> {
    const user = await this.ofPassword(email, password);
    const cookies = user && (await this.beginSession(user.id, headers));
    return user && cookies && { user, cookies };
  }

  /** Ends the session of a request. @returns `Set-Cookie` headers that clear it */
  async signOut(headers: Headers): Promise<string[]> {
    const caller = await this.whoAsks(headers);
    const answer = await (await this.library()).api.signOut({ headers, asResponse: true });
    if (caller) await noteAlone(this.db, 'session.end', caller.user.id);
    return [...answer.headers.getSetCookie(), noPageToken(this.settings)];
  }

  /** Is this the token that writes of the session come with? */
  isPageToken(sessionId: string, given: string | null): boolean {
    return isPageTokenOf(this.settings, sessionId, given);
  }

  /** `Set-Cookie` of that token. */
  pageTokenCookie(sessionId: string): string {
    return pageTokenCookieOf(this.settings, sessionId);
  }

  /** Has the account a password, and so one that can be forgotten? */
  async hasPassword(userId: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('auth_account')
      .select('id')
      .where('userId', '=', userId)
      .where('providerId', '=', 'credential')
      .executeTakeFirst();
    return row !== undefined && (await this.isOpen(userId));
  }

  /** Is the address confirmed, or one we made up because a provider named none? */
  async isConfirmed(userId: string): Promise<boolean> {
    const { rows } = await sql<{
      isConfirmed: boolean;
    }>`select "emailVerified" or email like '%.invalid' as "isConfirmed"
      from auth_user where id = ${userId}`.execute(this.db);
    return rows[0]?.isConfirmed ?? false;
  }

  /** Goes on where a new password is none that is tried first. @throws PasswordKnown */
  async demandUncommon(password: string, about: { name?: string; email?: string } = {}): Promise<void> {
    if (
      isCommonPassword(password, about) ||
      (await isShippedPassword(password)) ||
      (await this.passwordList?.has(password))
    )
      throw new PasswordKnown();
  }

  /** What is stored of a password. */
  async passwordHash(password: string): Promise<string> {
    return await (await (await this.library()).$context).password.hash(password);
  }

  /** Is the password of this account the one given? Signs nobody in. */
  async isPassword(userId: string, password: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('auth_account')
      .select('password')
      .where('userId', '=', userId)
      .where('providerId', '=', 'credential')
      .executeTakeFirst();
    const { password: passwords } = await (await this.library()).$context;
    return row?.password != null && (await passwords.verify({ hash: row.password, password }));
  }

  /**
   * Begins a session for whom a password, a code or a provider has vouched. The one the browser had before ends.
   * @param factor what was shown besides a password
   * @returns `Set-Cookie` headers; `undefined` for a closed account
   */
  async beginSession(userId: string, headers: Headers, factor?: SessionFactor): Promise<string[] | undefined> {
    if (!(await this.isOpen(userId))) return undefined;
    const library = await this.library();
    const context = await library.$context;
    const before = headers.has('cookie') ? await library.api.getSession({ headers }) : null;
    const userAgent = (headers.get('user-agent') ?? '').slice(0, 300);
    const session = await context.internalAdapter.createSession(userId, false, { userAgent });
    if (factor) await noteFactor(this.db, session.id, factor);
    if (before) await this.db.deleteFrom('auth_session').where('id', '=', before.session.id).execute();
    const { name } = context.authCookies.sessionToken;
    const signature = createHmac('sha256', context.secret).update(session.token).digest('base64');
    const value = encodeURIComponent(`${session.token}.${signature}`);
    await actAs({ ...whoActs(), actor: userId, via: 'session' }, () => noteAlone(this.db, 'session.begin', userId));
    const secure = this.settings.isSecure ? '; Secure' : '';
    return [
      `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${7 * 86_400}${secure}`,
      this.pageTokenCookie(session.id),
    ];
  }

  /** Sets the password of an account that is signed in, and tells it. All its sessions end; the caller begins a new one. */
  async setPassword(userId: string, password: string, notices: Notices): Promise<void> {
    const hash = await this.passwordHash(password);
    await this.db.transaction().execute(async (tx) => {
      const changed = await tx
        .updateTable('auth_account')
        .set({ password: hash, updatedAt: new Date() })
        .where('userId', '=', userId)
        .where('providerId', '=', 'credential')
        .returning('id')
        .executeTakeFirst();
      const row = { id: randomUUID(), accountId: userId, providerId: 'credential', userId, password: hash };
      if (!changed)
        await tx
          .insertInto('auth_account')
          .values({ ...row, updatedAt: new Date() })
          .execute();
      await notices.tellOfAccount(userId, 'password-changed', tx);
      await noteEvent(tx, 'password.set', userId);
    });
    await endOtherSessions(this.db, userId, undefined);
  }

  /** Is there such an account that nobody closed? */
  async isOpen(userId: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('auth_user')
      .select('id')
      .where('id', '=', userId)
      .where('disabled_at', 'is', null)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Role of an account that is open, and what its session has shown besides a password: asked on every request, so that what is taken away is gone at once. */
  private async standingOf(
    userId: string,
    sessionId: string,
  ): Promise<{ role: Role; factor: SessionFactor | undefined } | undefined> {
    const row = await this.db
      .selectFrom('auth_user')
      .leftJoin('auth_session', (join) =>
        join.onRef('auth_session.userId', '=', 'auth_user.id').on('auth_session.id', '=', sessionId),
      )
      .select(['role', 'factor'])
      .where('auth_user.id', '=', userId)
      .where('disabled_at', 'is', null)
      .executeTakeFirst();
    return row && { role: row.role, factor: (row.factor ?? undefined) as SessionFactor | undefined };
  }

  /** Who sent a request: by `Authorization: Bearer`, else by session cookie. A token that is not valid is nobody. */
  async whoAsks(headers: Headers): Promise<Caller | undefined> {
    const authorization = headers.get('authorization');
    if (authorization !== null) {
      const token = /^Bearer +([\w-]{20,200})$/i.exec(authorization)?.[1];
      const found = token === undefined ? undefined : await whoseToken(this.db, token);
      if (!found) return undefined;
      const { userId, scopes, only, ...user } = found;
      return {
        user: { id: userId, name: user.name, email: user.email, role: user.role },
        via: 'token',
        hasFactor: found.hasFactor,
        scopes,
        ...(only === undefined ? {} : { only }),
      };
    }
    if (!headers.has('cookie')) return undefined;
    const session = await (await this.library()).api.getSession({ headers });
    if (!session) return undefined;
    const { id, name, email } = session.user;
    const { id: sessionId, createdAt } = session.session;
    const standing = await this.standingOf(id, sessionId);
    if (standing === undefined || !(await goesOn(this.db, session.session, standing.role))) return undefined;
    const { role, factor } = standing;
    return {
      user: { id, name, email, role },
      via: 'session',
      hasFactor: factor !== undefined,
      scopes: ['read', 'deposit'],
      session: {
        id: sessionId,
        begunAt: new Date(createdAt),
        factor,
      },
    };
  }
}
