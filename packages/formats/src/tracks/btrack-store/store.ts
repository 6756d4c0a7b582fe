import type { ColumnDescription } from '@micrarium/model';
import { Hdf5Fault } from '../../containers/hdf5/fault.ts';
import type { Hdf5Node } from '../../containers/hdf5/open-hdf5.ts';
import { isNumeric } from '../../containers/hdf5/values.ts';

/** A table of numbers, row by row. */
export interface NumberTable {
  rows: number;
  width: number;
  values: Float64Array;
  /** Is it stored as whole numbers? */
  isWhole?: boolean;
}

/** A dataset of numbers with one or two axes, whole; `undefined` where there is none of this name. */
export async function numberTable(
  group: Hdf5Node | undefined,
  name: string,
  signal?: AbortSignal,
): Promise<NumberTable | undefined> {
  const dataset = await (await group?.child(name))?.dataset();
  if (!dataset || !isNumeric(dataset.type) || dataset.shape.length < 1 || dataset.shape.length > 2) return undefined;
  dataset.assertPlausible();
  return {
    rows: dataset.shape[0]!,
    width: dataset.shape[1] ?? 1,
    values: await dataset.numbers(undefined, signal),
    isWhole: dataset.type.class === 'integer',
  };
}

/** One kind of object with its tracks. */
export interface BtrackKind {
  name: string;
  /** t, x, y, z of every object; those after `real` are dummies the tracker put into gaps. */
  coords: NumberTable;
  real: number;
  /** State the classifier gave. */
  labels: NumberTable | undefined;
  /** Rows of `coords` that the tracks' numbers mean; all where nothing was filtered. */
  numbered: Float64Array | undefined;
  properties: { name: string; table: NumberTable }[];
  tracks: BtrackTracks | undefined;
  /** Filter that was set before tracking, which we could not follow. */
  unknownFilter: string | undefined;
  version: string | undefined;
}

/** Tracks of a kind: `refs` between `map` are objects, negative ones dummies. */
export interface BtrackTracks {
  refs: Float64Array;
  map: NumberTable;
  /** Label, begin, end, parent, root, and in newer versions generation. */
  lbepr: NumberTable | undefined;
  fates: NumberTable | undefined;
}

/** Properties of a kind that are read at most. */
export const mostProperties = 1000;

/** Column with the track of each object. */
export const trackColumn: ColumnDescription = {
  name: 'source_track_id',
  type: 'int',
  description: 'Label of the track in btrack',
  sourceKey: 'LBEPRG',
};

/** Column that tells objects from the dummies in gaps. */
export const dummyColumn: ColumnDescription = {
  name: 'dummy',
  type: 'bool',
  description: 'Put into a gap by the tracker, not found in the image',
};

/** What the table of tracks says behind the label, in the order of LBEPRG. */
export const lineageNames = ['begin', 'end', 'parent', 'root', 'generation'] as const;

/** Reads one kind of object of a btrack store. */
export async function readKind(
  objects: Hdf5Node,
  tracks: Hdf5Node | undefined,
  name: string,
  signal?: AbortSignal,
): Promise<BtrackKind | undefined> {
  const group = await objects.child(name);
  const found = await numberTable(group, 'coords', signal);
  if (!group || !found || found.width < 4) return undefined;
  const properties: BtrackKind['properties'] = [];
  const listed = await group.child('properties');
  for (const link of ((await listed?.links()) ?? []).slice(0, mostProperties)) {
    const table = await numberTable(listed, link.name, signal);
    if (table?.rows === found.rows && table.width <= 64) properties.push({ name: link.name, table });
  }
  const tracked = await tracks?.child(name);
  const dummies = await numberTable(tracked, 'dummies', signal);
  const refs = await numberTable(tracked, 'tracks', signal);
  const map = await numberTable(tracked, 'map', signal);
  const lbepr = (await numberTable(tracked, 'LBEPRG', signal)) ?? (await numberTable(tracked, 'LBEPR', signal));
  if (map && lbepr && map.rows !== lbepr.rows)
    throw new Hdf5Fault('damaged', `${tracked!.path} has ${map.rows} tracks and ${lbepr.rows} rows of their lineage`);
  const filter = await (await tracked?.attribute('f_expr'))?.text();
  const numbered = filter ? filtered(filter, properties, found.rows) : undefined;
  return {
    name,
    coords: withDummies(found, dummies),
    real: found.rows,
    labels: await numberTable(group, 'labels', signal),
    numbered,
    properties,
    tracks:
      refs && map && map.width === 2
        ? { refs: refs.values, map, lbepr, fates: await numberTable(tracked, 'fates', signal) }
        : undefined,
    unknownFilter: filter && !numbered ? filter : undefined,
    version: await (await tracked?.attribute('version'))?.text(),
  };
}

function withDummies(coords: NumberTable, dummies: NumberTable | undefined): NumberTable {
  if (!dummies || dummies.width < 4) return coords;
  const rows = coords.rows + dummies.rows;
  const values = new Float64Array(rows * 4);
  for (let row = 0; row < rows; row++) {
    const from = row < coords.rows ? coords : dummies;
    const at = (row < coords.rows ? row : row - coords.rows) * from.width;
    values.set(from.values.subarray(at, at + 4), row * 4);
  }
  return { rows, width: 4, values };
}

/** Rows that a filter such as `area>100` leaves; tracks then count those. */
function filtered(filter: string, properties: BtrackKind['properties'], rows: number): Float64Array | undefined {
  const [, name, operator, limit] = /^(\w+)(==|>=|<=|>|<)(\d+)$/.exec(filter.trim()) ?? [];
  const table = properties.find((property) => property.name === name)?.table;
  if (!table || limit === undefined) return undefined;
  const bound = Number(limit);
  const keeps = (value: number): boolean => {
    if (operator === '==') return value === bound;
    if (operator === '>') return value > bound;
    if (operator === '<') return value < bound;
    return operator === '>=' ? value >= bound : value <= bound;
  };
  const kept: number[] = [];
  for (let row = 0; row < rows; row++) if (keeps(table.values[row * table.width]!)) kept.push(row);
  return Float64Array.from(kept);
}
