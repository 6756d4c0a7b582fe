import { type Kysely, sql } from 'kysely';
import { enterMemberships } from '../collections/memberships.ts';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';
import { enterRevisions, revisionsNote } from '../revisions/revisions.ts';
import type { StudyArchive } from '../storage/index.ts';
import type { KeptKind } from './ask-to-keep.ts';
import { keepChanges } from './kept-changes.ts';
import { collectionNote, enterCollection } from './kept-collections.ts';
import { communityNote, enterCommunity } from './kept-communities.ts';
import { enterReaders, readersNote } from './kept-readers.ts';

/** What the archive is to hold of one of them. `undefined`: nothing, unless it holds something already. */
type Composed = { note: object; at: string } | undefined;

const kinds: Readonly<
  Record<
    KeptKind,
    {
      compose(db: Kysely<Tables>, id: string): Promise<Composed>;
      enter(db: Database, id: string, value: unknown): Promise<void>;
    }
  >
> = {
  revisions: { compose: revisionsNote, enter: enterRevisions },
  readers: { compose: readersNote, enter: enterReaders },
  collection: { compose: collectionNote, enter: enterCollection },
  community: { compose: communityNote, enter: enterCommunity },
};

/**
 * Writes to the archive what was changed since: after each change, and from time to time what a kill or a full disk left. What changes
 * meanwhile is written again.
 * @returns how many were written
 */
export async function keepNotes({ db, archive }: { db: Database; archive: StudyArchive }): Promise<number> {
  const rows = await db.selectFrom('kept_note').selectAll().orderBy('kind').orderBy('id').limit(1000).execute();
  let fault: unknown;
  for (const { kind, id, changes } of rows)
    try {
      const composed = await kinds[kind].compose(db, id);
      const at = composed?.at ?? new Date().toISOString();
      const note = composed?.note ?? { schema: 1, removed: true };
      // What never was public leaves nothing behind.
      const isWanted = composed !== undefined || (await archive.hasNote(kind, id));
      if (isWanted) await archive.writeNote(kind, id, note, { message: 'What is said of it', at });
      await sql`delete from kept_note where kind = ${kind} and id = ${id} and changes = ${changes}`.execute(db);
    } catch (error) {
      fault ??= error;
    }
  if (fault !== undefined) throw fault;
  return rows.length + (await keepChanges({ db, archive }));
}

/** Enters the revisions that the archive keeps, right after the versions: everything else tells of the newest. */
export async function rebuildRevisions({ db, archive }: { db: Database; archive: StudyArchive }): Promise<void> {
  for await (const { accession, value } of archive.notes('revisions')) await enterRevisions(db, accession, value);
}

/** Enters what the archive keeps, after the catalogue was made anew. What the database has already stays as it is. */
export async function rebuildNotes({ db, archive }: { db: Database; archive: StudyArchive }): Promise<void> {
  for (const kind of Object.keys(kinds) as KeptKind[])
    if (kind !== 'revisions')
      for await (const { accession: id, value } of archive.notes(kind)) await kinds[kind].enter(db, id, value);
  const { rows } = await sql<{ accession: string }>`select accession from collection_entry
    union select accession from community_study where state = 'accepted'`.execute(db);
  const accessions = rows.map(({ accession }) => accession);
  for (let from = 0; from < accessions.length; from += 1000)
    await enterMemberships(db, accessions.slice(from, from + 1000));
}
