import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  // How narrow a study is that a curator closed; what its depositor declared stands in the declaration.
  `alter table study_state add column level text check (level in ('registered', 'controlled', 'closed'))`,
  // Nobody but those inside knows of the study before the day its embargo ends.
  `alter table study_state add column is_private boolean not null default false`,
  `alter table draft_release add column is_private boolean not null default false`,
  `create index study_state_embargoed on study_state (until) where state = 'embargoed'`,
  `create table terms_accepted (
    accession text not null references study on delete cascade,
    user_id text not null references auth_user on delete cascade,
    terms_version text not null,
    terms text not null,
    data_use jsonb not null,
    at timestamptz not null default now(),
    primary key (accession, user_id, terms_version)
  )`,
  `alter table access_request add column plan text not null default ''`,
  `alter table access_request add column ethics text not null default ''`,
  `alter table access_request add column team jsonb not null default '[]'`,
  `alter table access_request add column talk jsonb not null default '[]'`,
];

/** Levels of access beside open and on request, embargoes nobody sees, and what is told with a request. */
export const levelsOfAccessMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
