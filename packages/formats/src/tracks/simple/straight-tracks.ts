import type { Column, TrackSet } from '@micrarium/model';
import { type Surviving, thoseThere } from '../loss/surviving.ts';

/** Tracks without branches: rows of the objects of each, in the order of time. */
export interface StraightTracks {
  tracks: number[][];
  /** Edges that run along them. */
  edges: number[];
}

/**
 * Cuts a graph into tracks without branches, for formats that know no others: of several edges out of an object or into
 * one, the first goes on. Objects without edges are tracks of their own.
 */
export function straightTracks({ objects, edges }: TrackSet): StraightTracks {
  const [next, before] = [new Int32Array(objects.count).fill(-1), new Int32Array(objects.count).fill(-1)];
  const kept: number[] = [];
  for (let edge = 0; edge < edges.count; edge++) {
    const [from, to] = [edges.source[edge]!, edges.target[edge]!];
    if (next[from] !== -1 || before[to] !== -1) continue;
    next[from] = to;
    before[to] = from;
    kept.push(edge);
  }
  const tracks: number[][] = [];
  for (let row = 0; row < objects.count; row++) {
    if (before[row] !== -1) continue;
    const track: number[] = [];
    for (let at = row; at !== -1; at = next[at]!) track.push(at);
    tracks.push(track);
  }
  return { tracks, edges: kept };
}

/** Positions in pixels and slices: divided by the pixel size where they are physical and it is known. */
export function pixelsOf({ objects, spaceUnit, provenance: { pixelSize } }: TrackSet): {
  x(row: number): number;
  y(row: number): number;
  z(row: number): number;
} {
  const isPhysical = spaceUnit !== undefined && spaceUnit !== 'pixel';
  const axis = (name: 'x' | 'y' | 'z') => {
    const size = pixelSize?.[name];
    const by = isPhysical && size !== undefined && Number.isFinite(size) && size > 0 ? size : 1;
    return (row: number) => (objects[name]?.[row] ?? 0) / by;
  };
  return { x: axis('x'), y: axis('y'), z: axis('z') };
}

/** What comes back of a set from tracks without branches in pixels: objects track by track, numbered from 0. */
export function survivingTracks(
  set: TrackSet,
  straight: StraightTracks,
  back: {
    x(row: number): number;
    y(row: number): number;
    /** Left out where the reader finds no depth. */
    z?(row: number): number;
    /** What becomes of a column: its values by row, or nothing. */
    column(column: Column): ((row: number) => number) | undefined;
    provenance: TrackSet['provenance'];
  },
): Surviving {
  const rows = Uint32Array.from(straight.tracks.flat());
  const placeOf = new Uint32Array(set.objects.count);
  for (const [at, row] of rows.entries()) placeOf[row] = at;
  const numbers = (of: (row: number) => number) => Float64Array.from(rows, of);
  const columns = set.objects.columns.map((column): Column | undefined => {
    const of = back.column(column);
    return of && { name: column.name, type: 'int', values: numbers(of) };
  });
  const ends = (side: 'source' | 'target') =>
    Uint32Array.from(straight.edges, (edge) => placeOf[set.edges[side][edge]!]!);
  return {
    rows,
    columns: {
      objects: columns,
      edges: set.edges.columns.map(() => undefined),
      tracks: set.sourceTracks?.columns.map(() => undefined) ?? [],
    },
    set: {
      name: set.name,
      spaceUnit: 'pixel',
      objects: {
        count: rows.length,
        id: Float64Array.from(rows, (_, at) => at),
        frame: Int32Array.from(rows, (row) => set.objects.frame[row]!),
        x: numbers(back.x),
        y: numbers(back.y),
        ...(back.z ? { z: numbers(back.z) } : {}),
        columns: thoseThere(columns),
        entity: 'point',
      },
      edges: { count: straight.edges.length, source: ends('source'), target: ends('target'), columns: [] },
      provenance: back.provenance,
    },
  };
}

/** The column of whole numbers of a name, each value there. */
export function wholeColumn({ objects }: TrackSet, name: string): Column | undefined {
  return objects.columns.find(
    (column) => column.name === name && column.type === 'int' && !column.missing?.includes(1),
  );
}
