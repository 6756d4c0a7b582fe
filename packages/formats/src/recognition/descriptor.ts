import type { Issue } from '@micrarium/model';
import type { ByteSource } from '../bytes/byte-source.ts';
import type { FileEntry, FileTree } from '../bytes/file-tree.ts';
import type { ImageReader, ImageWriter } from '../images/image-reader.ts';
import type { TrackReader, TrackWriter } from '../tracks/track-reader.ts';
import type { FormatChecker } from './checker.ts';
import type { FormatId, ItemKind } from './format-id.ts';
import type { Item } from './item.ts';

/** What a descriptor may look at to recognise one file: its first bytes, and ranges where an index must be asked. */
export interface Probe {
  /** The file. */
  readonly entry: FileEntry;
  /** First bytes of the file, at most 64 KiB. */
  readonly head: Uint8Array;
  /** `head` as text: BOM stripped, UTF-8 if valid, else Latin-1; `undefined` where it holds NUL bytes. */
  readonly text: string | undefined;
  /** For what only an index can tell (root groups of HDF5, first TIFF directory, zip directory). */
  readonly source: ByteSource;
  /** The tree the file lies in, for sidecars and sets. */
  readonly tree: FileTree;
}

/** A descriptor's opinion of a file or folder. Several may have one; the highest score wins. */
export interface Recognition {
  /** 0..1; 1 = the content says so by name, 0.5 = the content fits, 0.1 = only the extension speaks for it. */
  score: number;
  /** Why, for people: "root element TrackMate". */
  reason: string;
  /** Version of the format as the content states it. */
  version?: string;
  /** Member files where the item is a set of files (paths in the probe's tree); left out for one file. */
  members?: readonly string[];
}

/** What a person may choose about an image that is written; formats without the choice ignore it. */
export interface ImageWriterChoices {
  /** Version of the format to write. */
  version?: '0.4' | '0.5';
  /** A folder of files, or the same in one uncompressed zip. */
  container?: 'folder' | 'zip';
  /** OME-Zarr: groups 0, 1, 2... listed in `OME`, also for one image. */
  layout?: 'bioformats2raw';
}

/** What a person may choose about tracks that are written; formats without the choice ignore it. */
export interface TrackWriterChoices {
  /** One file where the format can be one, even where a folder would hold more. */
  container?: 'folder' | 'file';
  /** Version of BDML to write; left out, the one the data came in. */
  bdmlVersion?: '0.18' | '3.0';
  /** Records of BD5: in full precision, or the 64 bytes of single precision of the published files. */
  bd5Layout?: 'full' | 'published';
}

/** Eight lines that are always in memory; readers and writers arrive by `import()` when needed. */
export interface FormatDescriptor {
  readonly id: FormatId;
  /** Name for people. */
  readonly name: string;
  /** What it usually holds; the reader may say better. */
  readonly kind: ItemKind;
  readonly extensions: readonly string[];
  readonly mediaTypes: readonly string[];
  /** Does the reader take the file packed with gzip as well? */
  readonly readsGzip?: boolean;
  /** Recognises one file by content. Never throws for bad data: it answers `undefined`. */
  recognise?(probe: Probe): Promise<Recognition | undefined> | Recognition | undefined;
  /** Recognises a folder that is itself one item (OME-Zarr, CMSO package). `folder` is the path in the tree, `''` for its root. */
  recogniseFolder?(tree: FileTree, folder: string): Promise<Recognition | undefined> | Recognition | undefined;
  /** What asks more of a file than its reader does; `validate` runs it. */
  readonly checker?: () => Promise<FormatChecker>;
  readonly tracks?: { reader(): Promise<TrackReader>; writer?(choices?: TrackWriterChoices): Promise<TrackWriter> };
  readonly images?: {
    reader(): Promise<ImageReader>;
    writer?(choices?: ImageWriterChoices): Promise<ImageWriter>;
    /** Checks an item against every rule of the format's specification, for `validate`. */
    check?(): Promise<(item: Item, signal?: AbortSignal) => Promise<Issue[]>>;
  };
}
