import { type EntityKind, type Issue } from '@micrarium/model';
import type { EdgeBatch, ReadOptions, SetHeader, TrackReader, TrackSink } from '../../tracks/track-reader.ts';
import { SlabCells, memberNamed } from './column-reader.ts';
import { FrameObjects, type KindPlan } from './frame-objects.ts';
import { Hdf5Error, Hdf5File, type Hdf5Table } from './hdf5-reader.ts';
import { bd5Issue } from './issues.ts';
import { type Bd5Kind, type Bd5Structure, entityKinds, kindTable, readStructure, tallyIssues } from './structure.ts';

/**
 * Reads BD5: one set for each kind of object, frames from the time groups, edges from trackInfo, features joined by
 * (group, oID, ID). Positions are stored × scale, in the file's unit; the scale stands in `provenance.pixelSize`.
 * IDs are texts and stay in the column `source_id`; objects are numbered over the file.
 */
export const bd5Reader: TrackReader = {
  async stream(item, sink, options = {}) {
    const entry = item.tree.entries[0] ?? item.files[0];
    if (!entry) return { issues: [] };
    let file: Hdf5File | undefined;
    let structure: Bd5Structure | undefined;
    const issues: Issue[] = [];
    try {
      file = await Hdf5File.open(await entry.open(), options.signal);
      structure = readStructure(file);
      await streamKinds(file, structure, sink, options, item.path, issues);
    } catch (error) {
      if (!(error instanceof Hdf5Error)) throw error;
      issues.push(bd5Issue(`hdf5-${error.reason}`, error.message, { where: { file: item.path } }));
    } finally {
      file?.close();
    }
    if (structure) issues.push(...tallyIssues(structure.tally, item.path));
    return { issues };
  },
};

async function streamKinds(
  file: Hdf5File,
  structure: Bd5Structure,
  sink: TrackSink,
  options: ReadOptions,
  path: string,
  issues: Issue[],
): Promise<void> {
  const ids = new Map<string, { kind: number; id: number }>();
  let nextId = 0;
  for (const [index, kind] of structure.kinds.entries()) {
    const plan = planKind(file, structure, kind);
    if (!plan) continue;
    if (plan.hasRadius && plan.entity === 'point')
      issues.push(
        bd5Issue('bd5-unused-radius', `the points of "${plan.name}" carry a radius`, { where: { file: path } }),
      );
    await sink.header(headerOf(structure, plan));
    const objects = new FrameObjects(file, structure, plan);
    for (const [done, frame] of structure.frames.entries()) {
      options.signal?.throwIfAborted();
      if (!frame.kinds.includes(kind.id)) continue;
      const read = objects.read(frame, nextId);
      if (!read || read.batch.count === 0) continue;
      for (const [row, name] of read.names.entries())
        if (ids.has(name)) structure.tally.note('bd5-duplicate-id', { field: frame.path }, `${frame.path}: ${name}`);
        else ids.set(name, { kind: index, id: nextId + row });
      nextId += read.batch.count;
      await sink.objects(read.batch);
      options.onProgress?.((index + done / structure.frames.length) / structure.kinds.length);
    }
    if (structure.trackInfo) await streamEdges(file, structure.trackInfo, ids, index, sink);
    await sink.end();
  }
  if (structure.trackInfo) checkLinks(file, structure, structure.trackInfo, ids);
}

/** Pairs of IDs in trackInfo, by slab. */
function* linkPairs(file: Hdf5File, table: Hdf5Table): Generator<[string, string][]> {
  const from = memberNamed(table, 'from');
  const to = memberNamed(table, 'to');
  if (!from || !to) return;
  for (const slab of file.slabs(table)) {
    const cells = new SlabCells(file, table, slab.bytes);
    yield Array.from({ length: slab.rows }, (_, row) => [cells.text(from, row), cells.text(to, row)]);
  }
}

async function streamEdges(
  file: Hdf5File,
  table: Hdf5Table,
  ids: ReadonlyMap<string, { kind: number; id: number }>,
  kind: number,
  sink: TrackSink,
): Promise<void> {
  for (const pairs of linkPairs(file, table)) {
    const batch: EdgeBatch = {
      count: 0,
      sourceId: new Float64Array(pairs.length),
      targetId: new Float64Array(pairs.length),
      columns: [],
    };
    for (const [from, to] of pairs) {
      const a = ids.get(from);
      const b = ids.get(to);
      if (a?.kind !== kind || b?.kind !== kind) continue;
      batch.sourceId[batch.count] = a.id;
      batch.targetId[batch.count++] = b.id;
    }
    if (batch.count > 0) await sink.edges(batch);
  }
}

