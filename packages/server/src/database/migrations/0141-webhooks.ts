import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Addresses that programs of people are told at, and what was and is to be told: nothing waits for their servers. */
const statements = [
  `create table webhook (
    id text collate "C" primary key,
    user_id text not null references auth_user on delete cascade,
    target text not null,
    events text not null check (events in ('search', 'notices')),
    query text not null default '',
    secret text not null,
    created_at timestamptz not null default now(),
    seen_notice bigint not null default 0
  )`,
  `create index webhook_of_user on webhook (user_id)`,
  `create table webhook_delivery (
    id text collate "C" primary key,
    webhook_id text collate "C" not null references webhook on delete cascade,
    once text not null,
    event text not null,
    body text not null,
    created_at timestamptz not null default now(),
    next_at timestamptz not null default now(),
    tries integer not null default 0,
    delivered_at timestamptz,
    status integer,
    fault text,
    unique (webhook_id, once)
  )`,
  `create index webhook_delivery_due on webhook_delivery (next_at) where delivered_at is null`,
];

/** Webhooks and their deliveries. */
export const webhooksMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
