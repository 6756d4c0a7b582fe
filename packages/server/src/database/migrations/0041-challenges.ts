import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Results submitted to a challenge. What is ground truth and how it is scored stands in the metadata of the study; here stand the
 * submissions, each with the scores of the version it was scored on.
 */
const statements = [
  `create table challenge_submission (
    id text primary key,
    accession text not null references study on delete cascade,
    label text not null,
    result_accession text not null references study on delete cascade,
    result_version integer not null check (result_version > 0),
    results jsonb not null,
    submitted_by text references auth_user on delete set null,
    state text not null default 'queued' check (state in ('queued', 'scored', 'failed')),
    reference_version integer,
    scores jsonb not null default '[]',
    created_at timestamptz not null default now(),
    scored_at timestamptz,
    unique (accession, result_accession, label)
  )`,
  `create index challenge_submission_result on challenge_submission (result_accession)`,
];

/** Challenges. */
export const challengesMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
