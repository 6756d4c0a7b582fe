import { type Rebuilt, rebuildCatalogue } from '@micrarium/repository';
import { sql } from 'kysely';
import { actAs } from '../audit/acting.ts';
import type { ServerConfig } from '../config.ts';
import { rebuildDois } from '../dois/kept-dois.ts';
import { inOneTransaction } from '../database/one-transaction.ts';
import { PostgresStudyStore } from '../database/postgres-study-store.ts';
import { rebuildChanges } from '../kept/kept-changes.ts';
import { rebuildNotes, rebuildRevisions } from '../kept/kept-notes.ts';
import { StudyStates } from '../states/study-states.ts';
import { openData } from './open-data.ts';

/** What the command `rebuild` did. */
export interface RebuildReport extends Rebuilt {
  /** Stored files whose place in the archive was noted again. */
  blobs: number;
}

/**
 * Makes the catalogue of everything published anew from the files of the archive: versions, files, search, accessions. Accounts and drafts that
 * the database still has are kept; a database that is gone is made new, without them. The server must be stopped.
 * @throws StartRefused where it is not
 */
export async function rebuild(
  config: ServerConfig,
  onStudy: (done: Readonly<Rebuilt>) => void = () => {},
): Promise<RebuildReport> {
  const open = await openData(config, 'alone');
  try {
    const blobs = await open.archive.noteAllBlobs();
    const { archive } = open;
    // The catalogue of before counts until the new one is complete: a rebuild that is killed has changed nothing, and is run again.
    const done = await actAs({ actor: 'micrarium', via: 'operator' }, () =>
      inOneTransaction(open.db, async (db) => {
        const rebuilt = await rebuildCatalogue({ archive, studies: new PostgresStudyStore(db) }, onStudy);
        await rebuildRevisions({ db, archive });
        await new StudyStates(db, archive).rebuild();
        await rebuildDois(db, archive);
        await rebuildNotes({ db, archive });
        await rebuildChanges({ db, archive });
        return rebuilt;
      }),
    );
    await sql`analyze`.execute(open.db);
    return { ...done, blobs };
  } finally {
    await open.close();
  }
}
