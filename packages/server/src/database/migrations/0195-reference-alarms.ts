import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  `alter table reference_check add column wrong_since timestamptz`,
  `alter table reference_check add column told_at timestamptz`,
];

/** Since when a file that stays where it is was not found as it was named, and when those whom it concerns were told. */
export const referenceAlarmsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
