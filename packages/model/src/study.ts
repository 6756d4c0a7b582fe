import type { FeatureTableSummary } from './feature-table.ts';
import type { ImageDescription } from './image.ts';
import type { Issue } from './issue.ts';
import type { SpaceUnit, TimeUnit } from './units.ts';
import type { TrackCounts, TrackingMethod } from './track-set.ts';

/** A vocabulary term: what people read, and the identifier machines join on (`NCBITaxon:6239`), where there is one. */
export interface Term {
  label: string;
  id?: string;
}

/** A person credited with a study. Order of the list is the order of authors. */
export interface Contributor {
  firstName: string;
  lastName: string;
  organisation: string;
  /** `image`, `quantitative` or both: who made which data. */
  role: 'image' | 'quantitative' | 'image and quantitative';
  email?: string;
  laboratory?: string;
  department?: string;
  /** Sixteen digits with hyphens, no URL. */
  orcid?: string;
}

/** A value of a metadata field; its shape follows the field's type (see `standards`). */
export type FieldValue = string | string[] | Term[] | Contributor[];

/** Where a prefilled value came from; shown beside the field, kept with the study. */
export interface FieldOrigin {
  /** `file`: read out of a deposited or imported file; `account`: from the depositor's account; `person`: typed in. */
  kind: 'file' | 'account' | 'person';
  /** Path of the file. */
  file?: string;
  /** Where in the file: "Image Description, Objective". */
  place?: string;
}

/**
 * The metadata of a study: values by field id, with their origins. Field ids are those of the table in `standards`; a value
 * that holds for one data set only has the key `FIELD@DATASET`, `tier` names the tier the study is described for, and
 * `naming` holds its rules for names of files (a naming template as text, see `formats`), `figures` the panels of published
 * figures with the data behind them, `relations` what it is to other studies (see `standards`).
 */
export interface StudyMetadata {
  values: Record<string, FieldValue>;
  origins: Record<string, FieldOrigin>;
}

/** A deposited file. */
export interface StudyFile {
  /** Logical path in the study: relative, `/`, NFC. */
  path: string;
  size: number;
  /** Lower-case hex. */
  sha256: string;
  mediaType: string;
  /** Lower-case hex, where its depositor stated it and the bytes have it: what older systems know the file by. */
  md5?: string;
  /** CRC-32C, eight digits; as `md5`. */
  crc32c?: string;
}

/** A set of tracks or objects within an item, as summarised at ingest. */
export interface TrackSetSummary {
  /** Position within the item, from 0. */
  part: number;
  name: string;
  counts: TrackCounts;
  spaceUnit?: SpaceUnit;
  timeUnit?: TimeUnit;
  frameInterval?: number;
  hasZ: boolean;
  entity: string;
  /** Smallest and largest coordinates and frames; absent where no object has a finite position. */
  extent?: { x: [number, number]; y: [number, number]; z?: [number, number]; frame: [number, number] };
  /** Film recorded in the file; provenance only. */
  imageName?: string;
  imageSizes?: { x?: number; y?: number; z?: number; t?: number };
  pixelSize?: { x?: number; y?: number; z?: number };
  /** Feature columns of the objects, with units. */
  columns: { name: string; type: string; unit?: string; description?: string }[];
  software?: string;
  softwareVersion?: string;
  /** How objects were found and linked, where the file says it. */
  tracking?: TrackingMethod;
}

/** Where the images of an item stand in a multi-well plate. */
export interface PlateLayout {
  /** `''` where the plate has no name. */
  name: string;
  /** Names of all rows and columns of the plate, also of those without images. */
  rows: string[];
  columns: string[];
  /** Wells with images, each with its fields; `row` and `column` count from 0. */
  wells: { row: number; column: number; fields: { image: number; name: string; acquisition?: number }[] }[];
}

/** Most files of a study version: each version lists all of them, which copies, checks and backups must keep up with. */
export const mostFilesOfStudy = 100_000;

