import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * The day since which everybody may have the files of a study, kept when its state changes: null while nobody but those inside had them, and
 * for studies that were open from their publication. What happened before is read from the audit log. Records of DOIs say the day now, and
 * are all sent once more.
 */
const statements = [
  `alter table study_state add column opened_on date`,
  `update study_state set opened_on = (
    select case when detail->>'from' = 'published' then
        (select (min(published_at) at time zone 'UTC')::date from study_version
          where study_version.accession = study_state.accession)
      else (at at time zone 'UTC')::date end
    from audit_event where target = study_state.accession
      and (action = 'study.published' and detail->>'from' in ('embargoed', 'controlled')
        or action in ('study.withdrawn', 'study.controlled') and detail->>'from' = 'published')
    order by seq limit 1)`,
  `update doi set told_version = null where state = 'findable'`,
  `update doi_part set told_version = null where state = 'findable'`,
];

/** Days on which studies were opened. */
export const openedOnMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