function checkLinks(
  file: Hdf5File,
  structure: Bd5Structure,
  table: Hdf5Table,
  ids: ReadonlyMap<string, { kind: number; id: number }>,
): void {
  for (const name of ['from', 'to'])
    if (!memberNamed(table, name))
      structure.tally.note('bd5-column-missing', { field: table.path, column: name }, `${table.path}: ${name}`);
  for (const pairs of linkPairs(file, table))
    for (const [from, to] of pairs) {
      const a = ids.get(from);
      const b = ids.get(to);
      if (!a || !b) structure.tally.note('bd5-dangling-link', { field: table.path }, `${from} → ${to}`);
      else if (a.kind !== b.kind)
        structure.tally.note('bd5-link-between-kinds', { field: table.path }, `${from} → ${to}`);
    }
}

/** Looks at the tables of a kind in all frames; `undefined` where it has none. */
function planKind(file: Hdf5File, structure: Bd5Structure, kind: Bd5Kind): KindPlan | undefined {
  let entity: EntityKind | undefined;
  let any: Hdf5Table | undefined;
  const columns = new Set<string>();
  for (const frame of structure.frames) {
    if (!frame.kinds.includes(kind.id)) continue;
    // Faults of a table are noted when its rows are read.
    const table = kindTable(file, frame, 'object', kind.id, { note: () => undefined } as never);
    if (!table) continue;
    any ??= table;
    for (const { name } of table.members) columns.add(name);
    entity ??= firstEntity(file, table);
  }
  if (!any) {
    for (const frame of structure.frames)
      if (frame.kinds.includes(kind.id)) kindTable(file, frame, 'object', kind.id, structure.tally);
    return undefined;
  }
  const { scale, tally } = structure;
  const known = entity ?? (columns.has('radius') ? (columns.has('z') ? 'sphere' : 'circle') : 'point');
  if (known === 'sphere' && scale?.dimension.startsWith('2D'))
    tally.note('bd5-entity-not-allowed', { field: any.path }, `${known} in ${scale.dimension}`);
  const dimensions = /^[0-3]D/.test(scale?.dimension ?? '') ? Number(scale!.dimension[0]) : 2;
  const needed = [
    ...['x', 'y', 'z'].slice(0, dimensions),
    ...(known === 'circle' || known === 'sphere' ? ['radius'] : []),
    ...(dimensions > 0 ? ['entity'] : []),
    ...(scale?.dimension.endsWith('+T') ? ['t'] : []),
  ];
  for (const column of needed)
    if (!columns.has(column)) tally.note('bd5-column-missing', { field: any.path, column }, `${any.path}: ${column}`);
  const features = structure.features;
  return {
    id: kind.id,
    name: kind.name || `object ${kind.id}`,
    entity: known,
    hasZ: columns.has('z'),
    // Our own files of sets without times say so by the unit "frame".
    hasTime: columns.has('t') && scale?.timeUnit !== 'frame',
    hasLabel: columns.has('label'),
    hasRadius: columns.has('radius'),
    hasShapes: known === 'line' || known === 'face',
    features,
    columns: [
      { name: 'source_id', type: 'string', sourceKey: 'ID' },
      ...(columns.has('label') ? [{ name: 'label', type: 'string' as const }] : []),
      ...(columns.has('radius')
        ? [{ name: 'radius', type: 'float' as const, ...(scale?.spaceUnit ? { unit: scale.spaceUnit } : {}) }]
        : []),
      ...features.map(({ name, unit }) => ({ name, type: 'float' as const, ...(unit ? { unit } : {}) })),
    ],
  };
}

function firstEntity(file: Hdf5File, table: Hdf5Table): EntityKind | undefined {
  const member = memberNamed(table, 'entity');
  if (!member) return undefined;
  for (const slab of file.slabs(table)) {
    const text = new SlabCells(file, table, slab.bytes).text(member, 0);
    return entityKinds.find((kind) => kind === text);
  }
  return undefined;
}

function headerOf(structure: Bd5Structure, plan: KindPlan): SetHeader {
  const { scale } = structure;
  const known = (value: number | undefined) =>
    value === undefined || Number.isNaN(value) || value === 0 ? undefined : value;
  const pixelSize = Object.fromEntries(
    (['x', 'y', 'z'] as const).flatMap((axis) => {
      const value = known(scale?.[axis]);
      return value === undefined ? [] : [[axis, value]];
    }),
  );
  const interval = known(scale?.t);
  return {
    name: plan.name,
    ...(scale?.spaceUnit ? { spaceUnit: scale.spaceUnit } : {}),
    ...(scale?.timeUnit ? { timeUnit: scale.timeUnit } : {}),
    ...(scale?.sourceSpaceUnit ? { sourceSpaceUnit: scale.sourceSpaceUnit } : {}),
    ...(scale?.sourceTimeUnit ? { sourceTimeUnit: scale.sourceTimeUnit } : {}),
    sourceFrameBase: 0,
    entity: plan.entity,
    hasZ: plan.hasZ,
    hasTime: plan.hasTime,
    objectColumns: plan.columns,
    edgeColumns: [],
    provenance: {
      ...(Object.keys(pixelSize).length > 0 ? { pixelSize } : {}),
      ...(interval === undefined ? {} : { frameInterval: interval }),
    },
  };
}
