import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  // Drafts whose depositor declared that persons can be recognised who did not consent: when their files go.
  `create table draft_deletion (
    draft_id text collate "C" primary key references draft on delete cascade,
    declared_at timestamptz not null,
    due_at timestamptz not null
  )`,
  `create index draft_deletion_due on draft_deletion (due_at)`,
  // With the state of a study, so that it goes to the archive with it: why a curator hides the mark of the database tier, and what was made of
  // items of closed studies and is open all the same, because a curator declared it safe.
  `alter table study_state add column hidden_badge jsonb`,
  `alter table study_state add column safe jsonb not null default '[]'`,
];

/** Ends of drafts without consent, hidden marks of the database tier, and renderings that a curator declared safe. */
export const withoutConsentMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
