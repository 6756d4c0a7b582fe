import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What people are told: on the page, and by mail through an outbox, so that nothing waits for a mail server. */
const statements = [
  `create table notice (
    id bigint generated always as identity primary key,
    user_id text not null references auth_user on delete cascade,
    kind text not null,
    link text not null,
    detail jsonb not null,
    once text,
    at timestamptz not null default now(),
    read_at timestamptz,
    unique (user_id, kind, once)
  )`,
  `create index notice_user on notice (user_id, id desc)`,
  `create table notice_choice (
    user_id text not null references auth_user on delete cascade,
    kind text not null,
    choice text not null check (choice in ('mail', 'page', 'none')),
    primary key (user_id, kind)
  )`,
  `create table mail_outbox (
    id bigint generated always as identity primary key,
    recipient text not null,
    subject text not null,
    body text not null,
    created_at timestamptz not null default now(),
    next_at timestamptz not null default now(),
    tries integer not null default 0,
    sent_at timestamptz,
    fault text
  )`,
  `create index mail_outbox_due on mail_outbox (next_at) where sent_at is null`,
  `create table password_reset (
    secret_hash text primary key,
    user_id text not null references auth_user on delete cascade,
    expires_at timestamptz not null,
    used_at timestamptz
  )`,
];

/** Notices and mail. */
export const noticesMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
