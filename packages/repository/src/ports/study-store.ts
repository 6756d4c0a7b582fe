import type { FirstFacetName, FurtherFacetName, SearchFacetName } from '@micrarium/standards';
import type {
  EarlierResults,
  FileReference,
  Pair,
  StudyFile,
  StudyItem,
  StudyMetadata,
  StudyVersion,
  VersionNote,
} from '@micrarium/model';

/** A draft as stored. */
export interface DraftRow extends VersionNote {
  id: string;
  accession: string;
  /** Number of the version it becomes; of the version whose metadata it revises, where it has `minor`. */
  version: number;
  /** Number of the revision of the metadata that it becomes: its files are those of the version. */
  minor?: number;
  revision: number;
  state: 'editing' | 'publishing' | 'published' | 'discarded';
  ownerId: string;
  metadata: StudyMetadata;
  pairs: Pair[];
  datasetTitles: Record<string, string>;
  /** ISO 8601. */
  createdAt: string;
  updatedAt: string;
}

/** What of a draft is saved at once; what is left out stays. No text, no kinds and `null` take away what was said. */
export type DraftChange = Partial<
  Pick<DraftRow, 'metadata' | 'pairs' | 'datasetTitles' | 'note' | 'changeKinds'> & {
    earlierResults: EarlierResults | null;
  }
>;

/** Digests by which other systems know a file, lower-case hex. */
export type OtherDigests = Pick<StudyFile, 'md5' | 'crc32c'>;

/** A file of a draft as stored. */
export interface DraftFileRow {
  draftId: string;
  path: string;
  size: number;
  /** Stated by the client. */
  statedSha256?: string;
  /** Further digests that the client stated; a file that is verified has them. Left out where there are none. */
  others?: OtherDigests;
  /** Computed here over the stored bytes. */
  sha256?: string;
  state: 'expected' | 'sending' | 'sent' | 'verified' | 'mismatch';
  received: number;
  mediaType: string;
}

/** An item of a draft with the state of the work on it. */
export interface DraftItemRow {
  draftId: string;
  item: StudyItem;
  state: 'waiting' | 'running' | 'done' | 'kept' | 'failed';
  /** 0..1. */
  progress: number;
  message?: string;
  /** Correction of a table's column mapping by the depositor. */
  mapping?: Record<string, string | number>;
}

/** The items of a draft, counted. */
export interface ItemCounts {
  count: number;
  /** Files that lie in items. */
  files: number;
  /** Waiting or being read. */
  unread: number;
  /** Read, with the parts of those that are being read. */
  read: number;
  failed: number;
  /** Of a known format, metadata not counted. */
  known: number;
}

/** An item with its place among those of its draft, for asking for the next ones. */
export interface PlacedItem {
  row: DraftItemRow;
  place: string;
}

/** What was found of the bytes of a file of a draft. */
export interface FileFinding {
  /** As it was announced when its bytes were read: one that was announced anew since stays as it is. */
  file: Pick<DraftFileRow, 'path' | 'size' | 'statedSha256' | 'others'>;
  change: Partial<Pick<DraftFileRow, 'sha256' | 'state' | 'received'>>;
}

/** What was read of an item of a draft. */
export interface ItemReading {
  item: StudyItem;
  state: 'done' | 'kept';
  /** The correction it was read with: where there is another one since, it stays as it is. */
  mapping: DraftItemRow['mapping'];
}

/** What a virus scanner said of the files of a draft that have arrived. */
export interface FileScans {
  /** Files that it shall search and has not; none where no scanner is set up. */
  waiting: number;
  clean: number;
  /** Files larger than it takes. */
  tooLarge: number;
  /** When it last searched any of them, ISO 8601. */
  lastAt?: string;
  /** The first files with a finding. */
  found: readonly { path: string; signature: string; at: string }[];
  foundCount: number;
}

/** A version without its lists of files, which are asked for page by page; of more than `manyItems` items it holds those that are not plain. */
export interface VersionWithoutFiles extends Omit<StudyVersion, 'files' | 'references'> {
  /** Plain items, which `items` does not hold: nothing is said of them but that their format is not known. Left out where `items` holds all. */
  plainItems?: number;
  /** Of what is held here. */
  fileCount: number;
  byteCount: number;
  /** Of files that stay where they are; left out where there are none. */
  referenced?: { count: number; bytes: number };
}

