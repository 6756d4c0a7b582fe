import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  `alter table audit_origin add column request_id text`,
  // A request has an id also where its network is not known.
  `alter table audit_origin alter column network drop not null`,
];

/** Ids of the requests of which events of the audit log came, by which these are joined with the log of faults. */
export const requestIdsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
