import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Groups that show themselves: a page each, and the studies they accept. */
const statements = [
  `create table community (
    slug text primary key,
    team_id text not null unique references team on delete cascade,
    title text not null,
    text text not null,
    website text not null,
    colour text not null,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now()
  )`,
  `create table community_study (
    slug text not null references community on delete cascade,
    accession text not null references study on delete cascade,
    state text not null check (state in ('submitted', 'accepted', 'declined')),
    reason text not null default '',
    submitted_by text references auth_user on delete set null,
    submitted_at timestamptz not null default now(),
    decided_by text,
    decided_at timestamptz,
    primary key (slug, accession)
  )`,
  `create index community_study_accession on community_study (accession)`,
];

/** Communities. */
export const communitiesMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
