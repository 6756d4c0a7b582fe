import type { Column, TrackSet } from '@micrarium/model';
import { type Surviving, thoseThere } from '../loss/surviving.ts';
import { type StorePlan, lineageOf } from './plan.ts';
import { dummyColumn, lineageNames, trackColumn } from './store.ts';

/** The version of btrack that a set says it comes from, where a store can say so. */
export function versionOf({ provenance: { software, softwareVersion: version = '' } }: TrackSet): string | undefined {
  return software === 'btrack' && /^[ -~]{1,200}$/.test(version) ? version : undefined;
}

/** What comes back of a set from a store: numbers, dummies, tracks without branches and their parents. */
export function surviving(plan: StorePlan, name: string): Surviving {
  const { set, order } = plan;
  const { objects } = set;
  const numbers = (of: ArrayLike<number>) => Float64Array.from(order, (row) => of[row]!);
  const isDeep = objects.z?.some((value) => value !== 0) ?? false;
  const columns = objects.columns.map((column) => survivingColumn(plan, column));
  const tracks = set.sourceTracks?.columns.map((column) => survivingTrackColumn(plan, column)) ?? [];
  const version = versionOf(set);
  return {
    rows: order,
    columns: { objects: columns, edges: set.edges.columns.map(() => undefined), tracks },
    set: {
      name,
      objects: {
        count: order.length,
        id: Float64Array.from(order, (_, place) => place),
        frame: Int32Array.from(order, (row) => objects.frame[row]!),
        x: numbers(objects.x),
        y: numbers(objects.y),
        ...(isDeep ? { z: numbers(objects.z!) } : {}),
        columns: thoseThere(columns),
        entity: 'point',
      },
      edges: survivingEdges(plan),
      ...(thoseThere(tracks).length > 0
        ? { sourceTracks: { count: plan.tracks.length, columns: thoseThere(tracks) } }
        : {}),
      provenance: { software: 'btrack', ...(version === undefined ? {} : { softwareVersion: version }) },
    },
  };
}

function survivingColumn({ order, real, isOwnLabel, tracks, features }: StorePlan, column: Column): Column | undefined {
  if (column.name === dummyColumn.name && column.type === 'bool' && !column.missing?.includes(1))
    return order.length === real
      ? undefined
      : { ...dummyColumn, values: Uint8Array.from(order, (_, place) => (place < real ? 0 : 1)) };
  if (isOwnLabel && column.name === trackColumn.name) {
    const labelOf = new Map(tracks.flatMap(({ label, members }) => members.map((row) => [row, label] as const)));
    return {
      ...trackColumn,
      values: Float64Array.from(order, (row) => labelOf.get(row) ?? 0),
      missing: Uint8Array.from(order, (row) => (labelOf.has(row) ? 0 : 1)),
    };
  }
  const isState = features.labels[0]?.column === column;
  const feature = [...features.labels, ...features.properties].find((one) => one.column === column);
  if (!feature) return undefined;
  return {
    name: feature.name,
    type: isState || !feature.kind.startsWith('float') ? 'int' : 'float',
    values: Float64Array.from(order, (row, place) => (place < real ? feature.valueOf(row) : Number.NaN)),
    ...(order.length > real ? { missing: Uint8Array.from(order, (_, place) => (place < real ? 0 : 1)) } : {}),
  };
}

function survivingTrackColumn({ set, tracks, isOwnTable }: StorePlan, { name, type }: Column): Column | undefined {
  if (!isOwnTable || type !== 'int') return undefined;
  const at = [trackColumn.name, ...lineageNames].indexOf(name);
  if (at < 0 && name !== 'fate') return undefined;
  const of = (track: StorePlan['tracks'][number]) => (at < 0 ? track.fate : lineageOf(track, set)[at]!);
  return { name, type: 'int', values: Float64Array.from(tracks, of) };
}

/** Edges as the reader makes them: along each track, and from the last object of its parent. */
function survivingEdges({ set, order, tracks }: StorePlan): TrackSet['edges'] {
  const placeOf = new Uint32Array(set.objects.count);
  for (const [place, row] of order.entries()) placeOf[row] = place;
  const lastOf = new Map(tracks.map(({ label, members }) => [label, members.at(-1)!]));
  const source: number[] = [];
  const target: number[] = [];
  for (const { label, members, parent } of tracks)
    for (const [i, row] of members.entries()) {
      const from = i > 0 ? members[i - 1]! : parent === label ? undefined : lastOf.get(parent);
      if (from === undefined) continue;
      source.push(placeOf[from]!);
      target.push(placeOf[row]!);
    }
  return { count: source.length, source: Uint32Array.from(source), target: Uint32Array.from(target), columns: [] };
}
