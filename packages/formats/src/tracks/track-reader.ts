import type {
  Column,
  ColumnDescription,
  EntityKind,
  Issue,
  SpaceUnit,
  TimeUnit,
  TrackProvenance,
  TrackSet,
} from '@micrarium/model';
import type { WrittenZipEntry } from '../containers/zip/write-zip.ts';
import type { Item } from '../recognition/item.ts';
import type { Surviving } from './loss/surviving.ts';

/** Options every reader takes. */
export interface ReadOptions {
  signal?: AbortSignal;
  /** Fraction done, 0..1, at most a few times a second. */
  onProgress?(fraction: number): void;
  /** Corrections to the guessed column mapping of a delimited table; ignored by formats that name their columns. */
  mapping?: ColumnMapping;
  /** Column mappings remembered by the shape of a table's header (`shapeKey`); `mapping` goes before them. */
  mappings?: Readonly<Record<string, ColumnMapping>>;
  /**
   * Only the graph is wanted: ids, frames, times, positions and edges. Readers may then give feature columns without
   * values (every row absent) and leave out shapes, where that is quicker.
   */
  graphOnly?: boolean;
}

/** Which column of a table means what. Column names as in the header (`#1`, `#2`... where there is none). */
export interface ColumnMapping {
  x?: string;
  y?: string;
  z?: string;
  /** Frame index column. */
  frame?: string;
  /** Physical time column. */
  time?: string;
  track?: string;
  objectId?: string;
  /** Column with the id of the preceding object. */
  parent?: string;
  label?: string;
  spaceUnit?: SpaceUnit;
  timeUnit?: TimeUnit;
  /** 0 or 1: the frame number of the first frame of the film. */
  frameBase?: number;
}

/** What is known of a set before its rows come. */
export interface SetHeader {
  name: string;
  spaceUnit?: SpaceUnit;
  timeUnit?: TimeUnit;
  sourceSpaceUnit?: string;
  sourceTimeUnit?: string;
  sourceFrameBase?: number;
  entity: EntityKind;
  /** Has the set a z coordinate, a physical time? Decided before the first row. */
  hasZ: boolean;
  hasTime: boolean;
  /** Declared feature columns of objects and edges. Every batch has exactly these, in this order. */
  objectColumns: readonly ColumnDescription[];
  edgeColumns: readonly ColumnDescription[];
  provenance: TrackProvenance;
  /** How many objects and edges are to come, at most, where the reader knows: room can be made at once. */
  expected?: { objects: number; edges: number };
}

/** Some rows of the object table, by column. `shapes` as in the model, for these rows. */
export interface ObjectBatch {
  count: number;
  id: Float64Array;
  frame: Int32Array;
  time?: Float64Array;
  x: Float64Array;
  y: Float64Array;
  z?: Float64Array;
  columns: Column[];
  shapes?: TrackSet['objects']['shapes'];
}

/** Some edges, by the ids of their objects (not rows: objects may still be to come). Oriented as the source wrote them. */
export interface EdgeBatch {
  count: number;
  sourceId: Float64Array;
  targetId: Float64Array;
  columns: Column[];
}

/**
 * Takes a set as it streams by. Order: `header`, then any mix of `objects` and `edges`, then `sourceTracks` once at
 * most, then `end`; then the next set. Calls are awaited, so a slow sink slows the reader and memory stays bounded.
 */
export interface TrackSink {
  /** Keeps nothing of a batch of objects once the call is answered, so that the reader may use its arrays again. */
  readonly keepsNoBatch?: true;
  header(header: SetHeader): void | Promise<void>;
  objects(batch: ObjectBatch): void | Promise<void>;
  edges(batch: EdgeBatch): void | Promise<void>;
  sourceTracks?(columns: Column[], count: number): void | Promise<void>;
  end(): void | Promise<void>;
}

/**
 * Reads tracks or objects from an item. One reader, two ways: `stream` gives batches of bounded size; `readTrackSets`
 * (in `collect.ts`) runs the same stream into `TrackSet`s. Problems of the data come back as issues; nothing is thrown for them.
 * Orientation, duplicates and dangling edges are checked by the collector and the index, once for all formats.
 */
export interface TrackReader {
  stream(item: Item, sink: TrackSink, options?: ReadOptions): Promise<{ issues: Issue[]; formatVersion?: string }>;
}

/** Where a writer puts its files: one file, or several below a folder or in a zip. Paths are relative, with `/`. */
export interface FileSink {
  /** Opens a new file for writing in order. */
  create(path: string): Promise<FileSinkWriter>;
  /**
   * What a run that was broken off left of a zip: `create` of that path then goes on behind it. Left out by sinks that
   * keep nothing.
   * @param onBytes given every byte that is kept, in order
   */
  left?(path: string, onBytes?: (bytes: Uint8Array) => void): Promise<LeftBehind | undefined>;
}

/** One file being written. */
export interface FileSinkWriter {
  /** Nothing of what it is given is held once `write` has answered: its memory may be given back then. */
  readonly keepsNothing?: true;
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** What a run of a writer that was broken off left behind, complete and in order. */
export interface LeftBehind {
  /** Files of a folder by their paths; where the target is one zip, its entries. */
  readonly files: readonly string[];
  /** Of a zip: the same entries with their places, behind which the sink's file goes on. */
  readonly entries?: readonly WrittenZipEntry[];
}

/** Options every writer takes. */
export interface WriteOptions {
  signal?: AbortSignal;
  /** Of an earlier run with the same input and choices: writers that can go on behind it, others write anew. */
  left?: LeftBehind;
  onProgress?(fraction: number): void;
  /** Name of the data set, for formats that carry one. */
  title?: string;
}

/** Writes sets in one format: strict, complete, and honest about what the format cannot hold. */
export interface TrackWriter {
  /** `file`: one file named by the caller. `folder`: several files below one folder. */
  readonly layout: 'file' | 'folder';
  readonly extension: string;
  /** What the target cannot hold of these sets; asked before a byte is written. Empty means nothing is lost. */
  losses(sets: readonly TrackSet[]): Issue[];
  /**
   * What of each set is there when it is read back: the losses are the difference. Nothing for a set that is left out.
   * Tests hold this to what really comes back.
   */
  surviving?(sets: readonly TrackSet[]): (Surviving | undefined)[];
  /** Writes; for layout `file` exactly one file, at the path `''`. */
  write(sets: readonly TrackSet[], sink: FileSink, options?: WriteOptions): Promise<void>;
  /**
   * Takes the stream of a reader in the place of sets, in less memory than those: for files of millions of objects.
   * Left out by writers that need sets.
   * @param file name of the file read, for issues
   */
  gather?(file: string): Gathering;
}

/** Sets on their way from a reader to a writer. */
export interface Gathering {
  /** Where the reader's stream goes. */
  readonly sink: TrackSink;
  /** What was gathered, once the reader is done. Called once. */
  finish(): Gathered;
}

/** Sets that a writer gathered. */
export interface Gathered {
  /** What was wrong with the graph, as `readTrackSets` says it. */
  issues: Issue[];
  objects: number;
  /** The sets without their columns of text, for findings. */
  readonly sets: readonly TrackSet[];
  /** As `losses` and `write` of the writer. */
  losses(): Issue[];
  write(sink: FileSink, options?: WriteOptions): Promise<void>;
}
