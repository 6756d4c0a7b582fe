import type { ArchiveStore } from './ports/archive-store.ts';
import type { StudyStore } from './ports/study-store.ts';
import { searchDocument } from './search-document.ts';

/** What a rebuild did. */
export interface Rebuilt {
  studies: number;
  versions: number;
  /**
   * Versions whose document could not be read; they are not in the catalogue, and must be repaired from a copy. Where not even the name
   * of a study could be read, `accession` is the folder of its object and `version` 0.
   */
  failed: { accession: string; version: number; message: string }[];
}

/**
 * Makes the catalogue of published versions again from the archive alone: files are the truth. Accounts and drafts are not in the archive
 * and are left as they are. Who published a study is noted by the id of the account, so that an account restored later owns it again.
 * @param onStudy told after each study
 */
export async function rebuildCatalogue(
  ports: { archive: ArchiveStore; studies: StudyStore },
  onStudy: (done: Readonly<Rebuilt>) => void = () => {},
): Promise<Rebuilt> {
  const { archive, studies } = ports;
  const done: Rebuilt = { studies: 0, versions: 0, failed: [] };
  const onUnreadable = (place: string, message: string) =>
    void done.failed.push({ accession: place, version: 0, message });
  await studies.clearVersions();
  for await (const { accession, versions } of archive.list(onUnreadable)) {
    for (const version of versions) {
      try {
        const document = await archive.readVersion(accession, version);
        const inventorySha512 = await archive.inventoryDigest?.(accession, version);
        await studies.recordVersion(document, searchDocument(document), undefined, { inventorySha512 });
        done.versions++;
      } catch (error) {
        done.failed.push({ accession, version, message: error instanceof Error ? error.message : String(error) });
      }
    }
    const depositor = await archive.depositorOf?.(accession);
    if (depositor !== undefined) await studies.noteOwner?.(accession, depositor);
    done.studies++;
    onStudy(done);
  }
  return done;
}
