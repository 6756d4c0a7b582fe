import { createHash, createHmac, randomUUID } from 'node:crypto';
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
import { endOtherSessions, forgetFactor, goesOn, noteFactor, type SessionFactor } from './sessions.ts';
import type { openPasskeys } from './passkey-library.ts';

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

/** A passkey of an account. */
export interface Passkey {
  id: string;
  name: string;
  /** ISO 8601. */
  createdAt: string;
}

/** Accounts, passwords and sessions. */
export class Accounts {
  private readonly db: Database;
  private readonly settings: AuthSettings;
  private readonly host: string;
  private readonly passwordList: PasswordList | undefined;
  private loaded: Promise<AuthLibrary> | undefined;
  private nobodysHash: Promise<string> | undefined;
  private loadedPasskeys: Promise<ReturnType<typeof openPasskeys>> | undefined;

  /**
   * @param isSecure is every page reached by https? Cookies are then sent over nothing else
   * @param host name by which the pages are reached; passkeys count for it alone
   * @param passwordList passwords known from breaches
   */
  constructor(db: Database, secret: string, isSecure = false, host = 'localhost', passwordList?: PasswordList) {
    this.passwordList = passwordList;
    this.db = db;
    this.settings = { db, secret, isSecure };
    this.host = host;
  }

  /** The library, loaded when the first session asks for it: it is a quarter of all that a start would load, and workers never need it. */
  private library(): Promise<AuthLibrary> {
    this.loaded ??= import('./auth-library.ts').then(({ makeAuth }) => makeAuth(this.settings));
    return this.loaded;
  }

  /** The library with passkeys, of which the same holds. */
  private passkeys(): Promise<ReturnType<typeof openPasskeys>> {
    this.loadedPasskeys ??= import('./passkey-library.ts').then((loaded) =>
      loaded.openPasskeys(this.settings, this.host),
    );
    return this.loadedPasskeys;
  }

  /** Tables and columns that the library wants and our migrations did not make; a test holds that there are none. */
  async missingTables(): Promise<string[]> {
    return await (await this.passkeys()).missingTables();
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

  /** What a browser needs to make a passkey for the account of a session; refused with a session older than a day. */
  async beginPasskey(headers: Headers): Promise<Response> {
    return await (await this.passkeys()).calls.generatePasskeyRegistrationOptions({
      headers,
      query: {},
      asResponse: true,
    });
  }

  /** Keeps the passkey that a browser made. @returns `false` where its answer fits no question of ours */
  async keepPasskey(headers: Headers, userId: string, response: unknown, name: string): Promise<boolean> {
    const answer = await (await this.passkeys()).calls.verifyPasskeyRegistration({
      headers,
      body: { response, name },
      asResponse: true,
    });
    if (!answer.ok) return false;
    await noteAlone(this.db, 'passkey.add', userId);
    // Who made it just now has shown it.
    const session = await (await this.library()).api.getSession({ headers });
    if (session) await noteFactor(this.db, session.session.id, 'passkey');
    return true;
  }

  /** What a browser needs to sign somebody in with a passkey. */
  async beginPasskeySignIn(headers: Headers): Promise<Response> {
    return await (await this.passkeys()).calls.generatePasskeyAuthenticationOptions({ headers, asResponse: true });
  }

  /**
   * Signs in with a passkey.
   * @returns the account and the `Set-Cookie` headers of its session; `undefined` for an answer that does not count, or a closed account
   */
  async signInByPasskey(
    headers: Headers,
    response: Record<string, unknown>,
  ): Promise<{ user: AccountUser; cookies: string[] } | undefined> {
    const answer = await (await this.passkeys()).calls.verifyPasskeyAuthentication({
      headers,
      body: { response },
      asResponse: true,
    });
    const { session } = (answer.ok ? await answer.json() : {}) as { session?: { id?: string; userId?: string } };
    const id = session?.userId;
    if (id === undefined || session?.id === undefined) {
      await noteAlone(this.db, 'session.refuse', 'unknown', { passkey: true });
      return undefined;
    }
    const user = await this.byId(id);
    if (!user || (await this.roleOf(id)) === undefined) {
      await this.db.deleteFrom('auth_session').where('userId', '=', id).execute();
      await noteAlone(this.db, 'session.refuse', id, { passkey: true });
      return undefined;
    }
    await noteFactor(this.db, session.id, 'passkey');
    await actAs({ ...whoActs(), actor: id, via: 'session' }, () =>
      noteAlone(this.db, 'session.begin', id, { passkey: true }),
    );
    return { user, cookies: [...answer.headers.getSetCookie(), this.pageTokenCookie(session.id)] };
  }

  /** Passkeys of an account, oldest first. */
  async passkeysOf(userId: string): Promise<Passkey[]> {
    const rows = await this.db
      .selectFrom('auth_passkey')
      .select(['id', 'name', 'createdAt'])
      .where('userId', '=', userId)
      .orderBy('createdAt')
      .execute();
    return rows.map(({ id, name, createdAt }) => ({
      id,
      name: name ?? '',
      createdAt: (createdAt ?? new Date(0)).toISOString(),
    }));
  }

  /** Takes a passkey of an account away; `false` where there is none of this id. */
  async removePasskey(userId: string, id: string): Promise<boolean> {
    const isGone = await this.db.transaction().execute(async (tx) => {
      const gone = await tx
        .deleteFrom('auth_passkey')
        .where('id', '=', id)
        .where('userId', '=', userId)
        .returning('id')
        .executeTakeFirst();
      if (gone) await noteEvent(tx, 'passkey.remove', userId);
      return gone !== undefined;
    });
    if (isGone && (await this.passkeysOf(userId)).length === 0) await forgetFactor(this.db, userId, 'passkey');
    return isGone;
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
    return row !== undefined && (await this.roleOf(userId)) !== undefined;
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
    if ((await this.roleOf(userId)) === undefined) return undefined;
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

  /** Sets the password of an account that is signed in. All its sessions end; the caller begins a new one. */
  async setPassword(userId: string, password: string): Promise<void> {
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
      await noteEvent(tx, 'password.set', userId);
    });
    await endOtherSessions(this.db, userId, undefined);
  }

