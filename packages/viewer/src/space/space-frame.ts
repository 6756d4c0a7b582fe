import type { ColumnDescription } from '@micrarium/model';
import { type ByteSource, metadataKey, type ParquetGroup, type TableDescription } from '@micrarium/formats';
import { RangeTable, type SlabColumn } from './range-table.ts';
import { boundsOfColumn, groupsOfFrames, isStoredByTime } from './slab-plan.ts';

/** A feature of the objects of one frame: one value an object, in the order of the frame. */
export interface FrameFeature extends ColumnDescription {
  values: Float64Array | string[];
  missing?: Uint8Array;
}

/** The objects of one time point, all of them. */
export interface SpaceFrame {
  frame: number;
  count: number;
  /** Rows of the object table. */
  rows: Uint32Array;
  id: Float64Array;
  /** x, y, z of each object, interleaved, in the unit of the set; z is 0 for planar sets. NaN where an object has no position. */
  xyz: Float64Array;
  /** Stored track, -1 for none. */
  track: Int32Array;
  /** Physical time of the first object, where the set has times. */
  time?: number;
  /** By the name the feature has in the set. */
  features: Map<string, FrameFeature>;
}

/** A row group as it was read. */
interface Slab {
  start: number;
  columns: ReadonlyMap<string, SlabColumn>;
}

/** Columns of every set that are read of each frame. */
const ownColumns = ['object_id', 'frame', 'time', 'x', 'y', 'z', 'track_id'];

/** The objects of a set in time, read frame by frame from its stored table. */
export class ObjectSlabs {
  readonly table: RangeTable;
  readonly description: TableDescription | undefined;
  /** Features with a unit where one is known; positions, frame and time are features too. */
  readonly features: readonly ColumnDescription[];
  readonly isPlanar: boolean;
  /** False where a time point lies all over the table: then all positions are read for the first one. */
  readonly isStoredByTime: boolean;
  private readonly storedNames: ReadonlyMap<string, string>;
  private readonly own: readonly string[];
  /** Of columns that hold infinite values: the bounds of the others. */
  private readonly finite = new Map<string, readonly [number, number] | undefined>();

  private constructor(table: RangeTable) {
    this.table = table;
    this.description = describedBy(table.table.metadata.get(metadataKey));
    this.own = ownColumns.filter((name) => table.has(name));
    this.isPlanar = !table.has('z');
    this.isStoredByTime = isStoredByTime(table.groups);
    const own = new Set([...ownColumns, 'link_id']);
    const described =
      this.description?.features ??
      table.table.columns.filter(({ name }) => !own.has(name)).map((column) => ({ ...column, stored: column.name }));
    this.storedNames = new Map(described.map(({ name, stored }) => [name, stored]));
    this.features = described.map(({ stored: _stored, ...column }) => column);
  }

  /** Opens the object table of a set. */
  static async open(source: ByteSource, signal?: AbortSignal): Promise<ObjectSlabs> {
    const slabs = new ObjectSlabs(await RangeTable.open(source));
    await slabs.boundInfinite(signal);
    return slabs;
  }

  /** Smallest and largest finite value of a stored column; `undefined` where it has none, or the table does not say. */
  bounds(stored: string): readonly [number, number] | undefined {
    return this.finite.has(stored) ? this.finite.get(stored) : boundsOfColumn(this.table.groups, stored);
  }