/** A version in the list of those of a study, newest first. */
export interface ListedVersion extends VersionNote {
  version: number;
  publishedAt: string;
  /** Revisions of its metadata, newest first, the version as it was first published (0) last; left out where there are none. */
  revisions?: ({ minor: number; publishedAt: string } & VersionNote)[];
}

/** The revision one started from is not the current one. */
export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict';
}

/** What the catalogue is told beside the document of a version. */
export interface RecordedBeside {
  /** Digest of the version's inventory in the archive, for the log: what is noted there cannot be forged with the files. */
  inventorySha512?: string | undefined;
  /** Items that the document leaves out because nothing is told in them (`isPlainItem`): they are those of the draft. Left out, it has all. */
  plainItems?: number;
}

/** Drafts, their files and items, and published versions. Every method is one transaction. */
export interface StudyStore {
  /** Reserves the next accession (`MIC-000001`, never reused) and opens a draft; for a further version, `accession` names the study. At most one open draft per study: the open one is given back. */
  createDraft(draft: {
    ownerId: string;
    accession?: string;
    version: number;
    minor?: number;
    metadata: StudyMetadata;
    pairs: Pair[];
    datasetTitles: Record<string, string>;
  }): Promise<{ draft: DraftRow; created: boolean }>;
  getDraft(id: string): Promise<DraftRow | undefined>;
  listDrafts(ownerId: string, page: { after?: string; limit: number }): Promise<DraftRow[]>;
  /** Saves if `revision` is current and the draft is in `state` `editing`. @throws RevisionConflict */
  saveDraft(id: string, revision: number, change: DraftChange): Promise<DraftRow>;
  /** Moves the state if it is `from`; `false` when it was not. */
  moveDraft(id: string, from: DraftRow['state'], to: DraftRow['state']): Promise<boolean>;
  /** Drafts left in `publishing` by a killed process. */
  draftsBeingPublished(): Promise<DraftRow[]>;

  putFiles(draftId: string, files: readonly Omit<DraftFileRow, 'draftId'>[]): Promise<void>;
  updateFile(draftId: string, path: string, change: Partial<Omit<DraftFileRow, 'draftId' | 'path'>>): Promise<void>;
  getFile(draftId: string, path: string): Promise<DraftFileRow | undefined>;
  /** Files by path, in any order; paths that are not there are passed over. */
  getFiles(draftId: string, paths: readonly string[]): Promise<DraftFileRow[]>;
  /**
   * Notes what was found of many files, of each path once. Those that are verified or were announced anew stay as they are, and all of a
   * draft that is no longer edited. @returns the paths that were noted
   */
  noteFindings(draftId: string, findings: readonly FileFinding[]): Promise<string[]>;
  listFiles(draftId: string, page: { after?: string; limit: number }): Promise<DraftFileRow[]>;
  /**
   * Paths of the draft that decide which new files may lie beside its own, by places in the form of `foldedPath`: files at these places,
   * and for each place one of the files below it, where it is a folder. More may be given.
   */
  pathsAround(draftId: string, places: readonly string[]): Promise<string[]>;
  /** Are files announced that have not arrived, or not been verified yet? What did not match is not waited for. */
  hasFilesOnTheirWay(draftId: string): Promise<boolean>;
  countFiles(draftId: string): Promise<{ count: number; bytes: number; verified: number; receivedBytes: number }>;
  /** The files that have arrived, but for some: what a version made of the draft as it is would have. */
  countStoredFiles(draftId: string, without?: readonly string[]): Promise<{ count: number; bytes: number }>;
  removeFiles(draftId: string, paths: readonly string[]): Promise<void>;
  /** What a virus scanner said of the files. Left out: nothing is searched. */
  scansOf?(draftId: string): Promise<FileScans>;
  /** When the files of a draft go, because it was declared without consent, ISO 8601; `undefined` for all others. */
  filesGoAt?(draftId: string): Promise<string | undefined>;
  /** Did curators approve the draft as it is now? Left out: nothing is reviewed. */
  isApproved?(draftId: string): Promise<boolean>;
  /** Adds files that stay where they are; a path that is there takes the new values. */
  putReferences(draftId: string, references: readonly FileReference[]): Promise<void>;
  listReferences(draftId: string, page: { after?: string; limit: number }): Promise<FileReference[]>;
  /** How many there are, their bytes, and one of the paths that a file of the draft has too. */
  countReferences(draftId: string): Promise<{ count: number; bytes: number; alsoFile?: string }>;
  removeReferences(draftId: string, paths: readonly string[]): Promise<void>;
  /** Is the blob used by any other draft file or published version? */
  isBlobUsed(sha256: string): Promise<boolean>;
  /**
   * Which of these digests have verified files of this owner's drafts, or of published versions? Their bytes need not be sent again. Bytes
   * only others have deposited privately do not count: "already there" would tell of them. Left out, files are always sent.
   */
  blobsReadableBy?(ownerId: string, digests: readonly string[]): Promise<string[]>;

