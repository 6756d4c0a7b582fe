import { type Kysely, sql } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { ArchiveNote } from '../storage/index.ts';

/** What is told in public and may change, and is kept in the archive beside the versions: revisions and readers' words by study, collections, and communities. */
export type KeptKind = Extract<ArchiveNote, 'revisions' | 'readers' | 'collection' | 'community'>;

/** Has something written to the archive anew, in the transaction that changes it. */
export async function askToKeep(tx: Kysely<Tables>, kind: KeptKind, id: string): Promise<void> {
  await sql`insert into kept_note (kind, id) values (${kind}, ${id})
    on conflict (kind, id) do update set changes = kept_note.changes + 1`.execute(tx);
}
