import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Drafts that curators look through before they are published, with what was said about them. */
const statements = [
  `create table draft_review (
    draft_id text collate "C" primary key references draft on delete cascade,
    state text not null check (state in ('editing', 'submitted', 'in_review', 'changes_requested', 'approved')),
    assignee text references auth_user on delete set null,
    submitted_at timestamptz not null default now()
  )`,
  `create index draft_review_queue on draft_review (submitted_at) where state in ('submitted', 'in_review')`,
  `create table review_comment (
    id bigint generated always as identity primary key,
    draft_id text collate "C" not null references draft on delete cascade,
    field text not null,
    text text not null,
    must_fix boolean not null,
    author text not null,
    at timestamptz not null default now(),
    resolved_at timestamptz
  )`,
  `create index review_comment_draft on review_comment (draft_id)`,
];

/** Review before publication. */
export const reviewMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
