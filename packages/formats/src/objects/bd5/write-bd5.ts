import type { Issue, TrackSet } from '@micrarium/model';
import type { FileSink, TrackWriter, WriteOptions } from '../../tracks/track-reader.ts';
import { lossNames, lossReport } from '../../tracks/loss/report.ts';
import { comparableSet, withNumbersKept } from '../foretold.ts';
import { SetGathering } from '../gathering.ts';
import { comparedApart, outlinesApart, survivingTogether } from '../outlines-apart.ts';
import { StringTexts } from '../texts.ts';
import { type WritableSet, textsOf, writableSet } from '../writable-set.ts';
import { type WrittenBd5, type WrittenKind, toBd5 } from './from-model.ts';
import { type Hdf5GroupNode, type Hdf5TableNode, writeHdf5 } from '../../containers/hdf5/write-hdf5.ts';
import { bd5Issue } from './issues.ts';
import { type Bd5Layout, Bd5Records, type TextWidths, publishedWidths, widest } from './layout.ts';
import { plannedKinds, roundingOf } from './number-types.ts';
import { type FilledColumn, filledTable, smallTable } from './records.ts';
import { survivingBd5 } from './surviving.ts';

/** Losses that BD5 has codes of its own for. */
const bd5Losses = lossNames(bd5Issue, {
  sets: 'bd5-loss',
  objects: 'bd5-loss',
  edges: 'bd5-loss',
  outlines: 'bd5-loss',
  depth: 'bd5-loss',
  'object-features': 'bd5-loss',
  'edge-features': 'bd5-loss',
  'track-features': 'bd5-loss',
  provenance: 'bd5-loss',
  entity: 'bd5-value-changed',
  'feature-names': 'bd5-value-changed',
  'feature-types': 'bd5-value-changed',
});

/**
 * Makes a writer of BD5: one kind of object for each set, time groups from 0, trackInfo from the edges, features where
 * present; tables contiguous, superblock 0.
 * @param layout `full`: float64 and int32, or the types a set read from BD5 had, texts UTF-8 as wide as the longest.
 * `published`: the float32 record of 64 bytes of the files that were published, texts that end with a NUL
 */
export function bd5WriterFor(layout: Bd5Layout = 'full'): TrackWriter {
  const prepared = (sets: readonly WritableSet[]) => {
    const apart = outlinesApart(sets);
    const bd5 = toBd5(apart);
    const compared = sets.map(comparableSet);
    const surviving = () => survivingTogether(sets, apart, survivingBd5(bd5, layout, comparedApart(apart, compared)));
    return {
      losses: () => [
        ...lossReport(compared, withNumbersKept(compared, surviving()), bd5Losses),
        ...(layout === 'published' ? publishedIssues(bd5) : []),
      ],
      surviving,
      write: (sink: FileSink, options?: WriteOptions) => write(bd5, layout, sink, options),
    };
  };
  const ofSets = (sets: readonly TrackSet[]) => prepared(sets.map(writableSet));
  return {
    layout: 'file',
    extension: '.bd5.h5',
    losses: (sets) => ofSets(sets).losses(),
    surviving: (sets) => ofSets(sets).surviving(),
    write: (sets, sink, options) => ofSets(sets).write(sink, options),
    gather: (file) => new SetGathering(file, prepared),
  };
}

/** Writes BD5 in full precision. */
export const bd5Writer: TrackWriter = bd5WriterFor();

async function write(
  bd5: WrittenBd5,
  layout: Bd5Layout,
  sink: FileSink,
  { signal, onProgress }: WriteOptions = {},
): Promise<void> {
  const writer = await sink.create('');
  const total = bd5.kinds.reduce((sum, { set }) => sum + set.objects.count, 0);
  let done = 0;
  await writeHdf5(
    rootOf(bd5, layout, (rows) => onProgress?.((done += rows) / Math.max(1, total))),
    async (bytes) => {
      signal?.throwIfAborted();
      await writer.write(bytes);
    },
  );
  await writer.close();
}

function publishedIssues(bd5: WrittenBd5): Issue[] {
  const issues = bd5.kinds.flatMap((kind) => {
    const rounding = roundingOf(bd5, kind);
    return rounding === undefined ? [] : [bd5Issue('bd5-loss', rounding, { where: { field: kind.set.name } })];
  });
  const needed = widthsOf(bd5);
  const wide = publishedWidths(needed);
  if (wide.id > 16 || wide.label > 16)
    issues.push(
      bd5Issue(
        'bd5-value-changed',
        `ids have ${needed.id} bytes and labels ${needed.label}; the records of the published files, which have room for 15, are made wider`,
      ),
    );
  return issues;
}

function widthsOf({ kinds, features, spaceUnit, timeUnit }: WrittenBd5): TextWidths {
  const all = (texts: string[]) => widest([new StringTexts(texts)]);
  return {
    id: widest(kinds.map(({ ids }) => ids)),
    label: widest(kinds.flatMap(({ label }) => textsOf(label) ?? [])),
    objectName: all(kinds.map(({ set }) => set.name)),
    featureName: all(features.map(({ name }) => name)),
    featureUnit: all(features.map(({ unit }) => unit)),
    spaceUnit: all([spaceUnit]),
    timeUnit: all([timeUnit]),
  };
}

