import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What the operator says about the requirements of trustworthy archives; what the software knows is counted when asked. */
const statements = [
  `create table assessment_answer (
    requirement text primary key,
    text text not null,
    rating text check (rating in ('in-progress', 'implemented')),
    changed_at timestamptz not null default now()
  )`,
];

/** Answers of the self-assessment. */
export const assessmentMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
