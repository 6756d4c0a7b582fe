import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { newSecret, secretHash } from './secrets.ts';

/** Hours a link that confirms an address counts. */
const validHours = 24;

/** Makes the secret of such a link; stored as a hash. Older links of the account count no more. */
export async function makeAddressCheck(db: Database, userId: string, email: string): Promise<string> {
  const secret = newSecret();
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('address_check').where('user_id', '=', userId).execute();
    await tx
      .insertInto('address_check')
      .values({
        secret_hash: secretHash(secret),
        user_id: userId,
        email,
        expires_at: new Date(Date.now() + validHours * 3_600_000),
      })
      .execute();
    await noteEvent(tx, 'address.ask', userId);
  });
  return secret;
}

/** Confirms the address a link was sent to: once, while it counts, and while it still is that of the account. */
export async function useAddressCheck(db: Database, secret: string): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const used = await tx
      .updateTable('address_check')
      .set({ used_at: new Date() })
      .where('secret_hash', '=', secretHash(secret))
      .where('used_at', 'is', null)
      .where('expires_at', '>', sql<Date>`now()`)
      // One that was made by a clock years ahead would count for years.
      .where('expires_at', '<', sql<Date>`now() + ${`${validHours + 24} hours`}::interval`)
      .returning(['user_id', 'email'])
      .executeTakeFirst();
    if (!used) return false;
    const confirmed = await tx
      .updateTable('auth_user')
      .set({ emailVerified: true, updatedAt: new Date() })
      .where('id', '=', used.user_id)
      .where('email', '=', used.email)
      .returning('id')
      .executeTakeFirst();
    if (confirmed) await noteEvent(tx, 'address.confirm', used.user_id);
    return confirmed !== undefined;
  });
}
