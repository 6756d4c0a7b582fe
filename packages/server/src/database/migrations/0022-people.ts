import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Invitations, groups, shared studies, second factors. Secrets are stored as hashes, those that must be read again encrypted. */
const statements = [
  `alter table auth_user drop constraint auth_user_role_check`,
  `alter table auth_user add constraint auth_user_role_check check ("role" in ('owner', 'curator', 'member'))`,
  `alter table auth_user add column disabled_at timestamptz`,
  `create table invitation (
    id text primary key,
    secret_hash text not null unique,
    role text not null check (role in ('owner', 'curator', 'member')),
    email text,
    made_by text references auth_user on delete set null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    used_by text references auth_user on delete set null
  )`,
  `create table team (
    id text primary key,
    name text not null,
    created_at timestamptz not null default now()
  )`,
  `create table team_member (
    team_id text not null references team on delete cascade,
    user_id text not null references auth_user on delete cascade,
    leads boolean not null default false,
    primary key (team_id, user_id)
  )`,
  `create index team_member_user on team_member (user_id)`,
  `create table study_share (
    id text primary key,
    accession text not null references study on delete cascade,
    user_id text references auth_user on delete cascade,
    team_id text references team on delete cascade,
    access text not null check (access in ('view', 'edit')),
    created_at timestamptz not null default now(),
    check ((user_id is null) <> (team_id is null)),
    unique (accession, user_id),
    unique (accession, team_id)
  )`,
  `create table second_factor (
    user_id text primary key references auth_user on delete cascade,
    secret text not null,
    confirmed_at timestamptz,
    last_step bigint not null default 0
  )`,
  `create table recovery_code (
    user_id text not null references auth_user on delete cascade,
    code_hash text not null,
    primary key (user_id, code_hash)
  )`,
  `create unique index auth_account_identity on auth_account ("providerId", "accountId") where "providerId" <> 'credential'`,
];

/** People beyond the owner. */
export const peopleMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
