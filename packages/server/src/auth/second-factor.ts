import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';
import type { Notices } from '../notices/notices.ts';
import { secretHash } from './secrets.ts';
import { base32, sealed, stepOfCode, unsealed } from './totp.ts';

/** How many recovery codes of an account were not used yet. */
async function codesLeft(db: Kysely<Tables>, userId: string): Promise<number> {
  const row = await db
    .selectFrom('recovery_code')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Second factors: codes of an authenticator app (RFC 6238), and recovery codes that count once. */
export class SecondFactor {
  private readonly db: Database;
  private readonly installationSecret: string;
  private readonly notices: Notices;
  private readonly now: () => number;

  /** @param notices tell the account of each change */
  constructor(db: Database, installationSecret: string, notices: Notices, now: () => number = Date.now) {
    this.db = db;
    this.notices = notices;
    this.installationSecret = installationSecret;
    this.now = now;
  }

  /** Must this account show a code? */
  async isOn(userId: string): Promise<boolean> {
    const row = await this.row(userId);
    return row?.confirmed_at != null;
  }

  /** How many recovery codes were not used yet. */
  async codesLeft(userId: string): Promise<number> {
    return await codesLeft(this.db, userId);
  }

  /** A new secret for the app; it counts once a code of it was shown. An app that is confirmed must be taken off first. */
  async begin(userId: string): Promise<{ key: string } | undefined> {
    if (await this.isOn(userId)) return undefined;
    const secret = randomBytes(20);
    const row = { user_id: userId, secret: sealed(secret, this.installationSecret), confirmed_at: null, last_step: 0 };
    await this.db
      .insertInto('second_factor')
      .values(row)
      .onConflict((conflict) => conflict.column('user_id').doUpdateSet(row))
      .execute();
    return { key: base32(secret) };
  }

  /** Switches it on with the first code. @returns recovery codes, shown once; `undefined` for a wrong code */
  async confirm(userId: string, code: string): Promise<string[] | undefined> {
    if ((await this.isOn(userId)) || !(await this.useCode(userId, code))) return undefined;
    const codes = Array.from({ length: 10 }, () => base32(randomBytes(10)).slice(0, 12).toLowerCase());
    await this.db.transaction().execute(async (tx) => {
      await tx.updateTable('second_factor').set({ confirmed_at: new Date() }).where('user_id', '=', userId).execute();
      await tx.deleteFrom('recovery_code').where('user_id', '=', userId).execute();
      await tx
        .insertInto('recovery_code')
        .values(codes.map((one) => ({ user_id: userId, code_hash: secretHash(one) })))
        .execute();
      await this.notices.tellOfAccount(userId, 'second-factor-on', tx);
      await noteEvent(tx, 'second-factor.on', userId);
    });
    return codes;
  }

  /** Does the code count? A code of the app counts once, a recovery code too. */
  async check(userId: string, code: string): Promise<boolean> {
    if (await this.useCode(userId, code)) return true;
    return await this.db.transaction().execute(async (tx) => {
      const used = await tx
        .deleteFrom('recovery_code')
        .where('user_id', '=', userId)
        .where('code_hash', '=', secretHash(code.replaceAll(/[\s-]/g, '').toLowerCase()))
        .returning('user_id')
        .executeTakeFirst();
      if (!used) return false;
      await this.notices.tellOfAccount(userId, 'recovery-code-used', tx, { left: await codesLeft(tx, userId) });
      return true;
    });
  }

  /** Switches it off. The caller has checked a code, or is the operator. */
  async off(userId: string): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      const had = await tx
        .deleteFrom('second_factor')
        .where('user_id', '=', userId)
        .returning('confirmed_at')
        .executeTakeFirst();
      await tx.deleteFrom('recovery_code').where('user_id', '=', userId).execute();
      if (had?.confirmed_at != null) await this.notices.tellOfAccount(userId, 'second-factor-off', tx);
      await noteEvent(tx, 'second-factor.off', userId);
    });
  }

  private async useCode(userId: string, code: string): Promise<boolean> {
    const row = await this.row(userId);
    if (!row) return false;
    const secret = unsealed(row.secret, this.installationSecret);
    const step = stepOfCode(secret, code, this.now(), row.last_step);
    if (step === undefined) return false;
    // Of two who show one code at once, one gets in.
    const taken = await this.db
      .updateTable('second_factor')
      .set({ last_step: step })
      .where('user_id', '=', userId)
      .where('last_step', '<', step)
      .returning('user_id')
      .executeTakeFirst();
    return taken !== undefined;
  }

  private async row(userId: string) {
    return await this.db.selectFrom('second_factor').selectAll().where('user_id', '=', userId).executeTakeFirst();
  }
}
