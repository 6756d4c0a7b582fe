import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Links by which people without an account read what is not public yet. Of the secret in a link only the hash is stored. */
const statements = [
  `create table private_link (
    id text primary key,
    accession text not null references study on delete cascade,
    version integer not null check (version > 0),
    secret_hash text not null unique,
    label text not null,
    hides_names boolean not null,
    made_by text references auth_user on delete set null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    opened integer not null default 0
  )`,
  `create index private_link_study on private_link (accession)`,
];

/** Private links. */
export const privateLinksMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
