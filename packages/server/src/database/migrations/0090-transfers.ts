import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Offers of studies to a new owner. One at a time is open for a study. */
const statements = [
  `create table study_transfer (
    id text primary key,
    accession text not null references study on delete cascade,
    from_user text references auth_user on delete set null,
    to_user text not null references auth_user on delete cascade,
    offered_by text references auth_user on delete set null,
    text text not null default '',
    keeps_editing boolean not null,
    state text not null check (state in ('offered', 'accepted', 'declined', 'withdrawn')),
    offered_at timestamptz not null default now(),
    decided_at timestamptz
  )`,
  `create unique index study_transfer_open on study_transfer (accession) where state = 'offered'`,
  `create index study_transfer_to on study_transfer (to_user)`,
];

/** Transfers. */
export const transfersMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
