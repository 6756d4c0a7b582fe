import { type Column, type ColumnDescription, type Shapes, type TrackSet, columnValue } from '@micrarium/model';
import { type Surviving, thoseThere } from '../loss/surviving.ts';
import { type AttributeColumn, type DeclaredFeature, featureColumns, readUnits } from '../trackmate/columns.ts';
import type { SeenAttributes } from '../trackmate/survey.ts';
import { imageData } from '../trackmate/survey.ts';
import { provenanceOf, sourceTrackColumn } from '../trackmate/to-model.ts';
import {
  type WrittenFeature,
  heldText,
  modelUnits,
  ownAttributes,
  readerNames,
  spotDeclarations,
  writtenFeatures,
} from './features.ts';
import { settingsOf } from './settings.ts';
import { flatOutline, needsNewIds, writtenIds } from './spots.ts';
import { type WrittenTrack, groupTracks, trackIdColumns } from './track-grouping.ts';
import { isDeclared, spotColumns, trackColumns, versionOf } from './written.ts';

/** What comes back of a set from a TrackMate file. */
export function surviving(set: TrackSet): Surviving {
  const { objects, edges } = set;
  const units = modelUnits(set);
  const read = readUnits(units.space, units.time);
  const tracks = groupTracks(set);
  const shapes = survivingOutlines(set);
  const { z, shapes: _, columns: __, ...rest } = objects;
  const hasDepth = z !== undefined && z.some((value) => value !== 0);
  const columns = {
    objects: objectColumns(set, read, shapes),
    edges: edgeColumns(set, read, tracks),
    tracks: survivingTracks(set, read, tracks),
  };
  const trackRows = thoseThere(columns.tracks);
  return {
    columns,
    set: {
      name: set.name,
      ...(read.space === undefined ? {} : { spaceUnit: read.space }),
      ...(read.time === undefined ? {} : { timeUnit: read.time }),
      ...(read.sourceSpace === undefined ? {} : { sourceSpaceUnit: read.sourceSpace }),
      ...(read.sourceTime === undefined ? {} : { sourceTimeUnit: read.sourceTime }),
      objects: {
        ...rest,
        id: needsNewIds(set) ? Float64Array.from(writtenIds(set)) : objects.id,
        ...(hasDepth ? { z } : {}),
        columns: thoseThere(columns.objects),
        ...(shapes ? { shapes } : {}),
        entity: 'point',
      },
      edges: { ...edges, columns: thoseThere(columns.edges) },
      ...(trackRows.length > 0 ? { sourceTracks: { count: tracks.length, columns: trackRows } } : {}),
      provenance: survivingProvenance(set),
    },
  };
}

type Units = ReturnType<typeof readUnits>;

/** Columns as the reader makes them of the attributes written, by attribute. */
function readColumns(
  table: 'spot' | 'edge',
  features: readonly WrittenFeature[],
  units: Units,
  outlined: boolean,
): Map<string, ColumnDescription> {
  const declared: DeclaredFeature[] = (table === 'spot' ? spotDeclarations(features) : []).map(
    ([key, name, dimension, isInt = false]) => ({ key, name, dimension, isInt }),
  );
  const seen: SeenAttributes = new Map();
  for (const feature of features) {
    const { key, column, dimension } = feature;
    const isInt = column.type === 'int' || column.type === 'bool';
    if (isDeclared(feature))
      declared.push({ key, name: heldText(column.description ?? column.name), dimension, isInt });
    else seen.set(key, { kind: 'string', count: 1 });
  }
  if (outlined) seen.set('ROI_N_POINTS', { kind: 'int', count: 1 });
  const attributes = new Set(
    ownAttributes[table].filter((name) => name !== 'roi_n_points').map((name) => name.toUpperCase()),
  );
  const columns: AttributeColumn[] = featureColumns(declared, seen, units, { attributes, names: readerNames[table] });
  return new Map(columns.map(({ attribute, column }) => [attribute, column]));
}

function objectColumns(set: TrackSet, units: Units, shapes: Shapes | undefined): (Column | undefined)[] {
  const features = writtenFeatures('spot', spotColumns(set), set);
  const read = readColumns('spot', features, units, shapes !== undefined);
  const byColumn = new Map(features.map((feature) => [feature.column, feature.key]));
  return set.objects.columns.map((column) => {
    if (column.sourceKey === 'ROI_N_POINTS') return pointCounts(read.get('ROI_N_POINTS'), shapes, set.objects.count);
    return held(column, read.get(byColumn.get(column)!)!);
  });
}

/** Numbers of points are written with the outlines they count. */
function pointCounts(
  description: ColumnDescription | undefined,
  shapes: Shapes | undefined,
  count: number,
): Column | undefined {
  if (!description || !shapes) return undefined;
  const values = new Int32Array(count);
  const missing = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    const part = shapes.partOffsets[row]!;
    if (shapes.partOffsets[row + 1]! === part) missing[row] = 1;
    else values[row] = shapes.vertexOffsets[part + 1]! - shapes.vertexOffsets[part]!;
  }
  return { ...description, values, missing };
}

