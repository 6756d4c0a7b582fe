import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a virus scanner said of stored bytes, and when; nothing of bytes it has not seen. */
const statements = [
  `create table blob_scan (
    sha256 text primary key,
    state text not null check (state in ('clean', 'found', 'too-large')),
    signature text check ((signature is not null) = (state = 'found')),
    scanned_at timestamptz not null
  )`,
  `create index blob_scan_found on blob_scan (sha256) where state = 'found'`,
];

/** Scans of stored bytes. */
export const scansMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
