import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** By which signatures bytes were searched, as the scanner names them: what is published is searched again by later ones. */
export const scanSignaturesMigration: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table blob_scan add column signatures text`.execute(db);
  },
};
