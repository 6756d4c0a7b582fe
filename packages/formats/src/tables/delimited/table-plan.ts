import type { ColumnDescription } from '@micrarium/model';
import type { ColumnMapping } from '../../tracks/track-reader.ts';
import { isMissingCell, parseNumber } from './cell-values.ts';
import type { TableDialect } from './dialect.ts';
import type { IssueTally, TableIssueCode } from './issues.ts';
import { IdIndex, NumberList } from './id-index.ts';
import { type FrameNumbering, numberTimes } from './time-frames.ts';
import { type TableRow, type TableScan, scanRows } from './table-scan.ts';

/** Column positions of the mapping's roles; -1 where a role has none. */
export type RolePositions = Record<'x' | 'y' | 'z' | 'frame' | 'time' | 'track' | 'objectId' | 'parent', number>;

/** All that must be known of a table before its rows can become objects. */
export interface TablePlan {
  scan: TableScan;
  at: RolePositions;
  hasZ: boolean;
  /** Frames of times, where the table has no frame column. */
  times: FrameNumbering | undefined;
  /** Smallest frame as written; infinite where there is none. */
  firstFrame: number;
  /** Number to subtract from frames as written. */
  frameShift: number;
  /** Unique numeric ids by row; left out where objects are numbered by row. */
  ids: IdIndex | undefined;
  /** Does the parent column name ids of the table (0 counting as one)? */
  zeroIsId: boolean;
  /** Are blank lines the only thing that separates tracks? */
  tracksByBlankLines: boolean;
  /** Columns kept beside position and time, with their place in the row. */
  kept: { description: ColumnDescription; position: number }[];
}

/** What must be known of a table's columns to read its rows. */
export type RowDialect = Pick<TableDialect, 'header' | 'units' | 'decimalComma'>;

/** Most distinct times that can become frames. */
const maxTimes = 5_000_000;

/** Goes over the table once and decides how its rows become objects. */
export async function planTable(
  dialect: RowDialect,
  rows: AsyncIterable<readonly TableRow[]>,
  mapping: ColumnMapping,
  tally: IssueTally<TableIssueCode>,
): Promise<TablePlan> {
  const at = positionsOf(dialect.header, mapping);
  const facts = new WholeTable(dialect, at);
  const scan = await scanRows(dialect, rows, (row) => facts.see(row));
  if (facts.times.size > maxTimes)
    tally.note('too-many-times', { column: mapping.time ?? '' }, `${facts.times.size} times`);
  const ids = scan.columns[at.objectId]?.type === 'int' ? new IdIndex(facts.ids.toArray()) : undefined;
  const unique = ids !== undefined && ids.repeated === 0 && facts.ids.length === scan.rows;
  if (at.objectId >= 0 && ids && !unique)
    tally.note('object-id-not-unique', { column: dialect.header[at.objectId]! }, `${ids.repeated} repeated ids`);
  const used = new Set([
    at.x,
    at.y,
    at.z,
    at.frame,
    at.time,
    ...(unique ? [at.objectId] : []),
    ...(unique ? [at.parent] : []),
  ]);
  return {
    scan,
    at,
    hasZ: at.z >= 0 && facts.anyZ,
    times: at.frame < 0 && at.time >= 0 ? numberTimes(facts.times) : undefined,
    firstFrame: facts.firstFrame,
    frameShift: mapping.frameBase ?? 0,
    ids: unique ? ids : undefined,
    zeroIsId: unique && ids.rowOf(0) >= 0,
    tracksByBlankLines: at.track < 0 && at.parent < 0 && scan.lastBlock > 0,
    kept: scan.columns.flatMap((column, position) => {
      const description = position === at.track ? { ...column, role: 'track' as const } : column;
      return used.has(position) ? [] : [{ description, position }];
    }),
  };
}

function positionsOf(header: readonly string[], mapping: ColumnMapping): RolePositions {
  const at = (name: string | undefined) => (name === undefined ? -1 : header.indexOf(name));
  return {
    x: at(mapping.x),
    y: at(mapping.y),
    z: at(mapping.z),
    frame: at(mapping.frame),
    time: at(mapping.time),
    track: at(mapping.track),
    objectId: at(mapping.objectId),
    parent: at(mapping.parent),
  };
}

/** Facts that need every row: distinct times, ids, first frame, whether z is ever other than 0. */
class WholeTable {
  readonly times = new Set<number>();
  readonly ids = new NumberList();
  firstFrame = Number.POSITIVE_INFINITY;
  anyZ = false;
  private readonly dialect: RowDialect;
  private readonly at: RolePositions;

  constructor(dialect: RowDialect, at: RolePositions) {
    this.dialect = dialect;
    this.at = at;
  }

  see(row: TableRow): void {
    const { at, dialect } = this;
    const number = (position: number) =>
      position < 0 ? undefined : parseNumber(row.cells[position] ?? '', dialect.decimalComma);
    if (at.frame >= 0) this.firstFrame = Math.min(this.firstFrame, number(at.frame) ?? Number.POSITIVE_INFINITY);
    else if (at.time >= 0 && this.times.size <= maxTimes) {
      const time = number(at.time);
      if (time !== undefined && Number.isFinite(time)) this.times.add(time);
    }
    if (at.objectId >= 0) {
      const id = number(at.objectId);
      if (id !== undefined && Number.isSafeInteger(id)) this.ids.push(id);
    }
    if (!this.anyZ && at.z >= 0) {
      const z = number(at.z);
      this.anyZ = z !== undefined && z !== 0;
    }
  }
}

/** Is the cell empty, or one of the marks for "no track" and "no parent"? */
export function isNoReference(cell: string): boolean {
  return isMissingCell(cell) || cell.trim() === '-1' || /^nan$/i.test(cell.trim());
}
