/** How a result is written. */
export type ResultFormat = 'json' | 'csv' | 'ndjson' | 'parquet' | 'arrow';

/** What a query may take. */
export interface QueryLimits {
  /** Of the engine's buffers; the process may take half as much again for what lies beside them. */
  megabytes: number;
  threads: number;
  seconds: number;
}

/** First word to the process: what is to be run. It answers what the statement needs. */
export interface AskedQuery {
  kind: 'ask';
  statement: string;
}

/** Second word: what the views are made of, and how the result is wanted. */
export interface GivenData {
  kind: 'run';
  /** Files that may be read. */
  paths: readonly string[];
  /** Statements that make views of them. */
  views: readonly string[];
  /** Rows of the catalogue, as JSON. */
  rows: readonly { create: string; fill: string; json: string }[];
  format: ResultFormat;
  /** Rows of the result, at most. */
  rowLimit: number;
  /** Where the result is written, unless it is JSON; an absolute path. */
  file?: string;
}

/** A column of a result. */
export interface ResultColumn {
  name: string;
  /** As DuckDB names it. */
  type: string;
}

/** A value in JSON. Numbers that are none are `null`. */
export type ResultValue =
  | string
  | number
  | boolean
  | null
  | readonly ResultValue[]
  | { readonly [name: string]: ResultValue };

/** Why a statement gave no result. */
export type QueryFault = 'refused' | 'failed' | 'over-limit' | 'unavailable';

/** What the process answers. */
export type QueryAnswer =
  | { kind: 'ready' }
  | { kind: 'needs'; views: string[]; columns: string[] | undefined }
  | { kind: 'fault'; fault: QueryFault; message: string }
  | {
      kind: 'done';
      columns: ResultColumn[];
      /** Only where the result is JSON. */
      rows: ResultValue[][] | undefined;
      rowCount: number;
      isCut: boolean;
      milliseconds: number;
    };
