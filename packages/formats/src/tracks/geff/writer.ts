import type { Column, ColumnDescription, TrackSet } from '@micrarium/model';
import type { FileSink, TrackWriter, WriteOptions } from '../track-reader.ts';
import type { OwnExtra } from './own-extra.ts';
import { type Kind, ZarrV2Writer, kindOf, numberBytes, textBytes } from './zarr-v2.ts';
import { wholly } from '../loss/surviving.ts';

const geffVersion = '1.2';
const childPath = 'source_tracks.geff';

/**
 * Writes GEFF 1.x in Zarr v2, packed with gzip: features as properties with their units, outlines as varlength
 * properties, features of tracks in a nested GEFF. Several sets go to `set-1.geff`, `set-2.geff`... What the
 * specification has no place for stands in `extra`, so nothing is lost.
 */
export const geffWriter: TrackWriter = {
  layout: 'folder',
  extension: '.geff',
  losses: () => [],
  surviving: (sets) => sets.map(wholly),
  async write(sets, sink, options = {}) {
    for (const [i, set] of sets.entries()) {
      const folder = sets.length === 1 ? '' : `set-${i + 1}.geff/`;
      await writeSet(set, { create: (path) => sink.create(folder + path) }, options);
      options.onProgress?.((i + 1) / sets.length);
    }
  },
};

/** A column beside the property that holds it. */
interface Placed {
  key: string;
  column: Column;
}

async function writeSet(set: TrackSet, sink: FileSink, { signal }: WriteOptions): Promise<void> {
  const { objects, edges, sourceTracks, ...about } = set;
  const zarr = new ZarrV2Writer(sink);
  const taken = new Set(['t', 'x', 'y', 'z', 'time', 'outline', 'outline_parts']);
  const nodeColumns = place(objects.columns, taken);
  const edgeColumns = place(edges.columns, new Set());
  const trackColumns = place(sourceTracks?.columns ?? [], new Set());
  const axes = axisColumns(set);
  const hasOutlines = objects.shapes !== undefined;
  const own: OwnExtra = {
    set: { ...about, entity: objects.entity },
    objects: nodeColumns.map(describe),
    edges: edgeColumns.map(describe),
    ...(sourceTracks
      ? { tracks: { path: childPath, count: sourceTracks.count, columns: trackColumns.map(describe) } }
      : {}),
    ...(objects.time ? { time: 'time' } : {}),
    ...(hasOutlines ? { outlines: { vertices: 'outline', parts: 'outline_parts' } } : {}),
  };
  const plain = [...axes, ...(objects.time ? [timeColumn(set, objects.time)] : []), ...nodeColumns];
  const nodeMetadata = Object.fromEntries(plain.map((one) => [one.key, propertyMetadata(one)]));
  if (hasOutlines) Object.assign(nodeMetadata, outlineMetadata(set));
  await zarr.group('', {
    geff: {
      geff_version: geffVersion,
      directed: true,
      axes: axes.map(axisMetadata),
      node_props_metadata: nodeMetadata,
      edge_props_metadata: Object.fromEntries(edgeColumns.map((one) => [one.key, propertyMetadata(one)])),
      related_objects: sourceTracks ? [{ type: 'geff', path: childPath }] : null,
      extra: { micrarium: own },
    },
  });
  await writeTable(zarr, 'nodes', objects.id, plain, signal);
  if (objects.shapes) await writeOutlines(zarr, objects.shapes, objects.count);
  await writeEdges(zarr, set, edgeColumns, signal);
  if (sourceTracks) await writeChild(zarr, trackColumns, sourceTracks.count, signal);
}

/** Gives every column a property name that is a safe file name and unique also where case does not count. */
function place(columns: readonly Column[], taken: Set<string>): Placed[] {
  return columns.map((column) => {
    const plain =
      column.name
        .replace(/[^\w -]/g, '_')
        .replace(/^[ .]+|[ .]+$/g, '')
        .slice(0, 80) || 'property';
    let key = plain;
    for (let n = 2; taken.has(key.toLowerCase()); n++) key = `${plain}_${n}`;
    taken.add(key.toLowerCase());
    return { key, column };
  });
}

const describe = ({
  key,
  column: { values: _v, missing: _m, ...column },
}: Placed): { key: string; column: ColumnDescription } => ({
  key,
  column,
});

function axisColumns({ objects, spaceUnit }: TrackSet): Placed[] {
  const space = (name: 'x' | 'y' | 'z', values: Float64Array): Placed => ({
    key: name,
    column: { name, type: 'float', values, ...(spaceUnit ? { unit: spaceUnit } : {}) },
  });
  return [
    { key: 't', column: { name: 't', type: 'int', unit: 'frame', values: objects.frame } },
    ...(objects.z ? [space('z', objects.z)] : []),
    space('y', objects.y),
    space('x', objects.x),
  ];
}

function timeColumn({ timeUnit }: TrackSet, values: Float64Array): Placed {
  return { key: 'time', column: { name: 'time', type: 'float', values, ...(timeUnit ? { unit: timeUnit } : {}) } };
}

