import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Files that the server brings into drafts itself: the import that runs or ran last, without what it was shown to prove who asks. */
const statements = [
  `create table draft_import (
    draft_id text collate "C" primary key references draft on delete cascade,
    run text not null,
    kind text not null check (kind in ('url', 'webdav', 's3', 'drop-folder')),
    place text not null,
    started_by text not null,
    state text not null check (state in ('running', 'done', 'failed', 'cancelled')),
    progress jsonb not null,
    message text,
    is_cancel_asked boolean not null default false,
    started_at timestamptz not null default now(),
    beat_at timestamptz not null default now()
  )`,
];

/** Imports of drafts. */
export const importsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
