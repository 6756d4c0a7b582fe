import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Uses of studies by month, as COUNTER counts them. Nothing here says who it was. Version 0 is the study as a whole. */
const statements = [
  `create table usage_month (
    accession text not null references study on delete cascade,
    version integer not null,
    month date not null,
    access text not null check (access in ('regular', 'machine')),
    investigations bigint not null default 0,
    unique_investigations bigint not null default 0,
    requests bigint not null default 0,
    unique_requests bigint not null default 0,
    bytes bigint not null default 0,
    primary key (accession, version, month, access)
  )`,
  `create index usage_month_whole on usage_month (month) where version = 0`,
];

/** Usage. */
export const usageMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
