import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Kept descriptions that the members of a group may use: a microscope serves all studies of its laboratory. */
const statements = [
  `alter table kept_description add column team_id text references team on delete set null`,
  `create index kept_description_team on kept_description (team_id) where team_id is not null`,
];

/** Descriptions kept for a group. */
export const descriptionGroupsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
