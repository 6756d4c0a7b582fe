import { buildTrackGraph, countTracks } from '@micrarium/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TrackSetCollector } from './collect.ts';
import { RowsById } from './graph-check.ts';
import { TrackIndexer, trackExtent } from './track-index.ts';
import type { SetHeader, TrackSink } from './track-reader.ts';

const header: SetHeader = {
  name: 'set',
  entity: 'point',
  hasZ: false,
  hasTime: false,
  objectColumns: [],
  edgeColumns: [],
  provenance: {},
};

interface Stream {
  objects: { id: number; frame: number; x: number }[];
  edges: [number, number][];
  batch: number;
  edgesFirst: boolean;
}

/** Gives a stream to a sink in batches. */
function give(stream: Stream, sink: TrackSink): void {
  const { objects, edges, batch } = stream;
  const giveObjects = () => {
    for (let at = 0; at < objects.length; at += batch) {
      const part = objects.slice(at, at + batch);
      const x = Float64Array.from(part, (one) => one.x);
      const id = Float64Array.from(part, (one) => one.id);
      const frame = Int32Array.from(part, (one) => one.frame);
      void sink.objects({ count: part.length, id, frame, x, y: x.slice(), columns: [] });
    }
  };
  const giveEdges = () => {
    for (let at = 0; at < edges.length; at += batch) {
      const part = edges.slice(at, at + batch);
      const sourceId = Float64Array.from(part, (one) => one[0]);
      void sink.edges({
        count: part.length,
        sourceId,
        targetId: Float64Array.from(part, (one) => one[1]),
        columns: [],
      });
    }
  };
  void sink.header(header);
  if (stream.edgesFirst) giveEdges();
  giveObjects();
  if (!stream.edgesFirst) giveEdges();
  void sink.end();
}

const id = fc.oneof(fc.integer({ min: -3, max: 14 }), fc.constantFrom(1e15, 2 ** 40, 7_000_000));
const streams = fc.record({
  objects: fc.array(
    fc.record({ id, frame: fc.integer({ min: 0, max: 6 }), x: fc.oneof(fc.double(), fc.constant(Number.NaN)) }),
    { maxLength: 30 },
  ),
  edges: fc.array(fc.tuple(id, id), { maxLength: 40 }),
  batch: fc.integer({ min: 1, max: 9 }),
  edgesFirst: fc.boolean(),
});

describe('the index of a stream', () => {
  test('has the counts, links, tracks, ids and issues of the set in memory', () => {
    fc.assert(
      fc.property(streams, (stream) => {
        const collector = new TrackSetCollector('file');
        const indexer = new TrackIndexer('file');
        give(stream, collector);
        give(stream, indexer);
        const { objects, edges } = collector.sets[0]!;
        const [index] = indexer.indexes;
        expect(indexer.issues).toEqual(collector.issues);
        expect(index!.counts).toEqual(countTracks(objects, edges));
        const graph = buildTrackGraph(objects.count, edges);
        const rows = Array.from({ length: objects.count }, (_, row) => row);
        expect(rows.map((row) => index!.idOf(row))).toEqual([...objects.id]);
        expect(rows.map((row) => index!.linkOf(row))).toEqual([...graph.linkOfObject]);
        expect(rows.map((row) => index!.trackOf(row))).toEqual([...graph.trackOfObject]);
        const kept = Array.from({ length: index!.edgeCount }, (_, at) => at).filter((at) => index!.sourceOf(at) >= 0);
        expect(kept.map((at) => [index!.sourceOf(at), index!.targetOf(at), index!.linkOfEdge(at)])).toEqual(
          Array.from({ length: edges.count }, (_, e) => [edges.source[e], edges.target[e], graph.linkOfEdge[e]]),
        );
        expect(index!.extent).toEqual(trackExtent(objects));
        const summaries = index!.trackSummaries();
        expect(summaries.objects.reduce((a, b) => a + b, 0)).toBe(
          rows.filter((row) => graph.trackOfObject[row]! >= 0).length,
        );
        expect(summaries.edges.reduce((a, b) => a + b, 0)).toBe(edges.count);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['ids in order', (row: number) => row],
    ['ids far apart', (row: number) => row * 1_000_003],
  ])('takes at most 48 bytes an object and 16 an edge: %s', (_, idOf) => {
    const count = 300_000;
    const objects = Array.from({ length: count }, (_one, row) => ({
      id: idOf(row),
      frame: Math.floor(row / 1000),
      x: row,
    }));
    const edges = Array.from({ length: count - 1000 }, (_one, row): [number, number] => [idOf(row), idOf(row + 1000)]);
    const indexer = new TrackIndexer('file');
    give({ objects, edges, batch: 16_384, edgesFirst: false }, indexer);
    const [index] = indexer.indexes;
    expect(index!.counts.tracks).toBe(1000);
    const block = 1 << 15;
    expect(index!.peakBytes).toBeLessThanOrEqual(48 * count + 16 * (edges.length + block));
  });
});

test('rows are found by id, whatever the ids', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(id, fc.double({ noNaN: true })), { maxLength: 60 }), fc.array(id), (ids, others) => {
      const rows = new RowsById(Float64Array.from(ids));
      const plain = new Map<number, number>();
      ids.forEach((one, row) => {
        if (!plain.has(one)) plain.set(one, row);
      });
      for (const one of [...ids, ...others]) expect(rows.row(one)).toBe(plain.get(one) ?? -1);
      expect(rows.repeated.length).toBe(ids.length - plain.size);
    }),
  );
});