/** A column with the description it is read with; text without what XML cannot hold. */
function held(column: Column, description: ColumnDescription): Column {
  const { values, missing } = column;
  const isSame = !Array.isArray(values) || values.every((text) => heldText(text) === text);
  return {
    ...description,
    values: isSame ? values : values.map(heldText),
    ...(missing ? { missing } : {}),
  };
}

function edgeColumns(set: TrackSet, units: Units, tracks: readonly WrittenTrack[]): (Column | undefined)[] {
  const named = trackIdColumns(set);
  const features = writtenFeatures(
    'edge',
    set.edges.columns.filter((column) => column !== named?.edges),
    set,
  );
  const read = readColumns('edge', features, units, false);
  const byColumn = new Map(features.map((feature) => [feature.column, feature.key]));
  return set.edges.columns.map((column) => {
    if (column !== named?.edges) return held(column, read.get(byColumn.get(column)!)!);
    const values = new Float64Array(set.edges.count);
    for (const { id, edges } of tracks) for (const edge of edges) values[edge] = id;
    return { ...sourceTrackColumn.column, values };
  });
}

function survivingTracks(set: TrackSet, units: Units, tracks: readonly WrittenTrack[]): (Column | undefined)[] {
  const { sourceTracks } = set;
  if (!sourceTracks) return [];
  const named = trackIdColumns(set);
  if (!named) return sourceTracks.columns.map(() => undefined);
  const features = writtenFeatures('track', trackColumns(set), set);
  const byColumn = new Map(features.map((feature) => [feature.column, feature]));
  const visible = sourceTracks.columns.find(({ name, type }) => name === 'visible' && type === 'bool');
  const isShown = (row: number | undefined) => row === undefined || !visible || columnValue(visible, row) === true;
  return sourceTracks.columns.map((column) => {
    if (column === named.tracks)
      return {
        ...column,
        values: Float64Array.from(tracks, ({ id }) => id),
        name: 'source_track_id',
        type: 'int' as const,
      };
    if (column === visible) {
      const values = Uint8Array.from(tracks, ({ row }) => (isShown(row) ? 1 : 0));
      return values.includes(1) ? { ...column, description: 'Not hidden by a filter', values } : undefined;
    }
    const feature = byColumn.get(column);
    const isThere = Array.from({ length: sourceTracks.count }, (_, row) => column.missing?.[row] !== 1).includes(true);
    return feature && isThere ? trackColumn(feature, units, set) : undefined;
  });
}

/** A feature of tracks as the reader finds it: its type is what all its values are. */
function trackColumn(feature: WrittenFeature, units: Units, set: TrackSet): Column {
  const { column, key } = feature;
  const declared = isDeclared(feature);
  const read = readColumns('edge', [feature], units, false).get(key)!;
  const taken = key.toLowerCase() === 'visible' || key.toLowerCase() === 'source_track_id';
  const count = set.sourceTracks!.count;
  const { description: _, ...about } = read;
  const description = declared ? heldText(column.description ?? column.name) : undefined;
  return held(
    { ...column, ...(column.missing ? { missing: column.missing.subarray(0, count) } : {}) },
    {
      ...about,
      name: taken ? `${key.toLowerCase()}_2` : key.toLowerCase(),
      ...(description ? { description } : {}),
    },
  );
}

function survivingOutlines(set: TrackSet): Shapes | undefined {
  const { objects } = set;
  if (!objects.shapes) return undefined;
  const partOffsets = new Uint32Array(objects.count + 1);
  // One part an object, and no more vertices than there are.
  const vertexOffsets = new Uint32Array(objects.count + 1);
  const xyz = new Float64Array(objects.shapes.xyz.length);
  let [parts, end] = [0, 0];
  for (let row = 0; row < objects.count; row++) {
    const outline = flatOutline(set, row);
    for (let i = 0; outline && i < outline.length; i += 2) {
      xyz[end++] = objects.x[row]! + outline[i]!;
      xyz[end++] = objects.y[row]! + outline[i + 1]!;
      xyz[end++] = objects.z?.[row] ?? 0;
    }
    if (outline) vertexOffsets[++parts] = end / 3;
    partOffsets[row + 1] = parts;
  }
  if (parts === 0) return undefined;
  return { partOffsets, vertexOffsets: vertexOffsets.subarray(0, parts + 1), xyz: xyz.subarray(0, end) };
}

function survivingProvenance(set: TrackSet): TrackSet['provenance'] {
  const settings = settingsOf(set.provenance).trim();
  const image = settings === '' ? undefined : imageData(settings);
  return provenanceOf(versionOf(set), {
    ...(settings === '' ? {} : { settings }),
    ...(image ? { image } : {}),
  });
}
