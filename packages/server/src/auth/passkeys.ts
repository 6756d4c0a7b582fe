import { actAs, whoActs } from '../audit/acting.ts';
import { noteAlone, noteEvent } from '../audit/audit-log.ts';
import type { Accounts, AccountUser, Caller } from './accounts.ts';
import type { AuthSettings } from './auth-library.ts';
import type { openPasskeys } from './passkey-library.ts';
import type { Notices } from '../notices/notices.ts';
import { forgetFactor, noteFactor } from './sessions.ts';

/** A passkey of an account. */
export interface Passkey {
  id: string;
  name: string;
  /** ISO 8601. */
  createdAt: string;
}

/** Passkeys of accounts: made, used for signing in, taken away. */
export class Passkeys {
  private readonly accounts: Accounts;
  private readonly settings: AuthSettings;
  private readonly host: string;
  private loaded: Promise<ReturnType<typeof openPasskeys>> | undefined;

  /** @param host name by which the pages are reached; passkeys count for it alone */
  constructor(accounts: Accounts, settings: AuthSettings, host: string) {
    this.accounts = accounts;
    this.settings = settings;
    this.host = host;
  }

  /** The library, loaded when somebody first asks for it, as that of accounts is. */
  private library(): Promise<ReturnType<typeof openPasskeys>> {
    this.loaded ??= import('./passkey-library.ts').then((loaded) => loaded.openPasskeys(this.settings, this.host));
    return this.loaded;
  }

  /** Tables and columns that the library wants and our migrations did not make; a test holds that there are none. */
  async missingTables(): Promise<string[]> {
    return await (await this.library()).missingTables();
  }

  /** What a browser needs to make a passkey for the account of a session; refused with a session older than a day. */
  async begin(headers: Headers): Promise<Response> {
    return await (await this.library()).calls.generatePasskeyRegistrationOptions({
      headers,
      query: {},
      asResponse: true,
    });
  }

  /** Keeps the passkey that a browser made, and tells the account. @returns `false` where its answer fits no question of ours */
  async keep(
    headers: Headers,
    caller: Caller,
    { response, name }: { response: unknown; name: string },
    notices: Notices,
  ): Promise<boolean> {
    const answer = await (await this.library()).calls.verifyPasskeyRegistration({
      headers,
      body: { response, name },
      asResponse: true,
    });
    if (!answer.ok) return false;
    await this.settings.db.transaction().execute(async (tx) => {
      await notices.tellOfAccount(caller.user.id, 'passkey-added', tx);
      await noteEvent(tx, 'passkey.add', caller.user.id);
    });
    // Who made it just now has shown it.
    if (caller.session) await noteFactor(this.settings.db, caller.session.id, 'passkey');
    return true;
  }

  /** What a browser needs to sign somebody in with a passkey. */
  async beginSignIn(headers: Headers): Promise<Response> {
    return await (await this.library()).calls.generatePasskeyAuthenticationOptions({ headers, asResponse: true });
  }

  /**
   * Signs in with a passkey.
   * @returns the account and the `Set-Cookie` headers of its session; `undefined` for an answer that does not count, or a closed account
   */
  async signIn(
    headers: Headers,
    response: Record<string, unknown>,
  ): Promise<{ user: AccountUser; cookies: string[] } | undefined> {
    const answer = await (await this.library()).calls.verifyPasskeyAuthentication({
      headers,
      body: { response },
      asResponse: true,
    });
    const { session } = (answer.ok ? await answer.json() : {}) as { session?: { id?: string; userId?: string } };
    const id = session?.userId;
    if (id === undefined || session?.id === undefined) {
      await noteAlone(this.settings.db, 'session.refuse', 'unknown', { passkey: true });
      return undefined;
    }
    const user = await this.accounts.byId(id);
    if (!user || !(await this.accounts.isOpen(id))) {
      await this.settings.db.deleteFrom('auth_session').where('userId', '=', id).execute();
      await noteAlone(this.settings.db, 'session.refuse', id, { passkey: true });
      return undefined;
    }
    await noteFactor(this.settings.db, session.id, 'passkey');
    await actAs({ ...whoActs(), actor: id, via: 'session' }, () =>
      noteAlone(this.settings.db, 'session.begin', id, { passkey: true }),
    );
    return { user, cookies: [...answer.headers.getSetCookie(), this.accounts.pageTokenCookie(session.id)] };
  }

  /** Passkeys of an account, oldest first. */
  async of(userId: string): Promise<Passkey[]> {
    const rows = await this.settings.db
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

  /** Takes a passkey of an account away, and tells the account; `false` where there is none of this id. */
  async remove(userId: string, id: string, notices: Notices): Promise<boolean> {
    const isGone = await this.settings.db.transaction().execute(async (tx) => {
      const gone = await tx
        .deleteFrom('auth_passkey')
        .where('id', '=', id)
        .where('userId', '=', userId)
        .returning('id')
        .executeTakeFirst();
      if (gone) {
        await notices.tellOfAccount(userId, 'passkey-removed', tx);
        await noteEvent(tx, 'passkey.remove', userId);
      }
      return gone !== undefined;
    });
    if (isGone && (await this.of(userId)).length === 0) await forgetFactor(this.settings.db, userId, 'passkey');
    return isGone;
  }
}
