import { createHash, randomUUID } from 'node:crypto';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { Notices } from '../notices/notices.ts';
import type { Accounts, AccountUser } from './accounts.ts';

/** Account that an identity at a provider belongs to. */
export async function accountOfIdentity(
  db: Database,
  provider: string,
  subject: string,
): Promise<AccountUser | undefined> {
  return await db
    .selectFrom('auth_account')
    .innerJoin('auth_user', 'auth_user.id', 'auth_account.userId')
    .select(['auth_user.id', 'name', 'email', 'role'])
    .where('providerId', '=', `oidc-${provider}`)
    .where('accountId', '=', subject)
    .executeTakeFirst();
}

/**
 * Links an identity with an account; `false` where it belongs to another one.
 * @param notices tell the account; left out for one that is just made
 */
export async function linkIdentity(
  db: Database,
  userId: string,
  { provider, subject }: { provider: string; subject: string },
  notices?: Notices,
): Promise<boolean> {
  const known = await accountOfIdentity(db, provider, subject);
  if (known) return known.id === userId;
  await db.transaction().execute(async (tx) => {
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
    await notices?.tellOfAccount(userId, 'identity-linked', tx, { provider });
    await noteEvent(tx, 'account.link', userId, { provider });
  });
  return true;
}

/** Makes an account for whom a provider vouches. `undefined` where its address belongs to another account. */
export async function createForIdentity(
  db: Database,
  accounts: Accounts,
  provider: string,
  identity: { subject: string; name?: string; email?: string; isConfirmed?: boolean },
): Promise<AccountUser | undefined> {
  const email =
    identity.email ?? `${createHash('sha256').update(identity.subject).digest('hex').slice(0, 24)}@${provider}.invalid`;
  // An address that has an account is no proof of owning it: sign in there and link the identity.
  if (await accounts.byEmail(email)) return undefined;
  const user = await accounts.create({
    name: identity.name ?? identity.subject,
    email,
    role: 'member',
    isConfirmed: identity.isConfirmed ?? false,
  });
  await linkIdentity(db, user.id, { provider, subject: identity.subject });
  return user;
}

/** Identities linked with an account. */
export async function identitiesOf(db: Database, userId: string): Promise<{ provider: string; subject: string }[]> {
  const rows = await db
    .selectFrom('auth_account')
    .select(['providerId', 'accountId'])
    .where('userId', '=', userId)
    .where('providerId', 'like', 'oidc-%')
    .execute();
  return rows.map((row) => ({ provider: row.providerId.slice('oidc-'.length), subject: row.accountId }));
}

/**
 * Takes a linked identity away, and tells the account.
 * @returns `false` where there is none, `'last'` where nothing else would be left to sign in with
 */
export async function unlinkIdentity(
  db: Database,
  notices: Notices,
  userId: string,
  provider: string,
): Promise<boolean | 'last'> {
  return await db.transaction().execute(async (tx) => {
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
    await notices.tellOfAccount(userId, 'identity-unlinked', tx, { provider });
    await noteEvent(tx, 'account.unlink', userId, { provider });
    return true;
  });
}
