import { type Column, columnValue, type TrackSet } from '@micrarium/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import type { FileTree } from '../../bytes/file-tree.ts';
import { memorySink } from '../../images/ome-zarr/memory-sink.ts';
import type { Item } from '../../recognition/item.ts';
import { readTrackSets } from '../collect.ts';
import { parquetFormat } from './descriptor.ts';
import { openParquet } from './open-table.ts';
import { parquetReader } from './reader.ts';
import { randomSet } from '../random-set.test-data.ts';
import { parquetWriter } from './writer.ts';

function itemOf(tree: FileTree): Item {
  return { path: 'tables', files: tree.entries, tree, format: 'parquet', recognition: { score: 1, reason: 'test' } };
}

/** A column as values a test can compare: absent is `undefined`. */
function plain(column: Column, rows: readonly number[]): unknown {
  const { values: _v, missing: _m, ...description } = column;
  return { description, values: rows.map((row) => columnValue(column, row)) };
}

/** Everything of a set in a form that does not depend on storage types. */
function plainSet(set: TrackSet): unknown {
  const { objects, edges, sourceTracks, ...about } = set;
  const rows = Array.from({ length: objects.count }, (_, row) => row);
  const edgeRows = Array.from({ length: edges.count }, (_, row) => row);
  const trackRows = Array.from({ length: sourceTracks?.count ?? 0 }, (_, row) => row);
  const hasShapes = (objects.shapes?.partOffsets.at(-1) ?? 0) > 0;
  return {
    about,
    entity: objects.entity,
    own: [objects.id, objects.frame, objects.time, objects.x, objects.y, objects.z].map((all) => all && [...all]),
    columns: objects.columns.map((column) => plain(column, rows)),
    shapes: hasShapes ? objects.shapes : undefined,
    edges: edgeRows.map((edge) => [objects.id[edges.source[edge]!], objects.id[edges.target[edge]!]]),
    edgeColumns: edges.columns.map((column) => plain(column, edgeRows)),
    sourceTracks: sourceTracks?.columns.map((column) => plain(column, trackRows)),
  };
}

test('what is written is read again: ids, edges, features, units, gaps, outlines', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(randomSet, { minLength: 1, maxLength: 3 }), async (sets) => {
      const sink = memorySink();
      expect(parquetWriter.losses(sets)).toEqual([]);
      await parquetWriter.write(sets, sink);
      const { sets: again, issues } = await readTrackSets(parquetReader, itemOf(sink.tree()));
      expect(issues.filter((issue) => issue.code !== 'nan-coordinate')).toEqual([]);
      expect(again.map(plainSet)).toEqual(sets.map(plainSet));
    }),
    { numRuns: 60 },
  );
});

test('a folder of tables is recognised as one item, a single table as a table', async () => {
  const sink = memorySink();
  const [set] = fc.sample(randomSet, { numRuns: 1, seed: 7 });
  await parquetWriter.write([set!], sink);
  const tree = sink.tree('out');
  expect(await parquetFormat.recogniseFolder!(tree, '')).toMatchObject({ score: 0.95 });
  const entry = tree.entries.find(({ path }) => path === 'objects.parquet')!;
  const source = await entry.open();
  const head = await source.read(0, 65_536);
  const recognition = await parquetFormat.recognise!({ entry, head, text: undefined, source, tree });
  expect(recognition?.score).toBe(0.9);
});

test('a damaged file gives an issue at whatever byte it is cut or changed', async () => {
  const sink = memorySink();
  const [set] = fc.sample(randomSet, { numRuns: 1, seed: 11 });
  await parquetWriter.write([set!], sink);
  const whole = sink.files.get('objects.parquet')!;
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: whole.length - 1 }),
      fc.boolean(),
      fc.nat({ max: 255 }),
      async (at, cutOff, byte) => {
        const bytes = cutOff ? whole.slice(0, at) : whole.slice();
        if (!cutOff) bytes[at] = byte;
        const entry = { path: 'o.parquet', size: bytes.length, open: async () => memorySource('o', bytes) };
        const item = { ...itemOf({ name: '', entries: [entry] }), path: 'o.parquet' };
        const { issues } = await readTrackSets(parquetReader, item);
        if (cutOff) expect(issues.map((issue) => issue.code)).toContain('parquet-unreadable');
      },
    ),
    { numRuns: 300 },
  );
});

test('units and meaning stand in the metadata', async () => {
  const sink = memorySink();
  const [set] = fc.sample(randomSet, { numRuns: 1, seed: 3 });
  await parquetWriter.write([{ ...set!, spaceUnit: 'micrometer' }], sink);
  const table = await openParquet(memorySource('o', sink.files.get('objects.parquet')!));
  const described = JSON.parse(table.metadata.get('micrarium.tracks')!);
  expect(described.own.find((one: { name: string }) => one.name === 'x')).toMatchObject({ unit: 'micrometer' });
});
