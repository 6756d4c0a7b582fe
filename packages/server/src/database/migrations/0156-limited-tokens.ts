import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Studies and communities that a token is limited to; null where it is for all its owner may. */
const statements = [
  `alter table api_token add column studies text[], add column communities text[]`,
  // Accounts of before were made with links that reached their people; later ones confirm an address nobody has vouched for.
  `update auth_user set "emailVerified" = true`,
  `create table address_check (
    secret_hash text primary key,
    user_id text not null references auth_user on delete cascade,
    email text not null,
    expires_at timestamptz not null,
    used_at timestamptz
  )`,
];

/** Tokens for a part of what somebody may do, and addresses that are confirmed. */
export const limitedTokensMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
  async down() {
    // Versions go forwards only.
  },
};