  /** Replaces the items of a draft in one go; rows whose item id stays keep everything: what was read of them, state, progress and mapping. */
  replaceItems(
    draftId: string,
    items: readonly StudyItem[],
    /** State of those that are new; `waiting` where left out. */
    stateOf?: (item: StudyItem) => DraftItemRow['state'],
  ): Promise<void>;
  /** Replaces the items of a draft by those of a version, in one go: what was converted is done, the others are kept as they are. */
  copyItems(draftId: string, accession: string, version: number): Promise<void>;
  listItems(draftId: string): Promise<DraftItemRow[]>;
  /** The same without items of no known format of which nothing else is to be said: of very many files most are often that. */
  listTellingItems(draftId: string): Promise<DraftItemRow[]>;
  countItems(draftId: string): Promise<ItemCounts>;
  /**
   * The same, a page at a time.
   * @param page `after`: place of the last one of the page before; what is none begins anew. `from`: how many are passed over
   */
  itemsPage(draftId: string, page: { after?: string; from?: number; limit: number }): Promise<PlacedItem[]>;
  /** Is any item of a draft still waiting or being read? */
  hasUnreadItems(draftId: string): Promise<boolean>;
  getItem(draftId: string, itemId: string): Promise<DraftItemRow | undefined>;
  /** Items by id, in any order; ids that are not there are passed over. */
  getItems(draftId: string, itemIds: readonly string[]): Promise<DraftItemRow[]>;
  /** Notes what was read of many items, each once. */
  noteReadings(draftId: string, readings: readonly ItemReading[]): Promise<void>;
  /** Updates an item. Does not touch the draft's revision. */
  updateItem(draftId: string, itemId: string, change: Partial<Omit<DraftItemRow, 'draftId'>>): Promise<void>;

  /**
   * Records a published version, closes its draft and updates the search index in ONE transaction. Repeating it does nothing.
   */
  recordVersion(version: StudyVersion, search: SearchDocument, draftId?: string, about?: RecordedBeside): Promise<void>;
  /**
   * Makes a revision of the metadata (`minor`) what its version says, closes its draft and updates the search index in ONE transaction;
   * what the version said before is kept. Repeating it does nothing.
   */
  recordRevision(version: StudyVersion, search: SearchDocument, draftId?: string): Promise<void>;
  /**
   * A version with the newest revision of its metadata.
   * @param minor one revision of it instead: 0 is the version as it was first published
   */
  getVersion(accession: string, version: number | 'newest', minor?: number): Promise<VersionWithoutFiles | undefined>;
  listVersions(accession: string): Promise<ListedVersion[]>;
  listVersionFiles(accession: string, version: number, page: { after?: string; limit: number }): Promise<StudyFile[]>;
  getVersionFile(accession: string, version: number, path: string): Promise<StudyFile | undefined>;
  /** Items of a version in its order, plain ones too. @param page `from`: place of the first one, from 0 */
  listVersionItems(accession: string, version: number, page: { from: number; limit: number }): Promise<StudyItem[]>;
  /** One item of a version, a plain one too. */
  getVersionItem(accession: string, version: number, itemId: string): Promise<StudyItem | undefined>;
  listVersionReferences(
    accession: string,
    version: number,
    page: { after?: string; limit: number },
  ): Promise<FileReference[]>;
  totals(): Promise<{ studies: number; images: number; objects: number; files: number; bytes: number }>;
  /** Owner of a study (of its first draft); after a rebuild, where accounts are unknown, `undefined`. */
  ownerOf(accession: string): Promise<string | undefined>;
  /** Notes the owner of a study where none is known, after a rebuild. */
  noteOwner?(accession: string, ownerId: string): Promise<void>;
  /** Forgets every published version (not drafts), before a rebuild from the archive. */
  clearVersions(): Promise<void>;
}

