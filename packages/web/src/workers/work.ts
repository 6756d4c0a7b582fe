import type { ColumnMapping, DelimitedHead, InspectReport } from '@micrarium/formats';

/** A file a worker may read: one of this browser, or one the server has. Nothing is read until needed. */
export interface WorkFile {
  /** Path in the study. */
  path: string;
  size: number;
  modifiedAt?: number;
  /** The file itself, where it was dropped here. */
  file?: File;
  /** Where the server serves it by range, else. */
  url?: string;
}

/** Many files by name and size alone, cheap to hand over; a worker asks for those it opens. */
export interface FileList {
  /** Paths in the study, each ended by NUL. */
  paths: string;
  /** Bytes of each. */
  sizes: Float64Array;
  /** Milliseconds since 1970 of the last change of each. */
  times: Float64Array;
  /** 1 where a file is in an item found before. */
  taken: Uint8Array;
}

/** An item found among files; small ones and pictures are read in the same go. */
export interface FoundItem {
  path: string;
  /** Paths of its members. */
  files: string[];
  format: string;
  /** Sum of its files. */
  bytes: number;
  /** Left out where reading may take long: that is a task of its own. */
  report?: InspectReport;
  /** Columns that were corrected before in a table of this shape, and were used. */
  mapping?: ColumnMapping;
}

/** Some items of a list; more are found by asking again, with these taken. */
export interface FoundItems {
  items: FoundItem[];
  /** Is every file of the list in an item now? */
  isWhole: boolean;
}

/** An item is the same as before where this is: nothing is read again. */
export function itemKey(item: Pick<FoundItem, 'path' | 'files' | 'format' | 'bytes'>): string {
  return `${item.path}\u0001${item.format}\u0001${item.files.length}\u0001${item.bytes}`;
}

/** One plane of an image, ready to be put on a canvas: grey or colour, contrast stretched to the plane's 0.1 to 99.9 %. */
export interface PlanePicture {
  /** Size of the full plane. */
  fullWidth: number;
  fullHeight: number;
  /** Size of the picture: at most 1024 on its longer side. */
  width: number;
  height: number;
  /** RGBA. */
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Where the objects of a set are. */
export interface Positions {
  count: number;
  frame: Int32Array;
  x: Float64Array;
  y: Float64Array;
  z?: Float64Array;
}

/** What a worker can be asked. */
export type Task =
  /** `known`: keys of items that are read, each ended by NUL; `remembered`: corrected columns by shape. */
  | { kind: 'find'; list: FileList; known: string; remembered: Record<string, ColumnMapping> }
  | { kind: 'inspect'; files: WorkFile[]; path: string; mapping?: ColumnMapping }
  | { kind: 'digest'; file: File }
  | { kind: 'table'; files: WorkFile[]; path: string }
  | { kind: 'plane'; files: WorkFile[]; path: string; image: number; t: number; c: number; z: number }
  | { kind: 'positions'; files: WorkFile[]; path: string; part: number; mapping?: ColumnMapping };

/** What it answers. */
export interface Answers {
  find: FoundItems;
  inspect: InspectReport;
  digest: string;
  table: DelimitedHead | undefined;
  plane: PlanePicture;
  positions: Positions;
}

/** To a worker. Many files travel ahead of their task, some at a time. */
export type ToWorker =
  | { id: number; files: WorkFile[] }
  | { id: number; task: Task }
  | { id: number; supplied: { index: number; file?: File }[] }
  | { id: number; stop: true };

/** From a worker. */
export type FromWorker =
  | { id: number; progress: number }
  /** Files of the list to be opened next, by index. */
  | { id: number; want: number[] }
  | { id: number; answer: Answers[Task['kind']] }
  | { id: number; failed: string };
