import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Bytes that are kept and given to nobody, by digest: wherever they were published, by whatever name. */
const statements = [
  `create table file_quarantine (
    sha256 text primary key,
    reason text not null,
    placed_by text not null,
    placed_at timestamptz not null default now()
  )`,
];

/** Files in quarantine. */
export const quarantineMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