function rootOf(bd5: WrittenBd5, layout: Bd5Layout, onRows: (rows: number) => void): Hdf5GroupNode {
  const needed = widthsOf(bd5);
  const widths = layout === 'published' ? publishedWidths(needed) : needed;
  const planned = plannedKinds(bd5, layout);
  const kinds = planned.map(({ tables, types }) => {
    const own = { ...widths, ...(layout === 'full' ? ownWidths(tables.kind) : {}) };
    return { tables, records: new Bd5Records({ layout, kinds: types, widths: own }) };
  });
  const shared = new Bd5Records({ layout, kinds: planned[0]?.types ?? {}, widths });
  const data = definitions(bd5, shared);
  for (let group = 0; group < bd5.groups; group++) {
    const object = new Map<string, Hdf5TableNode>();
    const feature = new Map<string, Hdf5TableNode>();
    for (const [oID, { tables, records }] of kinds.entries()) {
      const rows = tables.rowsOf(group);
      if (rows.length === 0) continue;
      object.set(
        String(oID),
        tables.objects(rows, records, () => onRows(rows.length)),
      );
      if (tables.kind.features.length > 0) feature.set(String(oID), tables.features(rows, records));
    }
    const members = new Map<string, Hdf5GroupNode>([['object', { members: object }]]);
    if (bd5.features.length > 0) members.set('feature', { members: feature });
    data.set(String(group), { members });
  }
  return { members: new Map([['data', { members: data }]]) };
}

function ownWidths({ ids, label }: WrittenKind): Partial<TextWidths> {
  const labels = textsOf(label);
  return { id: widest([ids]), ...(labels ? { label: widest([labels]) } : {}) };
}

function definitions(bd5: WrittenBd5, records: Bd5Records): Map<string, Hdf5GroupNode | Hdf5TableNode> {
  const { dimension, axes, scale, spaceUnit, timeUnit, kinds, features } = bd5;
  const data = new Map<string, Hdf5GroupNode | Hdf5TableNode>();
  const isTimed = dimension.endsWith('+T');
  const row = [
    dimension,
    ...[scale.x, scale.y, scale.z].slice(0, axes),
    ...(axes > 0 ? [spaceUnit] : []),
    ...(isTimed ? [scale.t, timeUnit] : []),
  ];
  data.set('scaleUnit', smallTable(records.scaleUnit(axes, isTimed, dimension), [row]));
  const names = kinds.map(({ set }, oID) => [oID, set.name]);
  data.set('objectDef', smallTable(records.objectDef(), names));
  const declared = features.map(({ fid, name, unit }) => [fid, name, unit]);
  if (features.length > 0) data.set('featureDef', smallTable(records.featureDef(), declared));
  const links = linksOf(kinds);
  if (links.count > 0) data.set('trackInfo', trackTable(kinds, links, records));
  return data;
}

interface Links {
  count: number;
  /** Set of each link, and its edge there. */
  kindOf: Uint8Array | Uint32Array;
  edgeOf: Uint32Array;
}

/** The links of all sets; those of an id that stands in several sets once. */
function linksOf(kinds: readonly WrittenKind[]): Links {
  const total = kinds.reduce((sum, { set }) => sum + set.edges.count, 0);
  const [kindOf, edgeOf] = [new Uint32Array(kinds.length > 1 ? total : 0), new Uint32Array(total)];
  const seen = new Set<string>();
  let count = 0;
  for (const [at, { set, ids }] of kinds.entries())
    for (let edge = 0; edge < set.edges.count; edge++) {
      if (kinds.length > 1) {
        const pair = JSON.stringify([ids.at(set.edges.source[edge]!), ids.at(set.edges.target[edge]!)]);
        if (seen.has(pair)) continue;
        seen.add(pair);
        kindOf[count] = at;
      }
      edgeOf[count++] = edge;
    }
  return { count, kindOf, edgeOf };
}

function trackTable(
  kinds: readonly WrittenKind[],
  { count, kindOf, edgeOf }: Links,
  records: Bd5Records,
): Hdf5TableNode {
  const type = records.text(records.columns.widths.id);
  const end = (name: 'from' | 'to', side: 'source' | 'target'): FilledColumn => {
    const kind = (record: number) => kinds[kindOf.length > 0 ? kindOf[record]! : 0]!;
    const rowOf = (record: number) => kind(record).set.edges[side][edgeOf[record]!]!;
    return {
      name,
      type,
      from: {
        kind: 'text',
        row: (record) => record,
        texts: {
          length: count,
          at: (record) => kind(record).ids.at(rowOf(record)),
          bytesAt: (record) => kind(record).ids.bytesAt(rowOf(record)),
          write: (record, target, at) => kind(record).ids.write(rowOf(record), target, at),
        },
      },
    };
  };
  return filledTable([end('from', 'source'), end('to', 'target')], count);
}
