import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What studies are to one another, what authors say of additions to their study, and what is to be written to the archive besides versions. */
const statements = [
  `create table study_relation (
    accession text not null,
    version integer not null,
    target text not null,
    target_version integer,
    kind text not null check (kind in ('annotates', 're-analyses', 'derived')),
    note text not null,
    is_told boolean not null,
    primary key (accession, version, target, kind),
    foreign key (accession, version) references study_version (accession, version) on delete cascade
  )`,
  `create index study_relation_target on study_relation (target)`,
  `create index study_relation_untold on study_relation (accession) where not is_told`,
  `create table addition_comment (
    accession text not null references study on delete cascade,
    addition text not null references study on delete cascade,
    text text not null,
    written_by text references auth_user on delete set null,
    at timestamptz not null default now(),
    primary key (accession, addition)
  )`,
  `alter table doi add column links_changed integer not null default 0`,
  `alter table doi add column links_told integer not null default 0`,
  `create table kept_note (
    kind text not null check (kind in ('readers', 'collection', 'community')),
    id text not null,
    changes integer not null default 1,
    primary key (kind, id)
  )`,
  `insert into kept_note (kind, id) select distinct 'readers', accession from study_reuse where state = 'confirmed'
    union select distinct 'readers', accession from study_question
      where answer is not null and asker_agrees and author_agrees
    union select 'collection', id from collection`,
  `update doi set links_changed = 1
    where accession in (select accession from study_reuse where state = 'confirmed')`,
];

/** Additions to studies of others, and notes for the archive. */
export const additionsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