/** An item of a study: one file, set of files or folder that belongs together, as recognised. */
export interface StudyItem {
  /** Stable while the content is: derived from member paths and digests. Lower-case base32, 12 characters. */
  id: string;
  /** Path of the file or folder. */
  path: string;
  /** Members, paths of `StudyFile`s. */
  files: string[];
  format: string;
  formatVersion?: string;
  kind: 'tracks' | 'objects' | 'image' | 'table' | 'metadata' | 'unknown';
  counts?: TrackCounts;
  trackSets: TrackSetSummary[];
  /** Feature tables; left out where the item holds none. */
  tables?: FeatureTableSummary[];
  images: ImageDescription[];
  /** Left out where the images are of no plate. */
  plate?: PlateLayout;
  issues: Issue[];
  /** What was made of it, so that it can be dropped and made again. */
  conversions: ConversionRecord[];
  /** Only in drafts. */
  privacy?: ItemPrivacy;
}

/** What may tell of a person in files (repository-practice 5.3). */
export const privateDetailKinds = [
  'user name',
  'path',
  'e-mail address',
  'date of birth',
  'phone number',
  'national id',
  'patient',
  'place of recording',
  'slide label',
  'serial number',
] as const;

/** Something in deposited files that tells of a person: listed for the depositor and for curators before publication. */
export interface PrivateDetail {
  /** `patient`: a name or number of one; `slide label`: its text, or a picture of it; `serial number`: of a device. */
  kind: (typeof privateDetailKinds)[number];
  /** As it stands in the file. */
  value: string;
  /** `raw text`: in the metadata text a reader took out; `original`: in the bytes of a deposited file. */
  place: 'raw text' | 'original';
  /** Path of the file, where `original`. */
  file?: string;
  /** Name of the field it stands in, as far as one was seen. */
  field?: string;
}

/** What a draft's item holds of persons, and what the depositor decided. Never published. */
export interface ItemPrivacy {
  details: PrivateDetail[];
  /** Is there raw metadata text that could be published? */
  hasRawText: boolean;
  /** Whether the raw metadata text may be published; undecided where left out, and then it is not. */
  rawText?: 'accepted' | 'withheld';
  /** That the original files are published as they are, with what was found in them. */
  originals?: 'accepted';
}

/** How a derived form was made. */
export interface ConversionRecord {
  /** `tracks-to-parquet`, `table-to-parquet`, `image-to-ozx`, `zarr-packed`, `zarr-as-deposited`, `raw-metadata`. */
  recipe: string;
  tool: string;
  toolVersion: string;
  parameters: Record<string, string | number | boolean>;
  /** ISO 8601 with zone. */
  madeAt: string;
  outputs: { path: string; size: number; sha256: string }[];
}

/**
 * From object coordinates to image coordinates. Pixel index along an axis =
 * `(coordinate - offset) * scale`, measured from the centre of the first pixel; frame and slice likewise.
 */
export interface CoordinateMapping {
  /** Which object axis runs along which image axis: usually x→x, y→y, z→z. */
  axes: { x: 'x' | 'y' | 'z'; y: 'x' | 'y' | 'z'; z: 'x' | 'y' | 'z' };
  /** Image pixels per object unit, for the image's x, y, z. */
  scale: { x: number; y: number; z: number };
  /** In object units, subtracted first. */
  offset: { x: number; y: number; z: number };
  /** Frame index of the image at the set's frame 0. */
  firstFrame: number;
  /** Slice index added to z for planar sets. */
  firstSlice: number;
  /** Channel the objects were found in; left out where not known. */
  channel?: number;
}

/** Why a pair was proposed, strongest first. */
export type PairReason =
  | 'image name recorded in the file'
  | 'same name'
  | 'challenge folder pair'
  | 'same frames and extent'
  | 'drawn by the depositor';

/** Which tracks belong to which film. */
export interface Pair {
  imageItem: string;
  /** Index of the image within the item. */
  image: number;
  trackItem: string;
  part: number;
  mapping: CoordinateMapping;
  reason: PairReason;
  /** Pairs count only when the depositor has confirmed them. */
  confirmed: boolean;
  /** How objects were found and linked, as the depositor says it where the file does not. */
  tracking?: TrackingMethod;
}