  /** Account that an identity at a provider belongs to. */
  async byIdentity(provider: string, subject: string): Promise<AccountUser | undefined> {
    const row = await this.db
      .selectFrom('auth_account')
      .select('userId')
      .where('providerId', '=', `oidc-${provider}`)
      .where('accountId', '=', subject)
      .executeTakeFirst();
    return row && (await this.byId(row.userId));
  }

  /** Links an identity with an account; `false` where it belongs to another one. */
  async linkIdentity(userId: string, provider: string, subject: string): Promise<boolean> {
    const known = await this.byIdentity(provider, subject);
    if (known) return known.id === userId;
    await this.db.transaction().execute(async (tx) => {
      const row = {
        id: randomUUID(),
        accountId: subject,
        providerId: `oidc-${provider}`,
        userId,
        updatedAt: new Date(),
      };
      await tx
        .insertInto('auth_account')
        .values({ ...row, password: null })
        .execute();
      await noteEvent(tx, 'account.link', userId, { provider });
    });
    return true;
  }

  /** Makes an account for whom a provider vouches. `undefined` where its address belongs to another account. */
  async createFor(
    provider: string,
    identity: { subject: string; name?: string; email?: string; isConfirmed?: boolean },
  ): Promise<AccountUser | undefined> {
    const email =
      identity.email ??
      `${createHash('sha256').update(identity.subject).digest('hex').slice(0, 24)}@${provider}.invalid`;
    // An address that has an account is no proof of owning it: sign in there and link the identity.
    if (await this.byEmail(email)) return undefined;
    const user = await this.create({
      name: identity.name ?? identity.subject,
      email,
      role: 'member',
      isConfirmed: identity.isConfirmed ?? false,
    });
    await this.linkIdentity(user.id, provider, identity.subject);
    return user;
  }

