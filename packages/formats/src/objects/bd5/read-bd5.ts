import type { EntityKind, Issue } from '@micrarium/model';
import { Hdf5Fault } from '../../containers/hdf5/fault.ts';
import type { EdgeBatch, ReadOptions, SetHeader, TrackReader, TrackSink } from '../../tracks/track-reader.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { uniqueName } from '../../tracks/trackmate/columns.ts';
import { IdTable } from '../id-table.ts';
import { joiningOutlines } from '../join-outlines.ts';
import { SlabCells, memberNamed } from './column-reader.ts';
import { FrameObjects, type KindPlan, storedType } from './frame-objects.ts';
import { Hdf5File, type Hdf5Table } from './hdf5-reader.ts';
import { bd5Issue } from './issues.ts';
import { type Bd5Kind, type Bd5Structure, entityKinds, kindTable, readStructure, tallyIssues } from './structure.ts';

/**
 * Reads BD5: one set for each kind of object, frames from the time groups, edges from trackInfo, features joined by
 * (group, oID, ID). Positions are stored × scale, in the file's unit; the scale stands in `provenance.pixelSize`.
 * IDs are texts and stay in the column `source_id`; objects are numbered over the file.
 */
export const bd5Reader: TrackReader = joiningOutlines({
  async stream(item, sink, options = {}) {
    const entry = item.tree.entries[0] ?? item.files[0];
    if (!entry) return { issues: [] };
    let structure: Bd5Structure | undefined;
    const issues: Issue[] = [];
    try {
      const file = await Hdf5File.open(await entry.open(), options.signal);
      structure = await readStructure(file);
      await streamKinds(file, structure, sink, options, item.path, issues);
    } catch (error) {
      if (!(error instanceof Hdf5Fault)) throw error;
      const code = error.reason === 'absurd' ? 'hdf5-absurd-size' : 'hdf5-unreadable';
      issues.push(bd5Issue(code, error.message, { where: { file: item.path } }));
    }
    if (structure) issues.push(...tallyIssues(structure.tally, item.path));
    return { issues };
  },
});

/** IDs of the objects of one kind, with the number and frame of the first object that has each. */
class KindIds {
  private readonly table = new IdTable();
  private readonly ids: number[] = [];
  private readonly frames: number[] = [];

  /** `false` where another object of the kind has the ID. */
  add(name: string, id: number, frame: number): boolean {
    if (this.table.add(name) < this.ids.length) return false;
    this.ids.push(id);
    this.frames.push(frame);
    return true;
  }

  /** Number of the object; -1 where there is none. */
  id(name: string): number {
    const found = this.table.find(name);
    return found < 0 ? -1 : this.ids[found]!;
  }

  /** Frame of the object; `undefined` where there is none. */
  frame(name: string): number | undefined {
    const found = this.table.find(name);
    return found < 0 ? undefined : this.frames[found]!;
  }
}

async function streamKinds(
  file: Hdf5File,
  structure: Bd5Structure,
  sink: TrackSink,
  options: ReadOptions,
  path: string,
  issues: Issue[],
): Promise<void> {
  const kinds: KindIds[] = [];
  let nextId = 0;
  for (const [index, kind] of structure.kinds.entries()) {
    const plan = await planKind(file, structure, kind);
    if (!plan) continue;
    if (plan.hasRadius && plan.entity === 'point')
      issues.push(
        bd5Issue('bd5-unused-radius', `the points of "${plan.name}" carry a radius`, { where: { file: path } }),
      );
    await sink.header(headerOf(structure, plan));
    const objects = new FrameObjects(file, structure, plan);
    const own = new KindIds();
    for (const [done, frame] of structure.frames.entries()) {
      options.signal?.throwIfAborted();
      if (!frame.kinds.includes(kind.id)) continue;
      const read = await objects.read(frame, nextId);
      if (!read || read.batch.count === 0) continue;
      for (const [row, name] of read.names.entries()) {
        const isNew = own.add(name, nextId + row, frame.frame);
        // One thing may be measured as several kinds of object, at one time.
        const isElsewhere = kinds.some((other) => (other.frame(name) ?? frame.frame) !== frame.frame);
        if (!isNew || isElsewhere)
          structure.tally.note('bd5-duplicate-id', { field: frame.path }, `${frame.path}: ${name}`);
      }
      nextId += read.batch.count;
      await sink.objects(read.batch);
      options.onProgress?.((index + done / structure.frames.length) / structure.kinds.length);
    }
    kinds.push(own);
    if (structure.trackInfo) await streamEdges(file, structure.trackInfo, own, sink);
    await sink.end();
  }
  if (structure.trackInfo) await checkLinks(file, structure, structure.trackInfo, kinds);
}

/** Pairs of IDs in trackInfo, by slab. */
async function* linkPairs(file: Hdf5File, table: Hdf5Table): AsyncGenerator<{ from: string[]; to: string[] }> {
  const from = memberNamed(table, 'from');
  const to = memberNamed(table, 'to');
  if (!from || !to) return;
  for await (const slab of file.slabs(table)) {
    const cells = new SlabCells(table, slab);
    yield { from: cells.texts(from), to: cells.texts(to) };
  }
}