/** A coherent part of a study: image and quantitative data side by side. */
export interface Dataset {
  /** Stable within the study: `d-` and the id of its first item. */
  id: string;
  title: string;
  /** Ids of items. */
  imageItems: string[];
  quantitativeItems: string[];
}

/** Who curated a study into the database tier. */
export interface StudyCurator {
  /** Name of the account, as of the publication. */
  name: string;
  /** Sixteen digits with hyphens, where the account is linked with it. */
  orcid?: string;
}

/** That curators looked a version through before it was published. */
export interface StudyReview {
  /** When it was approved, ISO 8601. */
  at: string;
  /** Checklist that was gone through: tier and number. */
  checklist: string;
  /** Who approved it: two where data of people are declared. */
  curators: StudyCurator[];
}

/** A file that belongs to a study and stays where it is: its bytes are not held here, and only its address, size and digest are. */
export interface FileReference {
  /** Where it stands among the files of the study: relative, `/`, NFC. */
  path: string;
  /** `https` address of the bytes. */
  url: string;
  /** Bytes. */
  size: number;
  /** Lower-case hex, as those beside it. */
  sha256: string;
  sha512?: string;
  md5?: string;
  mediaType: string;
}

/** Kinds of change that a version can be against the one before. */
export const changeKinds = ['correction', 'addition', 'new-processing', 'withdrawal-of-part'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** Whether results computed from earlier versions of a study still hold. */
export const earlierResults = ['hold', 'some-do-not', 'do-not-hold'] as const;
export type EarlierResults = (typeof earlierResults)[number];

/** What is said of a further version, or of a revision of metadata. Those published before this was asked for have the note alone. */
export interface VersionNote {
  /** What changed since the version before, and why, in words. */
  note?: string;
  /** Which kinds of change it is, each once; at least one. */
  changeKinds?: ChangeKind[];
  /** Do results computed from earlier versions still hold? */
  earlierResults?: EarlierResults;
}

/** The version note among other things that are said, without what is empty. */
export function versionNoteOf(
  said: { readonly [Part in keyof VersionNote]?: VersionNote[Part] | undefined },
): VersionNote {
  const note = said.note?.trim();
  return {
    ...(note ? { note } : {}),
    ...(said.changeKinds && said.changeKinds.length > 0 ? { changeKinds: said.changeKinds } : {}),
    ...(said.earlierResults === undefined ? {} : { earlierResults: said.earlierResults }),
  };
}

/** A published version, complete in itself: what `metadata/study.json` in the OCFL object holds, and what the catalogue is rebuilt from. */
export interface StudyVersion extends VersionNote {
  schema: 1;
  accession: string;
  /** From 1. */
  version: number;
  /**
   * Which revision of the version's metadata this is: 1 is `N.1`. Files, items and pairs are those of the version. Left out where the
   * metadata were never revised; 0 is the version as it was first published, once there are revisions of it.
   */
  minor?: number;
  /** When the metadata were revised, ISO 8601; left out of the version as it was first published. */
  revisedAt?: string;
  /** ISO 8601 with zone. */
  publishedAt: string;
  /** Account name of who pressed the button. */
  publishedBy: string;
  tier: 'archive' | 'database';
  metadata: StudyMetadata;
  files: StudyFile[];
  items: StudyItem[];
  pairs: Pair[];
  datasets: Dataset[];
  /** Curators who brought the study into the database tier, in that order; later versions of that tier name them too. */
  curators?: StudyCurator[];
  /** Left out where nobody reviewed it. */
  review?: StudyReview;
  /** Files that stay where they are, by path; in `metadata/references.json` beside the document. Left out where there are none. */
  references?: FileReference[];
}

/** How a version is called: `2`, or `2.1` where it is a revision of the metadata of version 2. */
export const versionLabel = ({ version, minor }: { version: number; minor?: number | undefined }): string =>
  minor === undefined ? String(version) : `${version}.${minor}`;
