import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * What the registrar was told of who may have the files of a study: a digest of its state and declaration, `''` for one that is open to all.
 * Records of studies that are closed said nothing of it before; they differ from `''`, and are sent again.
 */
const statements = [
  `alter table doi add column told_access text not null default ''`,
  `alter table doi_part add column told_access text not null default ''`,
];

/** Access as the registrar knows it. */
export const doisOfClosedStudiesMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
