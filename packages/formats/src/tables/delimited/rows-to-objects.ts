import { ColumnBuilder } from '@micrarium/model';
import type { ColumnMapping, EdgeBatch, ObjectBatch } from '../../tracks/track-reader.ts';
import { isMissingCell, parseNumber } from './cell-values.ts';
import { type ChainEdges, edgesAlongChains } from './chain-edges.ts';
import type { IssueTally, TableIssueCode } from './issues.ts';
import { NumberList } from './id-index.ts';
import { type TablePlan, isNoReference } from './table-plan.ts';
import type { TableRow } from './table-scan.ts';

/** Turns rows of a table into batches of objects and, at the end, edges. Keeps 20 bytes an object. */
export class RowsToObjects {
  private readonly plan: TablePlan;
  private readonly mapping: ColumnMapping;
  private readonly decimalComma: boolean;
  private readonly tally: IssueTally<TableIssueCode>;
  private readonly tracks = new Map<string, number>();
  private readonly trackNames: string[] = [];
  private readonly trackOf = new NumberList();
  private readonly frameOf = new NumberList();
  private readonly idOf = new NumberList();
  private untracked = 0;

  constructor(plan: TablePlan, mapping: ColumnMapping, decimalComma: boolean, tally: IssueTally<TableIssueCode>) {
    this.plan = plan;
    this.mapping = mapping;
    this.decimalComma = decimalComma;
    this.tally = tally;
  }

  /** Objects of some rows, and the edges their parent column names. */
  take(rows: readonly TableRow[]): { objects: ObjectBatch; parents: EdgeBatch } {
    const { plan } = this;
    const room = rows.length;
    const id = new Float64Array(room);
    const frame = new Int32Array(room);
    const time = new Float64Array(room);
    const x = new Float64Array(room);
    const y = new Float64Array(room);
    const z = new Float64Array(room);
    const builders = plan.kept.map(({ description }) => new ColumnBuilder(description, room));
    const sourceId: number[] = [];
    const targetId: number[] = [];
    let count = 0;
    for (const row of rows) {
      const when = this.frameAndTime(row);
      if (!when) continue;
      id[count] = plan.ids ? this.number(row, plan.at.objectId) : row.row;
      frame[count] = when.frame;
      time[count] = when.time;
      x[count] = this.position(row, plan.at.x, this.mapping.x!);
      y[count] = this.position(row, plan.at.y, this.mapping.y!);
      if (plan.hasZ) z[count] = this.position(row, plan.at.z, this.mapping.z!);
      for (let i = 0; i < builders.length; i++) builders[i]!.set(count, this.value(row, plan.kept[i]!));
      const parent = this.parentOf(row);
      if (parent !== undefined) {
        sourceId.push(parent);
        targetId.push(id[count]!);
      }
      this.remember(id[count]!, when.frame, row);
      count++;
    }
    const objects = {
      count,
      id,
      frame,
      ...(plan.at.time >= 0 ? { time } : {}),
      x,
      y,
      ...(plan.hasZ ? { z } : {}),
      columns: builders.map((builder) => builder.finish(count)),
    };
    const parents = {
      count: sourceId.length,
      sourceId: Float64Array.from(sourceId),
      targetId: Float64Array.from(targetId),
      columns: [],
    };
    return { objects, parents };
  }

  /** Edges along the tracks in time order; none where the parent column tells the edges. */
  trackEdges(): EdgeBatch | undefined {
    const { plan } = this;
    if (plan.at.parent >= 0 && plan.ids) return undefined;
    if (plan.at.track < 0 && !plan.tracksByBlankLines) return undefined;
    const count = this.trackOf.length;
    const row = new Uint32Array(count);
    for (let i = 0; i < count; i++) row[i] = i;
    const edges = edgesAlongChains({ count, chain: this.trackOf.toInt32(), row, frame: this.frameOf.toInt32() });
    this.noteAmbiguous(edges);
    const ids = (rows: Uint32Array) => {
      const named = new Float64Array(edges.count);
      for (let i = 0; i < edges.count; i++) named[i] = this.idOf.at(rows[i]!);
      return named;
    };
    return { count: edges.count, sourceId: ids(edges.source), targetId: ids(edges.target), columns: [] };
  }

  /** Objects in no track, where the table has tracks. */
  get untrackedObjects(): number {
    return this.untracked;
  }

  private noteAmbiguous(edges: ChainEdges): void {
    const at = this.mapping.track;
    for (let i = 0; i < edges.ambiguousCount; i++) {
      const { chain, frame, objects } = edges.ambiguous[Math.min(i, edges.ambiguous.length - 1)]!;
      const written = frame + this.plan.frameShift;
      this.tally.note(
        'duplicate-frame-in-track',
        at === undefined ? {} : { column: at },
        `track ${this.trackNames[chain] ?? chain + 1}, frame ${written}: ${objects} objects`,
      );
    }
  }

  private remember(id: number, frame: number, row: TableRow): void {
    this.idOf.push(id);
    this.frameOf.push(frame);
    this.trackOf.push(this.trackNumber(row));
  }

  private trackNumber(row: TableRow): number {
    if (this.plan.tracksByBlankLines) return row.block;
    if (this.plan.at.track < 0) return -1;
    const name = (row.cells[this.plan.at.track] ?? '').trim();
    if (isNoReference(name)) {
      this.untracked++;
      return -1;
    }
    let track = this.tracks.get(name);
    if (track === undefined) {
      this.tracks.set(name, (track = this.trackNames.length));
      this.trackNames.push(name);
    }
    return track;
  }

  private frameAndTime(row: TableRow): { frame: number; time: number } | undefined {
    const { at, times, frameShift } = this.plan;
    const time = this.number(row, at.time);
    if (at.frame < 0 && at.time < 0) return { frame: 0, time };
    const written = at.frame >= 0 ? this.number(row, at.frame) : (times?.frameOf.get(time) ?? Number.NaN);
    const frame = Math.round(written) - (at.frame >= 0 ? frameShift : 0);
    if (Number.isFinite(frame) && Math.abs(frame) < 2 ** 31) return { frame, time };
    this.tally.note('row-without-frame', { line: row.line, row: row.row + 1 }, `line ${row.line}`);
    return undefined;
  }

  private position(row: TableRow, at: number, column: string): number {
    const cell = row.cells[at] ?? '';
    const value = parseNumber(cell, this.decimalComma);
    if (value !== undefined) return value;
    if (!isMissingCell(cell))
      this.tally.note('not-a-number', { line: row.line, row: row.row + 1, column }, `line ${row.line}: "${cell}"`);
    return Number.NaN;
  }

  private number(row: TableRow, at: number): number {
    return at < 0 ? Number.NaN : (parseNumber(row.cells[at] ?? '', this.decimalComma) ?? Number.NaN);
  }

  private value(row: TableRow, kept: TablePlan['kept'][number]): number | string | boolean | undefined {
    const cell = row.cells[kept.position];
    if (cell === undefined || isMissingCell(cell)) return undefined;
    if (kept.description.type === 'string') return cell;
    if (kept.description.type === 'bool') return cell.trim().toLowerCase() === 'true';
    return parseNumber(cell, this.decimalComma);
  }

  private parentOf(row: TableRow): number | undefined {
    const { at, ids, zeroIsId } = this.plan;
    if (at.parent < 0 || !ids) return undefined;
    const cell = row.cells[at.parent] ?? '';
    if (isNoReference(cell)) return undefined;
    const parent = parseNumber(cell, this.decimalComma);
    return parent === undefined || Number.isNaN(parent) || (parent === 0 && !zeroIsId) ? undefined : parent;
  }
}