async function streamEdges(file: Hdf5File, table: Hdf5Table, ids: KindIds, sink: TrackSink): Promise<void> {
  for await (const { from, to } of linkPairs(file, table)) {
    const batch: EdgeBatch = {
      count: 0,
      sourceId: new Float64Array(from.length),
      targetId: new Float64Array(from.length),
      columns: [],
    };
    for (let i = 0; i < from.length; i++) {
      const a = ids.id(from[i]!);
      const b = a < 0 ? -1 : ids.id(to[i]!);
      if (b < 0) continue;
      batch.sourceId[batch.count] = a;
      batch.targetId[batch.count++] = b;
    }
    if (batch.count > 0) await sink.edges(batch);
  }
}

async function checkLinks(
  file: Hdf5File,
  structure: Bd5Structure,
  table: Hdf5Table,
  kinds: readonly KindIds[],
): Promise<void> {
  for (const name of ['from', 'to'])
    if (!memberNamed(table, name))
      structure.tally.note('bd5-column-missing', { field: table.path, column: name }, `${table.path}: ${name}`);
  for await (const { from, to } of linkPairs(file, table))
    for (let i = 0; i < from.length; i++) {
      const [a, b] = [from[i]!, to[i]!];
      if (kinds.some((ids) => ids.id(a) >= 0 && ids.id(b) >= 0)) continue;
      const isKnown = [a, b].every((name) => kinds.some((ids) => ids.id(name) >= 0));
      structure.tally.note(
        isKnown ? 'bd5-link-between-kinds' : 'bd5-dangling-link',
        { field: table.path },
        `${a} → ${b}`,
      );
    }
}

/** Looks at the tables of a kind in all frames; `undefined` where it has none. */
async function planKind(file: Hdf5File, structure: Bd5Structure, kind: Bd5Kind): Promise<KindPlan | undefined> {
  let entity: EntityKind | undefined;
  let any: Hdf5Table | undefined;
  let rows = 0;
  const columns = new Set<string>();
  const types = new StoredTypes();
  for (const frame of structure.frames) {
    if (!frame.kinds.includes(kind.id)) continue;
    // Faults of a table are noted when its rows are read.
    const table = await kindTable(file, frame, 'object', kind.id, new IssueTally());
    if (!table) continue;
    any ??= table;
    for (const { name } of table.members) columns.add(name);
    types.add('object', table);
    rows += table.rows;
    entity ??= await firstEntity(file, table);
    const features = frame.hasFeatures ? await kindTable(file, frame, 'feature', kind.id, new IssueTally()) : undefined;
    if (features) types.add('feature', features);
  }
  if (!any) {
    for (const frame of structure.frames)
      if (frame.kinds.includes(kind.id)) await kindTable(file, frame, 'object', kind.id, structure.tally);
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
  for (const name of ['scaleUnit', 'objectDef', 'featureDef']) {
    const table = await file.table(`/data/${name}`);
    if (table) types.add(name, table);
  }
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
    rows,
    storedTypes: types.found(),
    features,
    columns: [
      { name: 'source_id', type: 'string', sourceKey: 'ID' },
      ...(columns.has('label') ? [{ name: 'label', type: 'string' as const }] : []),
      ...(columns.has('radius')
        ? [{ name: 'radius', type: 'float' as const, ...(scale?.spaceUnit ? { unit: scale.spaceUnit } : {}) }]
        : []),
      ...featureNames(features, columns).map((name, i) => {
        const feature = features[i]!;
        const key = name === feature.name ? {} : { sourceKey: feature.name };
        return { name, type: 'float' as const, ...(feature.unit ? { unit: feature.unit } : {}), ...key };
      }),
    ],
  };
}

/**
 * Names of the columns of features, each once: two features may have one name, in different units.
 * @param members columns of the object tables
 */
export function featureNames(features: readonly { name: string }[], members: ReadonlySet<string>): string[] {
  const names = new Set(['source_id', ...['label', 'radius'].filter((name) => members.has(name))]);
  return features.map(({ name }) => uniqueName(name, names));
}

/** Types of number columns other than float64 and int32, of all tables of a kind. */
class StoredTypes {
  private readonly types = new Map<string, string | undefined>();

  add(room: string, table: Hdf5Table): void {
    for (const member of table.members) {
      const key = `${room}.${member.name === 'seqID' ? 'sID' : member.name}`;
      const type = storedType(member);
      // Where tables differ, the usual types hold what all of them have.
      this.types.set(key, this.types.has(key) && this.types.get(key) !== type ? undefined : type);
    }
  }

  found(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [key, type] of this.types)
      if (type !== undefined && type !== (key.endsWith('ID') ? 'int32' : 'float64')) found[key] = type;
    return found;
  }
}

async function firstEntity(file: Hdf5File, table: Hdf5Table): Promise<EntityKind | undefined> {
  const member = memberNamed(table, 'entity');
  if (!member) return undefined;
  for await (const slab of file.slabs(table)) {
    const text = new SlabCells(table, slab).text(member, 0);
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
      ...(Object.keys(plan.storedTypes).length > 0 ? { storedTypes: plan.storedTypes } : {}),
    },
    expected: { objects: plan.rows, edges: structure.trackInfo?.rows ?? 0 },
  };
}
