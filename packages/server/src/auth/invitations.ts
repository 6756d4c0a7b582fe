import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { AccountUser } from './accounts.ts';
import { newSecret, secretHash } from './secrets.ts';

/** Days an invitation is valid. */
export const invitationDays = 14;

/** An invitation, without its secret. */
export interface Invitation {
  id: string;
  role: AccountUser['role'];
  /** Whom it is for; the account is made with this address and no other. */
  email?: string;
  createdAt: string;
  expiresAt: string;
}

/** Makes an invitation; its secret is given back once and stored as a hash. */
export async function invite(
  db: Database,
  madeBy: string,
  wanted: { role: AccountUser['role']; email?: string | undefined },
): Promise<{ invitation: Invitation; secret: string }> {
  const secret = newSecret();
  const id = randomUUID();
  const expiresAt = new Date(Date.now() + invitationDays * 86_400_000);
  const email = wanted.email?.toLowerCase();
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('invitation')
      .values({
        id,
        secret_hash: secretHash(secret),
        role: wanted.role,
        email: email ?? null,
        made_by: madeBy,
        // With the clock that the end is reckoned by: that of the database may differ, and one far ahead would make it count for years.
        created_at: new Date(),
        expires_at: expiresAt,
        used_at: null,
        used_by: null,
      })
      .execute();
    await noteEvent(tx, 'invitation.make', id, { role: wanted.role });
  });
  const invitation = {
    id,
    role: wanted.role,
    createdAt: new Date().toISOString(),
    expiresAt: expiresAt.toISOString(),
    ...(email === undefined ? {} : { email }),
  };
  return { invitation, secret };
}

/** Invitations that can still be used, newest first. */
export async function openInvitations(db: Database): Promise<Invitation[]> {
  const rows = await db
    .selectFrom('invitation')
    .selectAll()
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .orderBy('created_at', 'desc')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    role: row.role,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    ...(row.email === null ? {} : { email: row.email }),
  }));
}

/** Takes an invitation back; `false` where it was used or is none. */
export async function takeBackInvitation(db: Database, id: string): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const gone = await tx
      .deleteFrom('invitation')
      .where('id', '=', id)
      .where('used_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (gone) await noteEvent(tx, 'invitation.take-back', id);
    return gone !== undefined;
  });
}

/**
 * Takes an invitation for oneself: given to exactly one caller, while it is valid.
 * @returns `isForAddress`: it was made for this address, so that nobody has to ask whose it is
 */
export async function claimInvitation(
  db: Database,
  secret: string,
  email: string,
): Promise<{ id: string; role: AccountUser['role']; isForAddress: boolean } | undefined> {
  const claimed = await db
    .updateTable('invitation')
    .set({ used_at: new Date() })
    .where('secret_hash', '=', secretHash(secret))
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    // One that was made by a clock years ahead would count for years.
    .where('created_at', '<', sql<Date>`now() + interval '1 day'`)
    .where((where) => where.or([where('email', 'is', null), where('email', '=', email.toLowerCase())]))
    .returning(['id', 'role', 'email'])
    .executeTakeFirst();
  return claimed && { id: claimed.id, role: claimed.role, isForAddress: claimed.email !== null };
}

/** Notes who used an invitation; left out, it was not used after all and can be used again. */
export async function settleInvitation(db: Database, id: string, userId?: string): Promise<void> {
  await db
    .updateTable('invitation')
    .set(userId === undefined ? { used_at: null } : { used_by: userId })
    .where('id', '=', id)
    .execute();
}
