import { randomUUID } from 'node:crypto';
import type { Role, Scope } from '@micrarium/repository';
import { sql } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import { newSecret, secretHash } from './secrets.ts';

export type { Scope };

/** A token, without its secret. */
export interface ApiToken {
  id: string;
  name: string;
  scopes: Scope[];
  createdAt: string;
  expiresAt: string;
  lastUsedAt?: string;
  /** Studies and communities it is limited to, by accession and by name; left out where it is for all its owner may. */
  studies?: string[];
  communities?: string[];
}

interface TokenRow {
  id: string;
  name: string;
  scopes: Scope[];
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
  studies: string[] | null;
  communities: string[] | null;
}

function toToken(row: TokenRow): ApiToken {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    ...(row.last_used_at ? { lastUsedAt: row.last_used_at.toISOString() } : {}),
    ...(row.studies ? { studies: row.studies } : {}),
    ...(row.communities ? { communities: row.communities } : {}),
  };
}

/**
 * Scopes that a token of somebody can use: to curate is for curators and for who leads a community, to administer for owners of the
 * installation.
 */
export async function scopesFor(db: Database, user: { id: string; role: Role }): Promise<Scope[]> {
  const { rows } = await sql`select from community join team_member using (team_id)
    where user_id = ${user.id} and leads limit 1`.execute(db);
  const mayCurate = user.role !== 'member' || rows.length > 0;
  return [
    'read',
    'deposit',
    ...(mayCurate ? (['curate'] as const) : []),
    ...(user.role === 'owner' ? (['admin:*'] as const) : []),
  ];
}

/**
 * What a token is to be limited to and is not there: studies that its owner cannot see are as little there as those that nobody made.
 * @returns accessions and names of communities, in the order they were given
 */
export async function unknownLimits(
  db: Database,
  user: { id: string; role: Role },
  {
    studies = [],
    communities = [],
  }: { studies?: readonly string[] | undefined; communities?: readonly string[] | undefined },
): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select accession as name from study where accession = any(${[...studies]}::text[])
      and (${user.role !== 'member'} or owner_id = ${user.id}
        or exists (select from study_version where study_version.accession = study.accession)
        or exists (select from study_share where study_share.accession = study.accession and (user_id = ${user.id}
          or team_id in (select team_id from team_member where team_member.user_id = ${user.id}))))
    union all select slug from community where slug = any(${[...communities]}::text[])`.execute(db);
  const known = new Set(rows.map(({ name }) => name));
  return [...studies, ...communities].filter((name) => !known.has(name));
}

/** Makes a token; its secret is given back once and stored as a hash. */
export async function makeToken(
  db: Database,
  userId: string,
  wanted: {
    name: string;
    scopes: readonly Scope[];
    expiresInDays: number;
    studies?: readonly string[] | undefined;
    communities?: readonly string[] | undefined;
  },
): Promise<{ token: ApiToken; secret: string }> {
  const secret = newSecret('mic_');
  const row = await db.transaction().execute(async (tx) => {
    const made = await tx
      .insertInto('api_token')
      .values({
        id: randomUUID(),
        user_id: userId,
        name: wanted.name,
        scopes: [...new Set(wanted.scopes)],
        secret_hash: secretHash(secret),
        // With the clock that the end is reckoned by: that of the database may differ, and one far ahead would make it count for years.
        created_at: new Date(),
        expires_at: new Date(Date.now() + wanted.expiresInDays * 86_400_000),
        last_used_at: null,
        studies: wanted.studies === undefined ? null : [...new Set(wanted.studies)],
        communities: wanted.communities === undefined ? null : [...new Set(wanted.communities)],
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await noteEvent(tx, 'token.create', userId, { token: made.id, scopes: made.scopes });
    return made;
  });
  return { token: toToken(row), secret };
}

/** Tokens of a user, newest first. */
export async function listTokens(db: Database, userId: string): Promise<ApiToken[]> {
  const rows = await db
    .selectFrom('api_token')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('created_at', 'desc')
    .execute();
  return rows.map(toToken);
}

/** Revokes a token of a user; `false` where the user has none of this id. */
export async function revokeToken(db: Database, userId: string, id: string): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    const gone = await tx
      .deleteFrom('api_token')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .returning('id')
      .executeTakeFirst();
    if (gone) await noteEvent(tx, 'token.revoke', userId, { token: id });
    return gone !== undefined;
  });
}

/** Whose token this is and what it may do; `undefined` for unknown, revoked and expired ones. Notes its use once a minute. */
export async function whoseToken(
  db: Database,
  secret: string,
): Promise<
  | {
      userId: string;
      name: string;
      email: string;
      role: Role;
      scopes: Scope[];
      only?: string[];
      /** Has its account a second factor to show? */
      hasFactor: boolean;
    }
  | undefined
> {
  const row = await db
    .selectFrom('api_token')
    .innerJoin('auth_user', 'auth_user.id', 'api_token.user_id')
    .select(['api_token.id', 'user_id', 'auth_user.name', 'email', 'role', 'scopes', 'last_used_at'])
    .select(['studies', 'communities'])
    .select(
      sql<boolean>`exists (select from second_factor where user_id = auth_user.id and confirmed_at is not null)
        or exists (select from auth_passkey where "userId" = auth_user.id)`.as('has_factor'),
    )
    .where('secret_hash', '=', secretHash(secret))
    .where('expires_at', '>', sql<Date>`now()`)
    // One that was made by a clock years ahead would count for years.
    .where('api_token.created_at', '<', sql<Date>`now() + interval '1 day'`)
    .where('auth_user.disabled_at', 'is', null)
    .executeTakeFirst();
  if (!row) return undefined;
  if (!row.last_used_at || Date.now() - row.last_used_at.getTime() > 60_000) {
    await db.updateTable('api_token').set({ last_used_at: new Date() }).where('id', '=', row.id).execute();
  }
  const only = await limitOf(db, row);
  return {
    userId: row.user_id,
    name: row.name,
    email: row.email,
    role: row.role,
    scopes: row.scopes,
    hasFactor: row.has_factor,
    ...(only === undefined ? {} : { only }),
  };
}

/** Accessions a token is limited to: those it names, and what its communities have taken in by now. */
async function limitOf(
  db: Database,
  { studies, communities }: Pick<TokenRow, 'studies' | 'communities'>,
): Promise<string[] | undefined> {
  if (studies === null && communities === null) return undefined;
  if (communities === null || communities.length === 0) return studies ?? [];
  const taken = await db
    .selectFrom('community_study')
    .select('accession')
    .where('slug', 'in', communities)
    .where('state', '=', 'accepted')
    .execute();
  return [...(studies ?? []), ...taken.map(({ accession }) => accession)];
}
