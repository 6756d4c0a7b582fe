import { type SpaceUnit, type TimeUnit, parseSpaceUnit, parseTimeUnit } from '@micrarium/model';
import { sha256Hex } from '../../bytes/sha256.ts';
import type { ColumnMapping } from '../../tracks/track-reader.ts';
import { cellKind, parseNumber } from './cell-values.ts';
import { unitInName } from './dialect.ts';

/** What the columns of a table seem to mean. */
export interface GuessedMapping {
  mapping: ColumnMapping;
  /** 0..1: how sure the guess is; 0 where there is no position. */
  confidence: number;
  /** Why, one sentence a column. */
  reasons: string[];
}

type Role = 'x' | 'y' | 'z' | 'frame' | 'time' | 'track' | 'objectId' | 'parent' | 'label';

/** Names seen in real tables, plain (see `plainName`), best first. */
const names: Readonly<Record<Role, readonly string[]>> = {
  x: [
    'position x',
    'cmso x coord',
    'x',
    'pos x',
    'x pos',
    'x position',
    'x coord',
    'x coordinate',
    'coord x',
    'location center x',
    'areashape center x',
    'center x',
    'centre x',
    'x center',
    'centroid x',
    'x centroid',
    'weighted centroid x',
    'centroid 1',
    'xm',
    'cell col',
    'col',
    'column',
    'mean x',
  ],
  y: [
    'position y',
    'cmso y coord',
    'y',
    'pos y',
    'y pos',
    'y position',
    'y coord',
    'y coordinate',
    'coord y',
    'location center y',
    'areashape center y',
    'center y',
    'centre y',
    'y center',
    'centroid y',
    'y centroid',
    'weighted centroid y',
    'centroid 0',
    'ym',
    'cell row',
    'row',
    'mean y',
  ],
  z: [
    'position z',
    'cmso z coord',
    'z',
    'pos z',
    'z pos',
    'z position',
    'z coord',
    'z coordinate',
    'coord z',
    'location center z',
    'center z',
    'centre z',
    'z center',
    'centroid z',
    'z centroid',
    'mean z',
  ],
  frame: [
    'frame',
    'cmso frame id',
    'frame id',
    'frameid',
    'frame number',
    'frame no',
    'frame index',
    'frames',
    'time index',
    'time sample n',
    'timepoint',
    'time point',
    'time step',
    'timestep',
    'spot frame',
    't index',
    'image number',
    'imagenumber',
    'metadata t',
    'metadata frame',
    'slice',
    't stamp',
    'tp',
  ],
  time: ['position t', 'cmso time', 'time', 'elapsed time', 'time stamp', 'timestamp'],
  track: [
    'track id',
    'trackid',
    'cmso track id',
    'track',
    'track no',
    'track n',
    'track number',
    'track nr',
    'track index',
    'id of track',
    'trajectory',
    'trajectory id',
    'particle',
    'particle id',
    'tracklet id',
    'patch trace id',
    'trace id',
    'lineage id',
    'trackobjects label',
    'cell id',
    'cellid',
    'cell',
  ],
  objectId: [
    'object id',
    'cmso object id',
    'spot id',
    'node id',
    'detection id',
    'objectnumber',
    'object number',
    'id',
  ],
  parent: [
    'parent id',
    'parent object id',
    'parent',
    'parent spot id',
    'predecessor',
    'prev id',
    'previous id',
    'source id',
  ],
  label: ['label', 'name', 'cell name', 'object name'],
};

