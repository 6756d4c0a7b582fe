import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { Notices } from '../notices/notices.ts';
import { newSecret, secretHash } from './secrets.ts';

/** Minutes a link to set a new password counts. */
const validMinutes = 60;

/** Makes the secret of such a link; stored as a hash. Older links of the account count no more. */
export async function makeReset(db: Database, userId: string): Promise<string> {
  const secret = newSecret();
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('password_reset').where('user_id', '=', userId).execute();
    await tx
      .insertInto('password_reset')
      .values({
        secret_hash: secretHash(secret),
        user_id: userId,
        expires_at: new Date(Date.now() + validMinutes * 60_000),
      })
      .execute();
    await noteEvent(tx, 'password.ask', userId);
  });
  return secret;
}

/**
 * Sets a password with such a secret: once, while it counts. All sessions of the account end, and it is told.
 * @param hash of the new password
 * @returns `false` where the secret counts no more, or is none
 */
export async function useReset(db: Database, notices: Notices, secret: string, hash: string): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const used = await tx
      .updateTable('password_reset')
      .set({ used_at: new Date() })
      .where('secret_hash', '=', secretHash(secret))
      .where('used_at', 'is', null)
      .where('expires_at', '>', sql<Date>`now()`)
      // One that was made by a clock years ahead would count for years.
      .where('expires_at', '<', sql<Date>`now() + interval '1 day'`)
      .returning('user_id')
      .executeTakeFirst();
    if (!used) return false;
    await tx
      .updateTable('auth_account')
      .set({ password: hash, updatedAt: new Date() })
      .where('userId', '=', used.user_id)
      .where('providerId', '=', 'credential')
      .execute();
    await tx.deleteFrom('auth_session').where('userId', '=', used.user_id).execute();
    await notices.tellOfAccount(used.user_id, 'password-changed', tx);
    await noteEvent(tx, 'password.set', used.user_id);
    return true;
  });
}
