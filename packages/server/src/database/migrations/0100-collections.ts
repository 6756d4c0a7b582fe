import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Curated lists of studies. */
const statements = [
  `create sequence collection_number`,
  `create table collection (
    id text primary key,
    title text not null,
    text text not null,
    owner_id text references auth_user on delete set null,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now()
  )`,
  `create index collection_changed on collection (changed_at desc)`,
  `create table collection_entry (
    collection_id text not null references collection on delete cascade,
    accession text not null references study on delete cascade,
    position integer not null,
    remark text not null,
    primary key (collection_id, accession)
  )`,
  `create index collection_entry_accession on collection_entry (accession)`,
];

/** Collections. */
export const collectionsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
