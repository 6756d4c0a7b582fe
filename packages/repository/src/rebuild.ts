import type { ArchiveStore } from './ports/archive-store.ts';
import type { StudyStore } from './ports/study-store.ts';
import { searchDocument } from './search-document.ts';

/** What a rebuild did. */
export interface Rebuilt {
  studies: number;
  versions: number;
  /** Versions whose document could not be read; they are not in the catalogue, and must be repaired from a copy. */
  failed: { accession: string; version: number; message: string }[];
}

/**
 * Makes the catalogue of published versions again from the archive alone: files are the truth. Accounts and drafts are not in the archive
 * and are left as they are; owners of studies are unknown afterwards unless the database still knows them.
 */
export async function rebuildCatalogue(ports: { archive: ArchiveStore; studies: StudyStore }): Promise<Rebuilt> {
  const done: Rebuilt = { studies: 0, versions: 0, failed: [] };
  await ports.studies.clearVersions();
  for await (const { accession, versions } of ports.archive.list()) {
    done.studies++;
    for (const version of versions) {
      try {
        const document = await ports.archive.readVersion(accession, version);
        await ports.studies.recordVersion(document, searchDocument(document));
        done.versions++;
      } catch (error) {
        done.failed.push({ accession, version, message: error instanceof Error ? error.message : String(error) });
      }
    }
  }
  return done;
}
