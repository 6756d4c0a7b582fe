import type { Box } from '../containers/hdf5/boxes.ts';

/** What something in a file is. `table`: rows of named columns; `link`: leads nowhere, or to another file. */
export type InsideKind = 'group' | 'array' | 'table' | 'type' | 'link' | 'unreadable';

/** One thing in the tree of a file. */
export interface InsideNode {
  /** From the root, beginning with `/`. */
  path: string;
  name: string;
  kind: InsideKind;
  /** Lengths of the axes of an array or table; empty for a single value. */
  shape?: readonly number[];
  /** Name of the type of the values, such as `uint16`. */
  type?: string;
  /** How many things a group holds, where that is known without reading further. */
  members?: number;
  /** Where a link leads, or why the thing cannot be read. */
  note?: string;
}

/** A named value at a group, array or table. */
export interface InsideAttribute {
  name: string;
  type: string;
  shape: readonly number[];
  /** The value written out; long ones end in `…`. */
  value: string;
}

/** All there is to say of a thing before its values. */
export interface InsideDetails extends InsideNode {
  attributes: InsideAttribute[];
  /** Columns of a table. */
  columns?: { name: string; type: string }[];
  /** Lengths the axes may grow to; `Infinity` without limit. Left out where they are the shape. */
  maxShape?: readonly number[];
  /** Lengths of a chunk. */
  chunk?: readonly number[];
  /** How the values are packed, in the order of writing. */
  filters?: readonly string[];
  /** `compact`, `contiguous`, `chunked`, `virtual`. */
  storage?: string;
  /** Bytes of all values unpacked. */
  bytes?: number;
}

/** Which part of the values to show. */
export interface InsideWindow {
  /**
   * First row and how many. Rows of an array run along the axis before the last one, or along the only one; those of a
   * table along the last axis that is not of length 1, as in the BD5 tables of shape (n,1).
   */
  row: number;
  rows: number;
  /** First column and how many; columns are those of a table, or run along the last axis. */
  column: number;
  columns: number;
  /** Place on every axis before those of rows and columns. */
  fixed: readonly number[];
}

/** A window of values as text, ready to be shown. */
export interface InsidePage {
  window: InsideWindow;
  /** Rows and columns in all. */
  rowCount: number;
  columnCount: number;
  /** Names of the columns of a table; their numbers for an array. */
  columnNames: string[];
  /** Cells row by row; long ones end in `…`. */
  cells: string[][];
}

/** A part of the members of a group. */
export interface InsideMembers {
  nodes: InsideNode[];
  /** How many members the group has. */
  total: number;
}

/** A file one looks into. Nothing is read but what is asked for. */
export interface InsideFile {
  format: 'hdf5' | 'zarr';
  /** Version of the format, as `superblock 0` or `2`. */
  version: string;
  /** Bytes the file is shorter than it says. */
  missingBytes: number;
  /** Members of a group in the order of their names (numbers by their value), from one of them on. */
  members(path: string, from?: number, most?: number, signal?: AbortSignal): Promise<InsideMembers>;
  /** @throws InsideFault where nothing lies at the path or it cannot be read */
  details(path: string, signal?: AbortSignal): Promise<InsideDetails>;
  /** Values of an array or table. @throws InsideFault where they cannot be read */
  page(path: string, window: InsideWindow, signal?: AbortSignal): Promise<InsidePage>;
}

/** A part of a file that cannot be shown, with the reason in words. */
export class InsideFault extends Error {
  override readonly name = 'InsideFault';
}

/** Members of a group listed at once. */
export const membersAtOnce = 200;
/** Most rows and columns of a window. */
export const mostRows = 500;
export const mostColumns = 100;

/** Order of names in which `9` comes before `10`. */
export const naturalOrder = (a: string, b: string): number => collator.compare(a, b);
const collator = new Intl.Collator('en', { numeric: true });

/** The window as it can be: inside the values, and not larger than a screen needs. */
export function fittingWindow(
  shape: readonly number[],
  tableColumns: number | undefined,
  asked: InsideWindow,
): InsideWindow {
  const { rowCount, columnCount } = countsOf(shape, tableColumns);
  const within = (value: number, length: number): number =>
    Math.max(0, Math.min(Math.trunc(value) || 0, Math.max(0, length - 1)));
  const row = within(asked.row, rowCount);
  const column = within(asked.column, columnCount);
  const size = (value: number, most: number, left: number): number =>
    Math.max(0, Math.min(Math.trunc(value) || 0, most, left));
  const fixedAxes = shape.slice(0, tableColumns === undefined ? Math.max(0, shape.length - 2) : rowAxisOf(shape));
  return {
    row,
    rows: size(asked.rows, mostRows, rowCount - row),
    column,
    columns: size(asked.columns, mostColumns, columnCount - column),
    fixed: fixedAxes.map((length, axis) => within(asked.fixed[axis] ?? 0, length)),
  };
}

/** The axis along which the records of a table run: the last one that is not of length 1. */
function rowAxisOf(shape: readonly number[]): number {
  const axis = shape.findLastIndex((length) => length !== 1);
  return axis < 0 ? Math.max(0, shape.length - 1) : axis;
}

/** Rows and columns of values of a shape: those of a table, else the last two axes. */
export function countsOf(
  shape: readonly number[],
  tableColumns: number | undefined,
): { rowCount: number; columnCount: number } {
  if (tableColumns !== undefined) return { rowCount: shape[rowAxisOf(shape)] ?? 1, columnCount: tableColumns };
  if (shape.length < 2) return { rowCount: shape[0] ?? 1, columnCount: 1 };
  return { rowCount: shape.at(-2)!, columnCount: shape.at(-1)! };
}

/** The block of an array a window shows. */
export function boxOf(shape: readonly number[], isTable: boolean, window: InsideWindow): Box {
  if (shape.length === 0) return { start: [], count: [] };
  const ones = window.fixed.map(() => 1);
  if (isTable || shape.length === 1) {
    // Axes behind that of the rows have one place each.
    const behind = shape.slice(window.fixed.length + 1);
    return {
      start: [...window.fixed, window.row, ...behind.map(() => 0)],
      count: [...ones, window.rows, ...behind],
    };
  }
  return {
    start: [...window.fixed, window.row, window.column],
    count: [...ones, window.rows, window.columns],
  };
}