/** A column name without its unit, in lower case, words separated by one blank. */
export function plainName(name: string): string {
  const unit = unitInName(name);
  const bare = /[([][^)\]]*[)\]]\s*$/.test(name)
    ? name.replace(/[([][^)\]]*[)\]]\s*$/, '')
    : unit && name.length > unit.length + 1
      ? name.slice(0, name.length - unit.length - 1)
      : name;
  return bare
    .toLowerCase()
    .replace(/[^\p{L}\p{N}#]+/gu, ' ')
    .trim();
}

/**
 * A key that tables with the same columns share, whatever their case and order of rows, so that a corrected mapping
 * can be offered for the next file of that shape: 32 hex digits.
 */
export function shapeKey(header: readonly string[]): string {
  const text = header.map((name) => name.trim().toLowerCase()).join('\u001f');
  return sha256Hex(new TextEncoder().encode(text)).slice(0, 32);
}

/**
 * Guesses which column means what, from the names and the values of some rows. Only what names or values support is
 * set; a guess is to be shown and corrected, never silently trusted.
 * @param header column names, unique
 * @param sampleRows some data rows as cells, from the start of the table
 * @param units units by column where they stand in a row of their own; else taken from the names
 */
export function guessMapping(
  header: readonly string[],
  sampleRows: readonly (readonly string[])[],
  units: readonly string[] = header.map(unitInName),
  decimalComma = false,
): GuessedMapping {
  const table = new SampleTable(header, sampleRows, decimalComma);
  const found = new Map<Role, string>();
  const reasons: string[] = [];
  for (const role of ['x', 'y', 'z', 'frame', 'time', 'track', 'objectId', 'parent', 'label'] as const) {
    const column = table.columnNamed(names[role], role, new Set(found.values()));
    if (column === undefined) continue;
    found.set(role, column);
    reasons.push(`${role} is column "${column}", by its name`);
  }
  // A word of several meanings must be read from its values.
  resolveId(table, found, reasons);
  resolveT(table, found, reasons);
  resolveParent(table, found, reasons);
  if (found.has('frame') && !table.allWhole(found.get('frame')!) && !found.has('time')) {
    found.set('time', found.get('frame')!);
    found.delete('frame');
    reasons.push('the frame column has fractions, so it is a time');
  }
  const mapping: ColumnMapping = Object.fromEntries(found);
  const unit = spaceUnitOf(found, header, units);
  if (unit) {
    mapping.spaceUnit = unit;
    reasons.push(`positions are in ${unit}, as the header says`);
  }
  const timeUnit = timeUnitOf(found, header, units);
  if (timeUnit) mapping.timeUnit = timeUnit;
  return { mapping, confidence: confidenceOf(found), reasons };
}

function confidenceOf(found: ReadonlyMap<Role, string>): number {
  if (!found.has('x') || !found.has('y')) return 0;
  return (
    0.4 +
    (found.has('frame') ? 0.3 : found.has('time') ? 0.2 : 0) +
    (found.has('track') || found.has('parent') ? 0.3 : 0)
  );
}

function resolveId(table: SampleTable, found: Map<Role, string>, reasons: string[]): void {
  const id = found.get('objectId');
  if (id === undefined || plainName(id) !== 'id' || found.has('track') || found.has('parent')) return;
  if (!table.repeats(id)) return;
  found.delete('objectId');
  found.set('track', id);
  reasons.push(`"${id}" repeats from row to row, so it names tracks rather than objects`);
}

/** btrack and its like name the parent of the track in each of its rows; a preceding object differs from row to row. */
function resolveParent(table: SampleTable, found: Map<Role, string>, reasons: string[]): void {
  const [track, parent] = [found.get('track'), found.get('parent')];
  if (track === undefined || parent === undefined || !table.isOneAlong(parent, track)) return;
  found.delete('parent');
  reasons.push(`"${parent}" is the same all along a track, so it names no preceding object`);
}

function resolveT(table: SampleTable, found: Map<Role, string>, reasons: string[]): void {
  if (found.has('frame')) return;
  const t = table.columnNamed(['t'], 'frame', new Set(found.values()));
  if (t !== undefined) {
    const role = table.countsUpByOne(t) ? 'frame' : 'time';
    if (role === 'frame' || !found.has('time')) {
      found.set(role, t);
      reasons.push(
        `"${t}" ${role === 'frame' ? 'counts up by one, so it is a frame' : 'goes in other steps than one, so it is a time'}`,
      );
    }
    return;
  }
  const time = found.get('time');
  if (time !== undefined && unitInName(time) === '' && table.countsUpByOne(time)) {
    found.delete('time');
    found.set('frame', time);
    reasons.push(`"${time}" counts up by one and has no unit, so it is a frame`);
  }
}

function spaceUnitOf(
  found: ReadonlyMap<Role, string>,
  header: readonly string[],
  units: readonly string[],
): SpaceUnit | undefined {
  const unit = (role: Role) => parseSpaceUnit(units[header.indexOf(found.get(role) ?? '\0')] ?? '');
  const x = unit('x');
  return x !== undefined && x === unit('y') ? x : undefined;
}

function timeUnitOf(
  found: ReadonlyMap<Role, string>,
  header: readonly string[],
  units: readonly string[],
): TimeUnit | undefined {
  return parseTimeUnit(units[header.indexOf(found.get('time') ?? '\0')] ?? '');
}

/** Some rows of a table, to ask what the values of a column look like. */
class SampleTable {
  private readonly header: readonly string[];
  /** Names of the header in plain spelling; made once, since tables of thousands of columns are asked for dozens of names. */
  private readonly plain: readonly string[];
  private readonly rows: readonly (readonly string[])[];
  private readonly decimalComma: boolean;

  constructor(header: readonly string[], rows: readonly (readonly string[])[], decimalComma: boolean) {
    this.header = header;
    this.plain = header.map(plainName);
    this.rows = rows.slice(0, 2000);
    this.decimalComma = decimalComma;
  }

  columnNamed(wanted: readonly string[], role: Role, taken: ReadonlySet<string>): string | undefined {
    for (const name of wanted)
      for (const [at, column] of this.header.entries())
        if (this.plain[at] === name && !taken.has(column) && this.fits(column, role)) return column;
    return undefined;
  }

  private cells(column: string): string[] {
    const at = this.header.indexOf(column);
    return this.rows.map((row) => row[at] ?? '');
  }

  private numbers(column: string): number[] {
    return this.cells(column).flatMap((cell) => parseNumber(cell, this.decimalComma) ?? []);
  }

  private fits(column: string, role: Role): boolean {
    if (role === 'track' || role === 'objectId' || role === 'parent' || role === 'label') return true;
    const kinds = this.cells(column).map((cell) => cellKind(cell, this.decimalComma));
    const filled = kinds.filter((kind) => kind !== 'missing');
    if (filled.length === 0) return this.rows.length === 0;
    return filled.filter((kind) => kind === 'int' || kind === 'float').length >= 0.9 * filled.length;
  }

  allWhole(column: string): boolean {
    return this.numbers(column).every((n) => !Number.isFinite(n) || Number.isInteger(n));
  }

  repeats(column: string): boolean {
    const cells = this.cells(column).filter((cell) => cell.trim() !== '');
    return new Set(cells).size < 0.9 * cells.length;
  }

  /** Has a column one value in all rows of each track, and some track at least three rows? */
  isOneAlong(column: string, track: string): boolean {
    const values = this.cells(column);
    const ofTrack = new Map<string, { value: string; rows: number }>();
    for (const [row, name] of this.cells(track).entries()) {
      const value = values[row]!.trim();
      const known = ofTrack.get(name);
      if (name.trim() === '' || value === '') continue;
      if (known && known.value !== value) return false;
      ofTrack.set(name, { value, rows: (known?.rows ?? 0) + 1 });
    }
    return [...ofTrack.values()].some(({ rows }) => rows >= 3);
  }

  /** Whole numbers whose distinct values mostly follow one another. */
  countsUpByOne(column: string): boolean {
    const distinct = [...new Set(this.numbers(column).filter(Number.isFinite))].sort((a, b) => a - b);
    if (distinct.length === 0 || !distinct.every(Number.isInteger)) return false;
    const ones = distinct.filter((value, i) => i > 0 && value - distinct[i - 1]! === 1).length;
    return distinct.length < 2 || ones >= 0.5 * (distinct.length - 1);
  }
}