/** Columns the table of studies is sorted by, beside relevance, newest and title. */
export const listingColumns = [
  'project',
  'released',
  'updated',
  'organism',
  'datatype',
  'basedOn',
  'imageSets',
  'quantitativeSets',
  'paper',
] as const;
/** A column the table of studies is sorted by. */
export type ListingColumn = (typeof listingColumns)[number];

/** What the search index holds of a study; made by one pure function from its newest version. */
export interface SearchDocument {
  accession: string;
  version: number;
  title: string;
  description: string;
  authors: string[];
  organisms: string[];
  imagingMethods: string[];
  kinds: ('images' | 'tracks' | 'objects' | 'tables')[];
  licence: string;
  /** Four digits. */
  year: string;
  publishedAt: string;
  imageCount: number;
  objectCount: number;
  trackCount: number;
  fileCount: number;
  byteCount: number;
  /** Item id and image index of the picture to show. */
  thumbnail?: { item: string; image: number };
  /** Labels of cell types, genes and proteins, and treatments, for facets; left out by versions recorded before. */
  cellTypes?: string[];
  genes?: string[];
  conditions?: string[];
  tier?: 'archive' | 'database';
  /** Labels for further facets, by facet: strain, cell line, GO branches, MeSH, phenotype, person, paper, project, experiment or simulation, training task. */
  more?: Partial<Record<FurtherFacetName, string[]>>;
  /** What the table of studies shows beside. */
  listing?: {
    project: string;
    /** Days (YYYY-MM-DD). */
    released: string;
    updated: string;
    datatype: string;
    basedOn: string;
    imageSets: number;
    quantitativeSets: number;
    paper: string;
    paperUrl?: string;
  };
  /** Every term the study is described with, of the study and of its data sets. */
  terms?: { id?: string; label: string; field?: string }[];
  /** All other words worth finding: contributors' organisations, strains, genes, channel names, file names... */
  text: string;
}

/** A search; filters within one facet are joined by "or", between facets by "and". */
export interface SearchQuery {
  words?: string;
  /** Values of each filter that is set. */
  filters: Partial<Record<SearchFacetName, readonly string[]>>;
  /** Count the further facets too? */
  countMore?: boolean;
  sort: 'relevance' | 'newest' | 'title' | ListingColumn;
  /** Of sorting by a column or title; left out: ascending. */
  order?: 'asc' | 'desc';
  limit: number;
  cursor?: string;
}

/** How many of the found studies have a value of a filter. */
export interface FacetCount {
  value: string;
  count: number;
}

/** A stretch of what a harvester asks for: studies in the order of their last change. */
export interface HarvestQuery {
  /** Inclusive bounds of the last change, ISO 8601. */
  from?: string;
  until?: string;
  /** Only studies with this licence (`other`: with none that has a short name), with data of this kind, or of this tier. */
  licence?: string;
  kind?: string;
  tier?: string;
  /** Only studies in this collection, or that this community accepted; `*`: in any. */
  collection?: string;
  community?: string;
  /** Only this study. */
  accession?: string;
  /** The last study of the stretch before, with the moment of its last change. */
  after?: { publishedAt: string; accession: string };
  limit: number;
}

/** Finds published studies: full text (trigrams for Japanese), facets with counts. */
export interface SearchIndex {
  /** Reads what every search needs, so that the first one does not wait for it. */
  warm?(): Promise<void>;
  search(query: SearchQuery): Promise<{
    studies: SearchDocument[];
    total: number;
    nextCursor: string | null;
    facets: Record<FirstFacetName, FacetCount[]> & Partial<Record<FurtherFacetName, FacetCount[]>>;
  }>;
  /** Studies by (last change, accession), oldest first, with how many there are in all: keys, never offsets, so that nothing is missed. */
  changed(query: HarvestQuery): Promise<{ studies: (SearchDocument & { changedAt: string })[]; total: number }>;
  /**
   * Studies that have values of filters in common with one, those with most first, then the newest.
   * @param weights what a value in common counts in each filter; values that say "not known" count nothing
   */
  alike(
    accession: string,
    weights: ReadonlyMap<SearchFacetName, number>,
    limit: number,
  ): Promise<{ accession: string; title: string; common: ReadonlyMap<SearchFacetName, readonly string[]> }[]>;
}
