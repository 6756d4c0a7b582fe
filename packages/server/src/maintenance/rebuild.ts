import { type Rebuilt, rebuildCatalogue } from '@micrarium/repository';
import { sql } from 'kysely';
import { actAs } from '../audit/acting.ts';
import type { ServerConfig } from '../config.ts';
import { rebuildDois } from '../dois/kept-dois.ts';
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
    const done = await actAs({ actor: 'micrarium', via: 'operator' }, async () => {
      const rebuilt = await rebuildCatalogue(open, onStudy);
      await rebuildRevisions(open);
      await new StudyStates(open.db, open.archive).rebuild();
      await rebuildDois(open.db, open.archive);
      await rebuildNotes(open);
      return rebuilt;
    });
    await sql`analyze`.execute(open.db);
    return { ...done, blobs };
  } finally {
    await open.close();
  }
}
