import type { Role } from '@micrarium/repository';
import type { Transaction } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';
import type { Notices } from '../notices/notices.ts';
import type { AccountUser } from './accounts.ts';

/** All accounts, by name. */
export async function everyAccount(db: Database): Promise<(AccountUser & { isClosed: boolean; hasCodes: boolean })[]> {
  const rows = await db
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
 * Is this person the only owner of the installation? Until the transaction ends nobody else changes who is: two owners who take each other's
 * role at once must not leave none.
 */
export async function isLastOwner(tx: Transaction<Tables>, userId: string): Promise<boolean> {
  const owners = await tx
    .selectFrom('auth_user')
    .select('id')
    .where('role', '=', 'owner')
    .where('disabled_at', 'is', null)
    .forUpdate()
    .execute();
  return owners.length === 1 && owners[0]!.id === userId;
}

/**
 * Changes the role of an account, or closes or opens it; its sessions end, and of a closed one its tokens. Whose role changed is told.
 * @returns `false` where there is none, or where the installation would be left without an owner
 */
export async function changePerson(
  db: Database,
  userId: string,
  change: { role?: Role | undefined; isClosed?: boolean | undefined },
  notices: Pick<Notices, 'tellOfAccount'>,
): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const loses = change.isClosed === true || (change.role !== undefined && change.role !== 'owner');
    if ((await isLastOwner(tx, userId)) && loses) return false;
    const before = await tx
      .selectFrom('auth_user')
      .select('role')
      .where('id', '=', userId)
      .forUpdate()
      .executeTakeFirst();
    const isOther = change.role !== undefined && change.role !== before?.role;
    // Who has the role already, and stays open, is not signed out for nothing.
    if (before && change.role !== undefined && !isOther && change.isClosed === undefined) return true;
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
    if (isOther) await notices.tellOfAccount(userId, 'role-changed', tx, { decision: change.role! });
    return true;
  });
}
