import type { StudyVersion } from '@micrarium/model';

/** One file of a version as it shall lie in the archive. */
export interface ArchivedFile {
  /** Logical path in the object: `metadata/study.json`, `files/<path>`. */
  logicalPath: string;
  /** Bytes that exist already as a blob... */
  sha256?: string;
  /** Further digests that its bytes were found to have. */
  others?: { md5?: string | undefined; crc32c?: string | undefined };
  /** ...or small ones given here, or made piece by piece: the same bytes each time they are asked for. */
  content?: Uint8Array | (() => AsyncIterable<Uint8Array>);
}

/**
 * Published versions as OCFL 1.1 objects of plain files: written atomically, never changed again. The catalogue is rebuilt from them.
 */
export interface ArchiveStore {
  /**
   * Lays down version `version` of a study. Repeating a finished call does nothing; a call that died is finished or
   * rolled back by `recover`. Blobs are moved, not copied, where the store can.
   * @returns digest of the inventory as it is now, and whether this call laid the version down
   */
  writeVersion(
    accession: string,
    version: number,
    files: readonly ArchivedFile[],
    about: { message: string; userName: string; userAddress?: string; createdAt: string },
  ): Promise<{ inventorySha512: string; isNew: boolean }>;
  /** The complete document of a version, from the files. */
  readVersion(accession: string, version: number): Promise<StudyVersion>;
  /** Does the archive hold the version? */
  hasVersion(accession: string, version: number): Promise<boolean>;
  /**
   * Every study and its versions found in the storage root.
   * @param onUnreadable told of an object whose inventories are all damaged; left out, such an object is an error
   */
  list(
    onUnreadable?: (place: string, message: string) => void,
  ): AsyncIterable<{ accession: string; versions: number[] }>;
  /** SHA-512 (lower-case hex) of the inventory that came with a version. */
  inventoryDigest?(accession: string, version: number): Promise<string | undefined>;
  /**
   * SHA-512 (lower-case hex) of the files of a version, by logical path, as its inventory states them; `undefined` where the archive does not
   * hold the version, or no inventory of it can be read.
   */
  sha512sOf?(accession: string, version: number): Promise<ReadonlyMap<string, string> | undefined>;
  /** Account id of who published the first version, as the archive tells it; `undefined` where it does not. */
  depositorOf?(accession: string): Promise<string | undefined>;
  /** Finishes or rolls back what a killed process left behind. Run at start. */
  recover(): Promise<{ finished: string[]; rolledBack: string[] }>;
  /** Checks structure and digests of one study's object; an empty list means it is whole. Codes are those of OCFL (E092...). */
  verify(accession: string): Promise<{ code: string; path: string; message: string }[]>;
}
