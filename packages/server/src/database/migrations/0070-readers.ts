import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What readers say of a study: questions to its authors, and where they used it again. */
const statements = [
  `create table study_question (
    id text primary key,
    accession text not null references study on delete cascade,
    version integer not null,
    text text not null,
    asked_by text references auth_user on delete set null,
    asker_name text not null,
    asker_email text,
    secret_hash text unique,
    state text not null check (state in ('unconfirmed', 'open', 'answered')),
    asker_agrees boolean not null,
    author_agrees boolean not null default false,
    answer text,
    answered_by text,
    answered_at timestamptz,
    asked_at timestamptz not null default now()
  )`,
  `create index study_question_accession on study_question (accession, asked_at)`,
  `create index study_question_asker on study_question (asked_by, asked_at)`,
  `create index study_question_email on study_question (asker_email, asked_at)`,
  `create table study_reuse (
    id text primary key,
    accession text not null references study on delete cascade,
    version integer not null,
    kind text not null check (kind in ('paper', 'study', 'analysis')),
    identifier text not null,
    title text not null,
    remark text not null default '',
    state text not null check (state in ('reported', 'confirmed', 'declined')),
    reason text not null default '',
    reported_by text references auth_user on delete set null,
    reported_at timestamptz not null default now(),
    decided_by text,
    decided_at timestamptz,
    unique (accession, identifier)
  )`,
  `create index study_reuse_reporter on study_reuse (reported_by, reported_at)`,
];

/** Questions and reuse. */
export const readersMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
