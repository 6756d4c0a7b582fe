import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Uses as they happened, kept for thirty days, and what is counted of them by study and hour. Who it was is hashed with a salt of the day that
 * all processes share and nobody keeps; addresses are cut to their network. What leaves the thirty days is added to `usage_past`.
 * `usage_month` holds what was counted before there were events.
 */
const statements = [
  `create table usage_salt (day date primary key, salt text not null)`,
  `create table usage_event (
    id bigint generated always as identity primary key,
    accession text not null references study on delete cascade,
    version integer not null,
    hour timestamptz not null,
    at timestamptz not null,
    visitor text not null,
    network text,
    country text not null,
    agent text not null,
    access text not null check (access in ('regular', 'machine')),
    kind text not null check (kind in ('page', 'file', 'part', 'read', 'inner', 'metadata')),
    path text not null,
    bytes bigint not null default 0,
    pieces bigint not null default 1,
    size bigint
  )`,
  `create index usage_event_hour on usage_event (accession, hour)`,
  `create index usage_event_visitor on usage_event (hour, visitor) where access = 'machine'`,
  `create unique index usage_event_once on usage_event (accession, hour, visitor, version, kind, access, path)
    where kind in ('part', 'read', 'inner', 'metadata')`,
  `create table usage_collector (hour timestamptz not null, visitor text not null, primary key (hour, visitor))`,
  `create table usage_due (
    accession text not null references study on delete cascade,
    hour timestamptz not null,
    noted_at timestamptz not null default now(),
    primary key (accession, hour)
  )`,
  `create table usage_hour (
    accession text not null references study on delete cascade,
    version integer not null,
    hour timestamptz not null,
    access text not null check (access in ('regular', 'machine')),
    country text not null,
    investigations bigint not null default 0,
    unique_investigations bigint not null default 0,
    requests bigint not null default 0,
    unique_requests bigint not null default 0,
    bytes bigint not null default 0,
    primary key (accession, version, hour, access, country)
  )`,
  `create index usage_hour_time on usage_hour (hour) where version = 0`,
  `create table usage_past (
    accession text not null references study on delete cascade,
    version integer not null,
    month date not null,
    access text not null check (access in ('regular', 'machine')),
    country text not null,
    investigations bigint not null default 0,
    unique_investigations bigint not null default 0,
    requests bigint not null default 0,
    unique_requests bigint not null default 0,
    bytes bigint not null default 0,
    primary key (accession, version, month, access, country)
  )`,
  `create index usage_past_whole on usage_past (month) where version = 0`,
  `create view usage_counted as
    select accession, version, month, access, 'unknown' as country,
      investigations, unique_investigations, requests, unique_requests, bytes from usage_month
    union all select accession, version, month, access, country,
      investigations, unique_investigations, requests, unique_requests, bytes from usage_past
    union all select accession, version, date_trunc('month', hour at time zone 'UTC')::date, access, country,
      investigations, unique_investigations, requests, unique_requests, bytes from usage_hour`,
];

/** Uses as they happened, and countries. */
export const usageEventsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
