import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  // Digests that depositors stated besides SHA-256, such as MD5: compared with the bytes, and kept for comparing with older systems.
  `alter table draft_file add column others jsonb`,
  `alter table version_file add column others jsonb`,
  // The date of the last change as the archive keeps it: a catalogue made anew tells harvesters the same dates.
  `alter table search_document add column changed_kept timestamptz`,
  `create index search_document_unkept on search_document (accession) where changed_kept is distinct from changed_at`,
];

/** Digests of files beside SHA-256, and dates of change that are kept in the archive. */
export const otherDigestsMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
