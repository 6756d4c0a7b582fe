import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  `create table upload_part (
    upload_id text collate "C" not null references upload on delete cascade,
    part integer not null,
    sha256 text not null,
    primary key (upload_id, part)
  )`,
  // The length of such an upload comes with its bytes.
  `alter table upload add column is_deferred boolean not null default false`,
  `create index upload_place on upload (draft_id, path, created_at)`,
];

/** Digests of the parts of uploads, by which they are proved to be the same when somebody goes on with them; uploads whose length comes later. */
export const uploadPartsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
