import type { ColumnDescription, EntityKind, TrackCounts } from '@micrarium/model';
import type { SetHeader } from '../track-reader.ts';
import type { TrackExtent } from '../track-index.ts';
import type { StoredColumn, StoredType } from './table-writer.ts';

/** Key of our description in the key-value metadata of every table we write. */
export const metadataKey = 'micrarium.tracks';

/** File names of the stored tables, below the folder of their set. */
export const tableFiles = {
  objects: 'objects.parquet',
  vertices: 'vertices.parquet',
  edges: 'edges.parquet',
  tracks: 'tracks.parquet',
  sourceTracks: 'source_tracks.parquet',
} as const;

/** Which table a file holds. */
export type TableName = keyof typeof tableFiles;

/** A feature column and the name it is stored under, which differs where one of our own columns has its name. */
export interface StoredFeature extends ColumnDescription {
  stored: string;
}

/** What stands in the metadata of every table, as JSON: all that is needed to make the set again. */
export interface TableDescription {
  /** Version of this layout. */
  version: 1;
  table: TableName;
  set: Omit<SetHeader, 'objectColumns' | 'edgeColumns' | 'entity'> & { entity: EntityKind };
  counts: TrackCounts;
  extent?: TrackExtent;
  /** Unit and meaning of the columns of this table that are ours. */
  own: ColumnDescription[];
  /** The columns that came with the source. */
  features: StoredFeature[];
}

/** Name of a column that says which source track an edge, object or source-track row belongs to. */
export const sourceTrackName = 'source_track_id';

/** Our own columns of the object table. */
export function objectColumns(header: SetHeader): { stored: StoredColumn[]; described: ColumnDescription[] } {
  const space = header.spaceUnit === undefined ? {} : { unit: header.spaceUnit };
  const time = header.timeUnit === undefined ? {} : { unit: header.timeUnit };
  return own([
    ['int64', false, { name: 'object_id', type: 'int', description: 'Unique id of the object in the set' }],
    ['int32', false, { name: 'frame', type: 'int', description: 'Zero-based time index' }],
    ...(header.hasTime
      ? [['double', false, { name: 'time', type: 'float', description: 'Time', ...time }] as const]
      : []),
    ['double', false, { name: 'x', type: 'float', description: 'Position', ...space }],
    ['double', false, { name: 'y', type: 'float', description: 'Position', ...space }],
    ...(header.hasZ
      ? [['double', false, { name: 'z', type: 'float', description: 'Position', ...space }] as const]
      : []),
    ['int32', true, { name: 'link_id', type: 'int', description: 'Unbranched chain of edges the object lies in' }],
    ['int32', true, { name: 'track_id', type: 'int', description: 'Connected component of edges the object lies in' }],
  ]);
}

/** Our own columns of the edge table. */
export function edgeColumns(): { stored: StoredColumn[]; described: ColumnDescription[] } {
  return own([
    ['int64', false, { name: 'source_object_id', type: 'int', description: 'Earlier object' }],
    ['int64', false, { name: 'target_object_id', type: 'int', description: 'Later object' }],
    ['int32', false, { name: 'link_id', type: 'int', description: 'Unbranched chain the edge lies in' }],
    ['boolean', false, { name: 'gap', type: 'bool', description: 'The edge spans more than one frame' }],
    ['boolean', false, { name: 'split', type: 'bool', description: 'The earlier object has several outgoing edges' }],
    ['boolean', false, { name: 'merge', type: 'bool', description: 'The later object has several incoming edges' }],
  ]);
}

/** Our own columns of the track table. */
export function trackColumns(): { stored: StoredColumn[]; described: ColumnDescription[] } {
  return own([
    ['int32', false, { name: 'track_id', type: 'int', description: 'Connected component of edges' }],
    ['int32', false, { name: 'first_frame', type: 'int', description: 'First frame with an object' }],
    ['int32', false, { name: 'last_frame', type: 'int', description: 'Last frame with an object' }],
    ['int32', false, { name: 'objects', type: 'int', description: 'Number of objects' }],
    ['int32', false, { name: 'edges', type: 'int', description: 'Number of edges' }],
    ['int32', false, { name: 'splits', type: 'int', description: 'Objects with several outgoing edges' }],
    ['int32', false, { name: 'merges', type: 'int', description: 'Objects with several incoming edges' }],
  ]);
}

/** Columns of the vertex table. A part without vertices is one row without coordinates. */
export function vertexColumns(header: SetHeader): { stored: StoredColumn[]; described: ColumnDescription[] } {
  const space = header.spaceUnit === undefined ? {} : { unit: header.spaceUnit };
  return own([
    ['int64', false, { name: 'object_id', type: 'int', description: 'Object the outline belongs to' }],
    ['int32', false, { name: 'part', type: 'int', description: 'Number of the part in the object, from 0' }],
    ['double', true, { name: 'x', type: 'float', description: 'Absolute position', ...space }],
    ['double', true, { name: 'y', type: 'float', description: 'Absolute position', ...space }],
    ['double', true, { name: 'z', type: 'float', description: 'Absolute position; 0 for planar sets', ...space }],
  ]);
}

function own(columns: readonly (readonly [StoredType, boolean, ColumnDescription])[]): {
  stored: StoredColumn[];
  described: ColumnDescription[];
} {
  return {
    stored: columns.map(([type, nullable, { name }]) => ({ name, type, nullable })),
    described: columns.map(([, , description]) => description),
  };
}

/** Features with the names they are stored under: their own where it is free. */
export function storedFeatures(features: readonly ColumnDescription[], own_: readonly StoredColumn[]): StoredFeature[] {
  // Names of columns must differ in more than case: databases do not tell them apart.
  const taken = new Set(own_.map(({ name }) => name.toLowerCase()));
  return features.map((feature) => {
    let stored = feature.name;
    for (let number = 2; taken.has(stored.toLowerCase()); number++) stored = `${feature.name}_${number}`;
    taken.add(stored.toLowerCase());
    return { ...feature, stored };
  });
}

/** Storage of a feature: whole numbers as such unless some values are not. */
export function storedColumn(feature: StoredFeature, hasFractions: boolean): StoredColumn {
  const type: StoredType =
    feature.type === 'string'
      ? 'string'
      : feature.type === 'bool'
        ? 'boolean'
        : feature.type === 'int' && !hasFractions
          ? 'int64'
          : 'double';
  return { name: feature.stored, type, nullable: true };
}
