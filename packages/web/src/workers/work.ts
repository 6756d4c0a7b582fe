import type { ColumnMapping, DelimitedHead, InspectReport } from '@micrarium/formats';

/** A file that can be read here: one of this browser, or one the server has. Nothing is read until needed. */
export interface WorkFile {
  /** Path in the study. */
  readonly path: string;
  readonly size: number;
  readonly modifiedAt?: number;
  /** Opens the file itself, where it was dropped here. */
  open?(): Promise<File>;
  /** Where the server serves it by range, else. */
  readonly url?: string;
}

/** Files by name and size alone, cheap to hand over however many they are; a worker asks for what it reads of them. */
export interface FileList {
  /** Paths in the study, each ended by NUL. */
  paths: string;
  /** Bytes of each. */
  sizes: Float64Array;
  /** Milliseconds since 1970 of the last change of each; NaN where nobody knows. */
  times: Float64Array;
  /** 1 where the page has the file and supplies it; 0 where the server has it. */
  here: Uint8Array;
  /** Address below which the server serves its files by range. */
  server: string;
}

/** What a worker wants of a file of the page: some bytes, or the file itself where it will read much of it. */
export interface Want {
  /** Comes back with the answer. */
  key: number;
  path: string;
  range?: { offset: number; length: number };
}

/** What the page gives for it. */
export type Supplied = { key: number } & ({ bytes: ArrayBuffer } | { file: File } | { failed: string });

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
  | { kind: 'find'; files: FileList; known: string; remembered: Record<string, ColumnMapping> }
  | { kind: 'inspect'; files: FileList; path: string; mapping?: ColumnMapping }
  /** Of the one file of the list. */
  | { kind: 'digest'; files: FileList }
  | { kind: 'table'; files: FileList; path: string }
  | { kind: 'plane'; files: FileList; path: string; image: number; t: number; c: number; z: number }
  | { kind: 'positions'; files: FileList; path: string; part: number; mapping?: ColumnMapping };

/** What it answers. */
export interface Answers {
  /** How many items were found; they came before, some at a time. */
  find: number;
  inspect: InspectReport;
  digest: string;
  table: DelimitedHead | undefined;
  plane: PlanePicture;
  positions: Positions;
}

/** To a worker. */
export type ToWorker = { id: number; task: Task } | { id: number; supplied: Supplied };

/** From a worker. */
export type FromWorker =
  | { id: number; progress: number }
  | { id: number; want: Want[] }
  /** Items found since the last time. */
  | { id: number; found: FoundItem[] }
  | { id: number; answer: Answers[Task['kind']] }
  | { id: number; failed: string };
