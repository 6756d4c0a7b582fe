import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  // What curators decide, and with what they compared the draft.
  `alter table draft_review add column publish_on date`,
  `alter table draft_review add column approved_revision integer`,
  `alter table draft_review add column approved_at timestamptz`,
  `alter table draft_review add column approved_by text`,
  `alter table draft_review add column approved_first text`,
  `alter table draft_review add column answered_at timestamptz`,
  `alter table draft_review add column checked jsonb`,
  `create index draft_review_publish on draft_review (publish_on) where publish_on is not null`,
  `create table review_comment_past (
    comment_id bigint not null references review_comment on delete cascade,
    text text not null,
    must_fix boolean not null,
    until timestamptz not null default now()
  )`,
  `create index review_comment_past_comment on review_comment_past (comment_id)`,
  // Values that a curator wrote into a draft in review; the depositor accepts them or objects.
  `create table review_edit (
    id bigint generated always as identity primary key,
    draft_id text collate "C" not null references draft on delete cascade,
    field text not null,
    before jsonb,
    after jsonb,
    curator text not null,
    at timestamptz not null default now(),
    state text not null default 'waiting' check (state in ('waiting', 'accepted', 'objected')),
    answer text not null default '',
    decided_at timestamptz
  )`,
  `create unique index review_edit_waiting on review_edit (draft_id, field) where state = 'waiting'`,
  `create index review_edit_draft on review_edit (draft_id, id)`,
  `create table review_filter (
    user_id text not null references auth_user on delete cascade,
    name text not null,
    filter jsonb not null,
    primary key (user_id, name)
  )`,
  // Drafts that were discarded and can be taken back, and those whose owner was reminded of them.
  `create table draft_trash (
    draft_id text collate "C" primary key references draft on delete cascade,
    at timestamptz not null default now(),
    by text not null,
    is_expired boolean not null
  )`,
  `create index draft_trash_at on draft_trash (at)`,
  `create table draft_reminder (
    draft_id text collate "C" not null references draft on delete cascade,
    month integer not null,
    at timestamptz not null,
    primary key (draft_id, month)
  )`,
  // Changes of a published study that take two people, or that its owner asks for.
  `create table study_ask (
    id text primary key,
    accession text not null references study on delete cascade,
    change text not null check (change in ('restrict', 'withdraw', 'purge')),
    ground text,
    reason text not null,
    replaced_by text,
    asked_by text not null,
    asked_at timestamptz not null default now(),
    state text not null default 'open' check (state in ('open', 'done', 'declined', 'taken back')),
    decided_by text,
    decided_at timestamptz,
    answer text not null default ''
  )`,
  `create unique index study_ask_open on study_ask (accession, change) where state = 'open'`,
  `create table study_purge (
    accession text primary key,
    at timestamptz not null default now(),
    certificate jsonb not null
  )`,
  // First answers, for whoever sends the same again.
  `create table answered_key (
    actor text not null,
    key text not null,
    request text not null,
    status integer not null,
    headers jsonb not null,
    body text not null,
    at timestamptz not null default now(),
    primary key (actor, key)
  )`,
  `create index answered_key_at on answered_key (at)`,
  `alter table private_link add column passphrase_hash text`,
  `alter table private_link add column lets_download boolean not null default true`,
  `alter table notice_choice drop constraint if exists notice_choice_choice_check`,
  `alter table notice_choice add constraint notice_choice_choice_check
    check (choice in ('mail', 'digest', 'page', 'none'))`,
  `create table mail_digest (
    id bigint generated always as identity primary key,
    user_id text not null references auth_user on delete cascade,
    kind text not null,
    detail jsonb not null,
    link text not null,
    at timestamptz not null default now()
  )`,
  `create index mail_digest_user on mail_digest (user_id, id)`,
];

/** The life of a study as repository practice has it: edits in place, days of publication, what was discarded, changes that take two. */
export const lifeOfAStudyMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