  /** The table says the bounds of a column with infinite values as infinite, which no colour or size goes up to: such columns are read. */
  private async boundInfinite(signal: AbortSignal | undefined): Promise<void> {
    for (const { name, type } of this.features) {
      if (type === 'string') continue;
      const stored = this.storedNames.get(name)!;
      const found = boundsOfColumn(this.table.groups, stored);
      if (!found || found.every(Number.isFinite)) continue;
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for await (const { values, missing } of this.table.column(stored, signal))
        for (let row = 0; row < values.length; row++) {
          const value = Number(values[row]);
          if (missing?.[row] === 1 || !Number.isFinite(value)) continue;
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      this.finite.set(stored, low <= high ? [low, high] : undefined);
    }
  }

  /** Name under which a feature is stored; `undefined` where the set has no such feature. */
  storedName(feature: string): string | undefined {
    const stored = this.storedNames.get(feature);
    if (stored !== undefined) return stored;
    return ['x', 'y', 'z', 'frame', 'time'].includes(feature) && this.table.has(feature) ? feature : undefined;
  }

  /** Row groups in which a frame lies. */
  groupsOf(frame: number): number[] {
    return groupsOfFrames(this.table.groups, frame, frame);
  }

  /** All objects of a frame. @param features names of the features that are wanted */
  async frame(frame: number, features: readonly string[] = [], signal?: AbortSignal): Promise<SpaceFrame> {
    const wanted = features.filter((name) => this.storedName(name) !== undefined);
    const names = [...new Set([...this.own, ...wanted.map((name) => this.storedName(name)!)])];
    const groups = this.groupsOf(frame);
    const slabs = await this.slabs(groups, names, signal);
    const picks = slabs.map(({ columns }) => rowsOfFrame(columns.get('frame')!.values as ArrayLike<number>, frame));
    const count = picks.reduce((sum, pick) => sum + pick.length, 0);
    let [slab, before] = [0, 0];
    // Called with 0, 1, 2 …: the slab moves on when its rows are through.
    const at = (index: number): [Slab, number] => {
      if (index === 0) [slab, before] = [0, 0];
      while (index - before >= picks[slab]!.length) before += picks[slab++]!.length;
      return [slabs[slab]!, picks[slab]![index - before]!];
    };
    return this.assemble(frame, count, at, slabs, wanted);
  }

  /** Objects of any rows, in the order of the rows. @param features names of the features that are wanted */
  async pick(rows: Uint32Array, features: readonly string[] = [], signal?: AbortSignal): Promise<SpaceFrame> {
    const wanted = features.filter((name) => this.storedName(name) !== undefined);
    const names = [...new Set([...this.own, ...wanted.map((name) => this.storedName(name)!)])];
    const { groups } = this.table;
    const slabOf = new Map<number, number>();
    // Which slab each row lies in: rows of one slab mostly follow each other.
    const places = new Uint32Array(rows.length);
    const needed: number[] = [];
    let group = 0;
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at]!;
      if (!(row >= groups[group]!.start && row < groups[group]!.end)) group = groupOfRow(groups, row);
      let slab = slabOf.get(group);
      if (slab === undefined) {
        slab = needed.length;
        slabOf.set(group, slab);
        needed.push(group);
      }
      places[at] = slab;
    }
    const slabs = await this.slabs(needed, names, signal);
    const at = (index: number): [Slab, number] => {
      const slab = slabs[places[index]!]!;
      return [slab, rows[index]! - slab.start];
    };
    return this.assemble(Number.NaN, rows.length, at, slabs, wanted);
  }

  private async slabs(
    groups: readonly number[],
    names: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Slab[]> {
    const read = await this.table.readAll(groups, names, signal);
    return read.map((columns, at) => ({
      start: this.table.groups[groups[at]!]!.start,
      columns: new Map(names.map((name, of) => [name, columns[of]!])),
    }));
  }

  private assemble(
    frame: number,
    count: number,
    at: (index: number) => [Slab, number],
    slabs: readonly Slab[],
    wanted: readonly string[],
  ): SpaceFrame {
    const made: SpaceFrame = {
      frame,
      count,
      rows: new Uint32Array(count),
      id: new Float64Array(count),
      xyz: new Float64Array(count * 3),
      track: new Int32Array(count).fill(-1),
      features: new Map(),
    };
    for (let index = 0; index < count; index++) {
      const [{ start, columns }, row] = at(index);
      const number = (name: string) => Number(columns.get(name)?.values[row] ?? 0);
      made.rows[index] = start + row;
      made.id[index] = number('object_id');
      made.xyz[index * 3] = number('x');
      made.xyz[index * 3 + 1] = number('y');
      made.xyz[index * 3 + 2] = number('z');
      const track = columns.get('track_id');
      if (track && track.missing?.[row] !== 1) made.track[index] = Number(track.values[row]);
      if (index === 0 && columns.has('time')) made.time = number('time');
    }
    for (const name of wanted) made.features.set(name, this.featureOf(name, count, at, slabs));
    return made;
  }

  private featureOf(
    name: string,
    count: number,
    at: (index: number) => [Slab, number],
    slabs: readonly Slab[],
  ): FrameFeature {
    const described = this.describe(name);
    const stored = this.storedName(name)!;
    const isText = slabs.some(({ columns }) => Array.isArray(columns.get(stored)?.values));
    const values: Float64Array | string[] = isText ? [] : new Float64Array(count);
    let missing: Uint8Array | undefined;
    for (let index = 0; index < count; index++) {
      const [{ columns }, row] = at(index);
      const column = columns.get(stored)!;
      const isMissing = column.missing?.[row] === 1;
      if (isMissing) (missing ??= new Uint8Array(count))[index] = 1;
      if (isText) (values as string[])[index] = isMissing ? '' : String(column.values[row]);
      else (values as Float64Array)[index] = isMissing ? Number.NaN : Number(column.values[row]);
    }
    return { ...described, type: isText ? 'string' : described.type, values, ...(missing ? { missing } : {}) };
  }

  /** What is known of a feature. */
  describe(name: string): ColumnDescription {
    const found = this.features.find((one) => one.name === name);
    if (found) return found;
    const unit = name === 'time' ? this.description?.set.timeUnit : this.description?.set.spaceUnit;
    return { name, type: name === 'frame' ? 'int' : 'float', ...(unit && name !== 'frame' ? { unit } : {}) };
  }
}

/** The row group a row lies in. */
function groupOfRow(groups: readonly ParquetGroup[], row: number): number {
  let [low, high] = [0, groups.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (groups[middle]!.end <= row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows of a slab that belong to a frame. */
function rowsOfFrame(frames: ArrayLike<number>, frame: number): Uint32Array {
  const rows = new Uint32Array(frames.length);
  let count = 0;
  for (let row = 0; row < frames.length; row++) if (frames[row] === frame) rows[count++] = row;
  return rows.subarray(0, count);
}

function describedBy(text: string | undefined): TableDescription | undefined {
  if (text === undefined) return undefined;
  try {
    const found = JSON.parse(text) as TableDescription;
    return found.version === 1 && Array.isArray(found.features) && typeof found.set === 'object' ? found : undefined;
  } catch {
    return undefined;
  }
}