function axisMetadata({ key, column }: Placed): object {
  const values = column.values as Float64Array | Int32Array;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let finite = values.length > 0;
  for (const value of values) {
    if (!Number.isFinite(value)) finite = false;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return {
    name: key,
    type: key === 't' ? 'time' : 'space',
    unit: column.unit ?? null,
    min: finite ? min : null,
    max: finite ? max : null,
  };
}

function propertyMetadata({ key, column }: Placed): object {
  return {
    identifier: key,
    dtype: kindOf(column),
    varlength: false,
    unit: column.unit ?? null,
    name: column.name,
    description: column.description ?? null,
  };
}

function outlineMetadata({ spaceUnit }: TrackSet): object {
  const about = { varlength: true, unit: null };
  return {
    outline: {
      ...about,
      identifier: 'outline',
      dtype: 'float64',
      unit: spaceUnit ?? null,
      name: 'outline',
      description: 'Vertices of the outline or mesh of the object: x, y, z, absolute; z is 0 for planar sets',
    },
    outline_parts: {
      ...about,
      identifier: 'outline_parts',
      dtype: 'uint32',
      name: 'outline parts',
      description: 'Number of vertices of each part of the outline',
    },
  };
}

async function writeTable(
  zarr: ZarrV2Writer,
  table: string,
  ids: Float64Array,
  columns: readonly Placed[],
  signal?: AbortSignal,
): Promise<void> {
  await zarr.group(table);
  const kind = ids.every((id) => id >= 0) ? 'uint64' : 'int64';
  await zarr.array(`${table}/ids`, kind, ids.length, undefined, (from, to) =>
    numberBytes(kind, ids.subarray(from, to)),
  );
  await writeProperties(zarr, `${table}/props`, columns, ids.length, signal);
}

async function writeProperties(
  zarr: ZarrV2Writer,
  root: string,
  columns: readonly Placed[],
  rows: number,
  signal?: AbortSignal,
): Promise<void> {
  await zarr.group(root);
  for (const { key, column } of columns) {
    signal?.throwIfAborted();
    const path = `${root}/${key}`;
    const kind = kindOf(column);
    const { missing, values } = column;
    await zarr.group(path);
    await zarr.array(`${path}/values`, kind, rows, undefined, (from, to) => columnBytes(kind, values, from, to));
    if (missing) await zarr.array(`${path}/missing`, 'bool', rows, undefined, (from, to) => missing.slice(from, to));
  }
}

function columnBytes(kind: Kind, values: Column['values'], from: number, to: number): Uint8Array {
  if (kind === 'str') return textBytes((values as string[]).slice(from, to));
  return numberBytes(kind, (values as Float64Array).subarray(from, to));
}

async function writeEdges(
  zarr: ZarrV2Writer,
  { objects, edges }: TrackSet,
  columns: readonly Placed[],
  signal?: AbortSignal,
): Promise<void> {
  await zarr.group('edges');
  const kind = objects.id.every((id) => id >= 0) ? 'uint64' : 'int64';
  await zarr.array('edges/ids', kind, edges.count, 2, (from, to) => {
    const ends = new Float64Array((to - from) * 2);
    for (let edge = from; edge < to; edge++) {
      ends[(edge - from) * 2] = objects.id[edges.source[edge]!]!;
      ends[(edge - from) * 2 + 1] = objects.id[edges.target[edge]!]!;
    }
    return numberBytes(kind, ends);
  });
  await writeProperties(zarr, 'edges/props', columns, edges.count, signal);
}

/** Outlines as two varlength properties: where each node's entry begins in the data, its shape, and the data. */
async function writeOutlines(
  zarr: ZarrV2Writer,
  { partOffsets, vertexOffsets, xyz }: NonNullable<TrackSet['objects']['shapes']>,
  count: number,
): Promise<void> {
  const parts = vertexOffsets.length - 1;
  const vertexAt = (row: number) => vertexOffsets[partOffsets[row]!]!;
  const entries = async (name: string, width: number, row: (row: number) => number[]) => {
    await zarr.group(`nodes/props/${name}`);
    await zarr.array(`nodes/props/${name}/values`, 'uint64', count, width, (from, to) =>
      numberBytes('uint64', Array.from({ length: to - from }, (_, i) => row(from + i)).flat()),
    );
  };
  await entries('outline', 3, (row) => [vertexAt(row) * 3, vertexAt(row + 1) - vertexAt(row), 3]);
  await zarr.array('nodes/props/outline/data', 'float64', xyz.length, undefined, (from, to) =>
    numberBytes('float64', xyz.subarray(from, to)),
  );
  await entries('outline_parts', 2, (row) => [partOffsets[row]!, partOffsets[row + 1]! - partOffsets[row]!]);
  await zarr.array('nodes/props/outline_parts/data', 'uint32', parts, undefined, (from, to) =>
    numberBytes(
      'uint32',
      Uint32Array.from({ length: to - from }, (_, i) => vertexOffsets[from + i + 1]! - vertexOffsets[from + i]!),
    ),
  );
}

/** Features of tracks: a GEFF whose nodes are the tracks the source listed, without edges. */
async function writeChild(
  zarr: ZarrV2Writer,
  columns: readonly Placed[],
  count: number,
  signal?: AbortSignal,
): Promise<void> {
  await zarr.group(childPath, {
    geff: {
      geff_version: geffVersion,
      directed: true,
      axes: null,
      node_props_metadata: Object.fromEntries(columns.map((one) => [one.key, propertyMetadata(one)])),
      edge_props_metadata: {},
    },
  });
  const ids = Float64Array.from({ length: count }, (_, row) => row);
  await writeTable(zarr, `${childPath}/nodes`, ids, columns, signal);
  await zarr.group(`${childPath}/edges`);
  await zarr.array(`${childPath}/edges/ids`, 'uint64', 0, 2, () => new Uint8Array(0));
}
