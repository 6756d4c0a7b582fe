import type { TrackSet } from '@micrarium/model';
import { asFound } from '../csv/surviving.ts';
import type { Surviving } from '../loss/surviving.ts';
import { napariColumns } from './columns.ts';

/** What comes back of a set from a napari table: graph, frames, positions, and features as their cells look. */
export function surviving(set: TrackSet): Surviving {
  const { objects, edges, sourceTracks } = set;
  const { id, z, time: _t, shapes: _s, ...rest } = objects;
  const written = napariColumns(objects.columns);
  const columns = objects.columns.map((column, i) => asFound(column, written[i]!.name, objects.count));
  return {
    set: {
      name: set.name,
      objects: {
        ...rest,
        id: id.every((own, row) => own === row) ? id : id.map((_, row) => row),
        ...(z?.some((value) => value !== 0) ? { z } : {}),
        columns,
        entity: 'point',
      },
      edges: { ...edges, columns: [] },
      provenance: {},
    },
    columns: {
      objects: columns,
      edges: edges.columns.map(() => undefined),
      tracks: sourceTracks?.columns.map(() => undefined) ?? [],
    },
  };
}
