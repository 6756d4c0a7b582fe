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

/** An item found among files, before its content is read. */
export interface FoundItem {
  path: string;
  /** Paths of its members. */
  files: string[];
  format: string;
  /** Already there for items of formats that nothing is read of: documents, archives, what is unknown. */
  report?: InspectReport;
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
  | { kind: 'find'; files: WorkFile[] }
  | { kind: 'inspect'; files: WorkFile[]; path: string; mapping?: ColumnMapping }
  | { kind: 'digest'; file: File }
  | { kind: 'table'; files: WorkFile[]; path: string }
  | { kind: 'plane'; files: WorkFile[]; path: string; image: number; t: number; c: number; z: number }
  | { kind: 'positions'; files: WorkFile[]; path: string; part: number; mapping?: ColumnMapping };

/** What it answers. */
export interface Answers {
  find: FoundItem[];
  inspect: InspectReport;
  digest: string;
  table: DelimitedHead | undefined;
  plane: PlanePicture;
  positions: Positions;
}

/** To a worker. Many files travel ahead of their task, some at a time. */
export type ToWorker = { id: number; files: WorkFile[] } | { id: number; task: Task } | { id: number; stop: true };

/** From a worker. */
export type FromWorker =
  | { id: number; progress: number }
  | { id: number; answer: Answers[Task['kind']] }
  | { id: number; failed: string };
