import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which state of the terms was agreed to with a request for access, and what these said of data use. */
const statement = `alter table access_request
  add column terms_version text not null default '', add column data_use jsonb not null default '[]'`;

/** Terms of data use that requests for access agree to. */
export const dataUseMigration: Migration = {
  async up(db: Kysely<never>) {
    await sql.raw(statement).execute(db);
  },
};
