import type { Column, ColumnDescription, TrackSet } from '@micrarium/model';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { columnTypeOf } from '../../tables/delimited/table-scan.ts';
import { typedCell } from '../cmso/feature-tables.ts';
import { type Surviving, withColumns } from '../loss/surviving.ts';
import { columnCell, guardedText } from './cells.ts';
import { edgeCsvColumns, featureCells, objectCsvColumns } from './objects-csv.ts';

/** What comes back of a set from a folder of tables: features with types and units, but no outlines and no provenance. */
export function survivingFolder(set: TrackSet): Surviving {
  const { objects, edges, sourceTracks } = set;
  const named = (columns: readonly Column[], own: readonly ColumnDescription[]) => {
    const written = featureCells(columns, own);
    return columns.map((column, i) => ({ ...withTexts(column), name: written[i]!.name }));
  };
  const ownOf = (all: readonly ColumnDescription[], features: readonly Column[]) =>
    all.slice(0, all.length - features.length);
  return bare(
    withColumns(set, {
      objects: named(objects.columns, ownOf(objectCsvColumns(set), objects.columns)),
      edges: named(edges.columns, ownOf(edgeCsvColumns(set), edges.columns)),
      tracks: named(sourceTracks?.columns ?? [], []),
    }),
  );
}

/** What comes back of a set from one table of objects: no units, and types as the cells look. */
export function survivingTable(set: TrackSet): Surviving {
  const { objects, edges, sourceTracks } = set;
  const own = objectCsvColumns(set);
  const written = own.slice(own.length - objects.columns.length);
  const columns = objects.columns.map((column, i) => asFound(column, written[i]!.name, objects.count));
  const {
    spaceUnit: _s,
    timeUnit: _t,
    sourceSpaceUnit: _ss,
    sourceTimeUnit: _st,
    ...rest
  } = bare(
    withColumns(set, {
      objects: columns,
      edges: edges.columns.map(() => undefined),
      tracks: sourceTracks?.columns.map(() => undefined) ?? [],
    }),
  ).set;
  return {
    set: rest,
    columns: {
      objects: columns,
      edges: edges.columns.map(() => undefined),
      tracks: sourceTracks?.columns.map(() => undefined) ?? [],
    },
  };
}

function bare({ set, columns }: Surviving): Surviving {
  const { timeUnit, sourceTimeUnit, ...rest } = set;
  const { shapes: _, ...objects } = set.objects;
  // The unit of times stands with the column of times.
  const time = objects.time
    ? { ...(timeUnit ? { timeUnit } : {}), ...(sourceTimeUnit === undefined ? {} : { sourceTimeUnit }) }
    : {};
  return { columns, set: { ...rest, ...time, objects: { ...objects, entity: 'point' }, provenance: {} } };
}

/** A column of texts as its cells read back: formulas guarded, and empty texts absent. */
function withTexts(column: Column): Column {
  const { values, missing } = column;
  if (!Array.isArray(values)) return column;
  const isSame = values.every((text, row) => (text !== '' || missing?.[row] === 1) && guardedText(text) === text);
  if (isSame) return column;
  return {
    ...column,
    values: values.map(guardedText),
    missing: Uint8Array.from(values, (text, row) => (text === '' || missing?.[row] === 1 ? 1 : 0)),
  };
}

const absent: ReadonlySet<string> = new Set(['']);

/** A column as a reader finds it that knows nothing but the cells. */
export function asFound(column: Column, name: string, count: number): Column {
  const numbers = numbersAsFound(column, name, count);
  if (numbers) return numbers;
  const text = (row: number) =>
    Array.isArray(column.values) && column.missing?.[row] !== 1
      ? guardedText(column.values[row]!)
      : columnCell(column, row);
  const type = columnTypeOf(
    (function* () {
      for (let row = 0; row < count; row++) yield text(row);
    })(),
  );
  const description: ColumnDescription = { name, type };
  const missing = new Uint8Array(count);
  const values = type === 'string' ? Array.from({ length: count }, () => '') : new Float64Array(count);
  const tally = new IssueTally<'cell-not-as-declared'>();
  for (let row = 0; row < count; row++) {
    const cell = text(row);
    if (Array.isArray(values)) {
      values[row] = cell;
      missing[row] = cell === '' ? 1 : 0;
      continue;
    }
    const value = typedCell({ cells: [cell], row, line: row, block: 0 }, 0, description, absent, '', tally);
    if (value === undefined) missing[row] = 1;
    else values[row] = Number(value);
  }
  return { ...description, values: type === 'bool' ? Uint8Array.from(values as Float64Array) : values, missing };
}

/**
 * A column of numbers as a reader finds it, told without writing its cells: the values come back as they are, and the type
 * is what they look like. Nothing where all are absent, or where cells may be taken for something else.
 */
function numbersAsFound({ values, missing, type }: Column, name: string, count: number): Column | undefined {
  if (Array.isArray(values)) return undefined;
  let [present, isInt] = [false, true];
  for (let row = 0; row < count; row++) {
    if (missing?.[row] === 1) continue;
    present = true;
    const value = values[row]!;
    if (type === 'bool') {
      if (value !== 0 && value !== 1) return undefined;
    } else if (!Number.isInteger(value) || Math.abs(value) >= 1e21) isInt = false;
    // So many digits are taken for an id, and the column for texts.
    else if (!Number.isSafeInteger(value)) return undefined;
  }
  if (!present) return undefined;
  const found = type === 'bool' ? 'bool' : isInt ? 'int' : 'float';
  return { name, type: found, values, ...(missing ? { missing } : {}) };
}