  /** Identities linked with an account. */
  async identitiesOf(userId: string): Promise<{ provider: string; subject: string }[]> {
    const rows = await this.db
      .selectFrom('auth_account')
      .select(['providerId', 'accountId'])
      .where('userId', '=', userId)
      .where('providerId', 'like', 'oidc-%')
      .execute();
    return rows.map((row) => ({ provider: row.providerId.slice('oidc-'.length), subject: row.accountId }));
  }

  /**
   * Takes a linked identity away.
   * @returns `false` where there is none, `'last'` where nothing else would be left to sign in with
   */
  async unlinkIdentity(userId: string, provider: string): Promise<boolean | 'last'> {
    return await this.db.transaction().execute(async (tx) => {
      await tx.selectFrom('auth_user').select('id').where('id', '=', userId).forUpdate().execute();
      const ways = await tx
        .selectFrom('auth_account')
        .select(['id', 'providerId'])
        .where('userId', '=', userId)
        .execute();
      const linked = ways.filter(({ providerId }) => providerId === `oidc-${provider}`);
      if (linked.length === 0) return false;
      const passkey = await tx.selectFrom('auth_passkey').select('id').where('userId', '=', userId).executeTakeFirst();
      if (ways.length === linked.length && !passkey) return 'last';
      for (const { id } of linked) await tx.deleteFrom('auth_account').where('id', '=', id).execute();
      await noteEvent(tx, 'account.unlink', userId, { provider });
      return true;
    });
  }

  /** All accounts, by name. */
  async people(): Promise<(AccountUser & { isClosed: boolean; hasCodes: boolean })[]> {
    const rows = await this.db
      .selectFrom('auth_user')
      .leftJoin('second_factor', 'second_factor.user_id', 'auth_user.id')
      .select(['id', 'name', 'email', 'role', 'disabled_at', 'confirmed_at'])
      // Of whom was erased nothing is left to show.
      .where('email', 'not like', '%@erased.invalid')
      .orderBy('name')
      .limit(10_000)
      .execute();
    return rows.map(({ disabled_at, confirmed_at, ...user }) => ({
      ...user,
      isClosed: disabled_at !== null,
      hasCodes: confirmed_at !== null,
    }));
  }

  /**
   * Changes the role of an account, or closes or opens it; its sessions end, and of a closed one its tokens.
   * @returns `false` where there is none, or where the installation would be left without an owner
   */
  async change(userId: string, change: { role?: Role | undefined; isClosed?: boolean | undefined }): Promise<boolean> {
    return await this.db.transaction().execute(async (tx) => {
      // Two owners who take each other's role at once must not leave none.
      const owners = await tx
        .selectFrom('auth_user')
        .select('id')
        .where('role', '=', 'owner')
        .where('disabled_at', 'is', null)
        .forUpdate()
        .execute();
      const loses = change.isClosed === true || (change.role !== undefined && change.role !== 'owner');
      if (loses && owners.length === 1 && owners[0]!.id === userId) return false;
      const changed = await tx
        .updateTable('auth_user')
        .set({
          updatedAt: new Date(),
          ...(change.role === undefined ? {} : { role: change.role }),
          ...(change.isClosed === undefined ? {} : { disabled_at: change.isClosed ? new Date() : null }),
        })
        .where('id', '=', userId)
        .returning('id')
        .executeTakeFirst();
      if (!changed) return false;
      await tx.deleteFrom('auth_session').where('userId', '=', userId).execute();
      if (change.isClosed) await tx.deleteFrom('api_token').where('user_id', '=', userId).execute();
      await noteEvent(tx, 'account.change', userId, {
        ...(change.role === undefined ? {} : { role: change.role }),
        ...(change.isClosed === undefined ? {} : { closed: change.isClosed }),
      });
      return true;
    });
  }

  /** Role of an account that is open; asked for on every request, so that what is taken away is gone at once. */
  private async roleOf(userId: string): Promise<Role | undefined> {
    const row = await this.db
      .selectFrom('auth_user')
      .select('role')
      .where('id', '=', userId)
      .where('disabled_at', 'is', null)
      .executeTakeFirst();
    return row?.role;
  }

  /** As `roleOf`, with what a session has shown besides a password: in one question, for it is asked on every request. */
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
