import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who did what when: rows are only ever added. What could tell of a person stands apart, and may be removed. */
const statements = [
  `create table audit_event (
    seq bigint primary key,
    at timestamptz(3) not null,
    actor text not null,
    via text not null check (via in ('session', 'token', 'link', 'visitor', 'job', 'operator')),
    action text not null,
    target text not null,
    detail jsonb not null,
    prev_hash text not null,
    hash text not null
  )`,
  `create index audit_event_target on audit_event (target, seq desc)`,
  `create index audit_event_actor on audit_event (actor, seq desc)`,
  `create index audit_event_action on audit_event (action, seq desc)`,
  `create table audit_origin (
    seq bigint primary key,
    network text not null,
    at timestamptz not null default now()
  )`,
  `create function audit_only_grows() returns trigger language plpgsql as $$
    begin raise exception 'the audit log only grows'; end $$`,
  `create trigger audit_only_grows before update or delete or truncate on audit_event
    for each statement execute function audit_only_grows()`,
];

/** The audit log. */
export const auditMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
