import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Requests of curators with a due date, drafts that change metadata only, and passkeys. */
const statements = [
  `create table curator_request (
    id text primary key,
    accession text not null references study on delete cascade,
    kind text not null check (kind in ('originals', 'metadata')),
    text text not null,
    due date not null,
    state text not null check (state in ('open', 'done', 'withdrawn')),
    answer text not null default '',
    asked_by text references auth_user on delete set null,
    asked_at timestamptz not null default now(),
    closed_at timestamptz
  )`,
  `create index curator_request_accession on curator_request (accession, asked_at)`,
  `create index curator_request_due on curator_request (due) where state = 'open'`,
  `create table draft_revision (
    draft_id text collate "C" primary key references draft on delete cascade
  )`,
  `create table auth_passkey (
    id text primary key,
    name text,
    "publicKey" text not null,
    "userId" text not null references auth_user on delete cascade,
    "credentialID" text not null,
    counter integer not null,
    "deviceType" text not null,
    "backedUp" boolean not null,
    transports text,
    "createdAt" timestamptz default now(),
    aaguid text
  )`,
  `create index auth_passkey_user on auth_passkey ("userId")`,
  `create index auth_passkey_credential on auth_passkey ("credentialID")`,
];

/** Requests of curators, metadata-only drafts, passkeys. */
export const requestsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
