import { expect, test } from 'vitest';
import { memorySource } from './bytes/byte-source.ts';
import { describeReport } from './describe-report.ts';
import { type InspectReport, inspectItem } from './inspect.ts';
import type { FormatDescriptor } from './recognition/descriptor.ts';
import type { Item } from './recognition/item.ts';
import type { TrackReader } from './tracks/track-reader.ts';

const entry = { path: 'a/b.xml', size: 1, open: async () => memorySource('b.xml', new Uint8Array(1)) };

function itemRead(stream: TrackReader['stream']): Item {
  const descriptor: FormatDescriptor = {
    id: 'trackmate',
    name: 'TrackMate',
    kind: 'tracks',
    extensions: [],
    mediaTypes: [],
    tracks: { reader: async () => ({ stream }) },
  };
  return {
    path: 'a/b.xml',
    files: [entry],
    tree: { name: '', entries: [entry] },
    format: 'trackmate',
    recognition: { score: 1, reason: 'test' },
    descriptor,
  };
}

const header = {
  name: 's',
  entity: 'point' as const,
  hasZ: false,
  hasTime: false,
  objectColumns: [],
  edgeColumns: [],
  provenance: { frameInterval: 1, software: 'test' },
  spaceUnit: 'micrometer' as const,
};

const twoObjects = () => ({
  count: 2,
  id: Float64Array.of(1, 2),
  frame: Int32Array.of(0, 1),
  x: Float64Array.of(0, 1),
  y: Float64Array.of(0, 1),
  columns: [],
});

const oneEdge = () => ({ count: 1, sourceId: Float64Array.of(1), targetId: Float64Array.of(2), columns: [] });

test('counts come from the edges, and the report has the contract’s fields in order', async () => {
  const report = await inspectItem(
    itemRead(async (_item, sink) => {
      await sink.header(header);
      await sink.objects(twoObjects());
      await sink.edges(oneEdge());
      await sink.end();
      return { issues: [{ code: 'x', severity: 'info', message: 'm', where: {} }], formatVersion: '3' };
    }),
    { path: 'shown/a/b.xml' },
  );
  expect(report).toEqual({
    path: 'shown/a/b.xml',
    format: 'trackmate',
    formatVersion: '3',
    recognition: { grade: 'certain', reason: 'test' },
    kind: 'tracks',
    counts: { objects: 2, edges: 1, links: 1, tracks: 1, frames: 2, splits: 0, merges: 0, gaps: 0 },
    units: { space: 'micrometer' },
    issues: [{ code: 'x', severity: 'info', message: 'm', where: { file: 'shown/a/b.xml' } }],
  });
  expect(Object.keys(report)).toEqual([
    'path',
    'format',
    'formatVersion',
    'recognition',
    'kind',
    'counts',
    'units',
    'issues',
  ]);
});

test('a reader that fails is an issue, and what it gave before stays', async () => {
  const report = await inspectItem(
    itemRead(async (_item, sink) => {
      await sink.header(header);
      await sink.objects(twoObjects());
      throw new TypeError('of our own making');
    }),
  );
  expect(report.counts?.objects).toBe(2);
  expect(report.kind).toBe('objects');
  expect(report.issues.map(({ code, severity }) => [code, severity])).toEqual([['reader-failed', 'error']]);
});

test('time and rows are bounded', async () => {
  const endless: TrackReader['stream'] = async (_item, sink, options) => {
    await sink.header(header);
    for (;;) {
      options?.signal?.throwIfAborted();
      await sink.objects(twoObjects());
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  const slow = await inspectItem(itemRead(endless), { timeLimit: 50 });
  const long = await inspectItem(itemRead(endless), { rowLimit: 100 });
  for (const report of [slow, long]) expect(report.issues.map(({ code }) => code)).toContain('inspection-stopped');
  await expect(inspectItem(itemRead(endless), { signal: AbortSignal.abort(new Error('left')) })).rejects.toThrow(
    'left',
  );
});

test('the sentence of a report is the same everywhere', () => {
  const issue = { code: 'x', severity: 'info', message: 'm', where: {} } as const;
  const tracks: InspectReport = {
    path: 't.xml',
    format: 'trackmate',
    formatVersion: '3.4.2',
    kind: 'tracks',
    counts: { objects: 243, edges: 230, links: 12, tracks: 4, frames: 50, splits: 3, merges: 2, gaps: 1 },
    units: { space: 'pixel', time: 'second' },
    issues: [issue, issue, issue],
  };
  expect(describeReport(tracks)).toBe(
    'TrackMate 3.4.2: 243 objects, 230 edges, 4 tracks, 50 frames, unit pixel, 3 findings',
  );
  expect(describeReport(tracks, 'ja')).toBe(
    'TrackMate 3.4.2：オブジェクト 243、エッジ 230、トラック 4、フレーム 50、単位 ピクセル、指摘 3',
  );
  const image: InspectReport = {
    path: 'i.tif',
    format: 'ome-tiff',
    kind: 'image',
    images: [
      {
        name: '',
        sizes: { t: 1, c: 2, z: 21, y: 1024, x: 1024 },
        type: 'uint16',
        voxelSize: { x: { value: 0.32, unit: 'micrometer' } },
        channels: [],
      },
    ],
    issues: [],
  };
  expect(describeReport(image)).toBe('OME-TIFF: 2 channels, 1024 × 1024, 21 z, 0.32 µm');
  expect(describeReport({ path: 'x', format: 'unknown', kind: 'unknown', issues: [] })).toBe('Not recognised');
});
