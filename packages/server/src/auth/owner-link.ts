import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { newSecret, secretHash } from './secrets.ts';

/** Minutes an owner link is valid. */
export const ownerLinkMinutes = 60;

/** Is there an owner account? */
export async function hasOwner(db: Database): Promise<boolean> {
  return (await db.selectFrom('auth_user').select('id').where('role', '=', 'owner').executeTakeFirst()) !== undefined;
}

/**
 * Makes the token of an owner link. Links printed earlier end with it.
 * @param keepsOthers but those of other processes, which start beside this one, stay valid for their time
 */
export async function makeOwnerToken(db: Database, keepsOthers = false): Promise<string> {
  const token = newSecret();
  await db.transaction().execute(async (tx) => {
    const earlier = tx.deleteFrom('owner_link');
    await (keepsOthers ? earlier.where('expires_at', '<', new Date()) : earlier).execute();
    await tx
      .insertInto('owner_link')
      .values({
        secret_hash: secretHash(token),
        expires_at: new Date(Date.now() + ownerLinkMinutes * 60_000),
        used_at: null,
      })
      .execute();
  });
  return token;
}

/** Takes the token for oneself: `true` for exactly one caller, while it is valid and there is no owner. */
export async function claimOwnerToken(db: Database, token: string): Promise<boolean> {
  const { rows } = await sql`update owner_link set used_at = now()
    where secret_hash = ${secretHash(token)} and used_at is null and expires_at > now()
      and expires_at < now() + interval '1 day'
      and not exists (select 1 from auth_user where role = 'owner') returning 1`.execute(db);
  return rows.length === 1;
}

/** Gives a claimed token back, when the account could not be made with it. */
export async function releaseOwnerToken(db: Database, token: string): Promise<void> {
  await db.updateTable('owner_link').set({ used_at: null }).where('secret_hash', '=', secretHash(token)).execute();
}
