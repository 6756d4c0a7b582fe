import type { ArchiveStore } from '@micrarium/repository';

/** Object ids of ours begin so. */
export const idPrefix = 'urn:micrarium:';
/**
 * What changes about a study (its state, the DOI it was given, revisions of its metadata, what readers say of it, when harvesters were told
 * of it), and collections and communities, lie in objects of their own: versions never change.
 */
export const archiveNotes = {
  state: { suffix: '.state', file: 'state.json' },
  doi: { suffix: '.doi', file: 'doi.json' },
  revisions: { suffix: '.revisions', file: 'revisions.json' },
  readers: { suffix: '.readers', file: 'readers.json' },
  collection: { suffix: '.collection', file: 'collection.json' },
  community: { suffix: '.community', file: 'community.json' },
  changed: { suffix: '.changed', file: 'changed.json' },
} as const;

/** A kind of note about a study. */
export type ArchiveNote = keyof typeof archiveNotes;

/** The archive with what the server keeps in it besides the versions. */
export interface StudyArchive extends ArchiveStore {
  inventoryDigest(accession: string, version: number): Promise<string | undefined>;
  depositorOf(accession: string): Promise<string | undefined>;
  /**
   * Puts an object in the place of a study's that holds these files alone, as its first version, and destroys what was there before: its
   * files are overwritten and removed, pointers to their bytes too. For nothing but a purge; published versions change in no other way.
   * Done again after a kill it comes to the same. @returns what was destroyed
   */
  replaceObject(
    accession: string,
    files: readonly { logicalPath: string; content: Uint8Array }[],
    about: { message: string; userName: string; createdAt: string },
  ): Promise<{ destroyed: DestroyedFile[]; inventorySha512: string }>;
  /** Makes the pointers from blobs to archived content again, from the inventories alone. */
  noteAllBlobs(): Promise<number>;
  /** Adds a note about a study to the object of such notes. Called again with the same note it does nothing. */
  writeNote(kind: ArchiveNote, accession: string, note: object, about: { message: string; at: string }): Promise<void>;
  /** Does the archive hold a note of this kind, or held it one? */
  hasNote(kind: ArchiveNote, accession: string): Promise<boolean>;
  /** The newest note of a kind, of every study that has one. */
  notes(kind: ArchiveNote): AsyncIterable<{ accession: string; value: unknown }>;
}

/** A file of an object that was destroyed. */
export interface DestroyedFile {
  /** Lower-case hex. */
  sha256: string;
  size: number;
}

/** Account id that an address of an inventory's user names. */
export function accountOf(address: string | undefined): string | undefined {
  const prefix = `${idPrefix}account:`;
  return address?.startsWith(prefix) ? decodeURIComponent(address.slice(prefix.length)) : undefined;
}

/** Who writes notes: this program, not a person. An address is what OCFL 1.1 asks for (W008). */
export const ownAddress = `${idPrefix}program`;

/** Is it the id of an object of notes rather than of versions? */
export function isNoteId(id: string): boolean {
  return Object.values(archiveNotes).some(({ suffix }) => id.endsWith(suffix));
}
