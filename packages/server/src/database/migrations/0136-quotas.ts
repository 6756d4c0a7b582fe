import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * How many bytes may be deposited: `default` for every person, `user:ID` for one person, `group:ID` for the studies that are
 * shared with a group. No bytes: no limit, said on purpose.
 */
const statements = [
  `create table storage_quota (
    subject text primary key,
    bytes bigint check (bytes >= 0),
    changed_at timestamptz not null default now()
  )`,
];

/** Quotas of storage. */
export const quotasMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
