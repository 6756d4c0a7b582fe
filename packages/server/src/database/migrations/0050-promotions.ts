import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Drafts that bring their study into the database tier, with the curator who began it and is credited. */
const statements = [
  `create table promotion (
    draft_id text collate "C" primary key references draft on delete cascade,
    accession text not null references study on delete cascade,
    curator text not null,
    started_at timestamptz not null default now()
  )`,
  `create index promotion_accession on promotion (accession)`,
];

/** Promotion to the database tier. */
export const promotionsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
