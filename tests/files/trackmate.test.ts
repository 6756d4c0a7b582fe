import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Column, columnValue, countTracks } from '@micrarium/model';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../packages/formats/src/bytes/byte-source.ts';
import { fileTree } from '../../packages/formats/src/bytes/file-tree.ts';
import type { Item } from '../../packages/formats/src/recognition/item.ts';
import { readTrackSets } from '../../packages/formats/src/tracks/collect.ts';
import { trackmateFormat } from '../../packages/formats/src/tracks/trackmate/descriptor.ts';
import { trackmateReader } from '../../packages/formats/src/tracks/trackmate/reader.ts';

const folder = new URL('../../../shared/data/tracks/trackmate/', import.meta.url);
const present = existsSync(folder);
if (!present)
  console.warn('tests/files/trackmate: the folder shared/data/tracks/trackmate is absent, nothing is tested');

function itemOf(name: string, bytes: Uint8Array): Item {
  const entry = { path: name, size: bytes.length, open: async () => memorySource(name, bytes) };
  return {
    path: name,
    files: [entry],
    tree: fileTree('', [entry]),
    format: 'trackmate',
    recognition: { score: 1, reason: 'test' },
  };
}

async function bytesOf(name: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(new URL(name, folder)));
}

/** objects, edges, links, tracks, frames, splits, merges, gaps: counted with a separate script, see SOURCES.md. */
const expected: [string, string, number[]][] = [
  ['benchmark-v2.8.1.xml', '2.8.1', [6000, 5940, 60, 60, 100, 0, 0, 0]],
  ['faketracks-v3.4.2.xml', '3.4.2', [243, 230, 12, 4, 50, 3, 2, 1]],
  ['faketracks-v7.0.5-splits.xml', '7.0.5-SNAPSHOT', [84, 82, 6, 2, 49, 2, 0, 1]],
  ['faketracks-v8.0.0.xml', '8.0.0-SNAPSHOT-f411154ed1a4b9de350bbfe91c230cf3ae7639a3', [107, 89, 11, 7, 49, 2, 0, 1]],
];

function named(columns: readonly Column[], name: string): Column {
  const column = columns.find((one) => one.name === name);
  if (!column) throw new Error(`no column ${name} among ${columns.map((one) => one.name).join(', ')}`);
  return column;
}

describe.runIf(present)('TrackMate files', () => {
  test.each(expected)('%s has the counts of a separate script', async (name, version, counts) => {
    const bytes = await bytesOf(name);
    const { sets, issues, formatVersion } = await readTrackSets(trackmateReader, itemOf(name, bytes));
    expect(sets).toHaveLength(1);
    const found = countTracks(sets[0]!.objects, sets[0]!.edges);
    const { objects, edges, links, tracks, frames, splits, merges, gaps } = found;
    expect([objects, edges, links, tracks, frames, splits, merges, gaps]).toEqual(counts);
    expect(formatVersion).toBe(version);
    expect(issues.filter((issue) => issue.severity === 'error')).toEqual([]);
    expect(sets[0]!.objects.z).toBeUndefined();
    expect(issues.map((issue) => issue.code)).toContain('planar-stored-as-3d');
  });

  test('recognises each by its root element, with its version', async () => {
    for (const [name, version] of expected) {
      const bytes = await bytesOf(name);
      const item = itemOf(name, bytes);
      const head = bytes.subarray(0, 1 << 16);
      const recognition = await trackmateFormat.recognise!({
        entry: item.files[0]!,
        head,
        text: new TextDecoder().decode(head),
        source: memorySource(name, bytes),
        tree: item.tree,
      });
      expect(recognition).toMatchObject({ score: 1, version });
    }
  });

  test('reads values, units, provenance and findings of the version 8 file', async () => {
    const name = 'faketracks-v8.0.0.xml';
    const { sets, issues } = await readTrackSets(trackmateReader, itemOf(name, await bytesOf(name)));
    const [set] = sets;
    const { objects, edges, provenance } = set!;
    expect(set).toMatchObject({
      name: 'faketracks-v8.0.0',
      spaceUnit: 'micrometer',
      timeUnit: 'second',
      sourceFrameBase: 0,
    });
    const row = objects.id.indexOf(2005);
    expect([objects.frame[row], objects.time![row], objects.x[row], objects.y[row]]).toEqual([
      1, 1, 64.51587301587301, 5.404761904761905,
    ]);
    expect(named(objects.columns, 'area')).toMatchObject({ type: 'float', unit: 'micrometer^2', sourceKey: 'AREA' });
    expect(named(objects.columns, 'ellipse_theta').unit).toBe('radian');
    expect(columnValue(named(objects.columns, 'name'), row)).toBe('ID2005');
    expect(columnValue(named(objects.columns, 'roi_n_points'), row)).toBe(32);
    expect(columnValue(named(objects.columns, 'manual_spot_color'), row)).toBeUndefined();
    expect(named(edges.columns, 'speed').unit).toBe('micrometer/second');
    expect(provenance).toMatchObject({
      software: 'TrackMate',
      imageName: 'FakeTracks.tif',
      imageSizes: { x: 128, y: 128, z: 1, t: 50 },
      pixelSize: { x: 1, y: 1, z: 1 },
      frameInterval: 1,
    });
    expect(provenance.settings).toMatch(/^<Settings>[\s\S]*SPARSE_LAP_TRACKER[\s\S]*<\/Settings>$/);
    const { columns, count } = set!.sourceTracks!;
    expect(count).toBe(7);
    expect([...named(columns, 'visible').values]).toEqual([1, 0, 0, 0, 1, 0, 0]);
    expect(named(columns, 'track_std_speed').values[1]).toBeNaN();
    const found = Object.fromEntries(issues.map((issue) => [issue.code, issue.message]));
    expect(found['untracked-objects']).toBe('11 of 107 objects are in no track');
    expect(found['invisible-objects']).toBe('1 of 107 objects are hidden by a filter');
    expect(found['filtered-tracks']).toBe('5 of 7 tracks are hidden by a filter');
  });

  test('outlines are absolute, one part an object', async () => {
    const name = 'faketracks-v8.0.0.xml';
    const { sets } = await readTrackSets(trackmateReader, itemOf(name, await bytesOf(name)));
    const { shapes, x, y, columns, id } = sets[0]!.objects;
    const points = named(columns, 'roi_n_points').values;
    for (let row = 0; row < id.length; row++) {
      expect(shapes!.partOffsets[row + 1]! - shapes!.partOffsets[row]!).toBe(1);
      expect(shapes!.vertexOffsets[row + 1]! - shapes!.vertexOffsets[row]!).toBe(points[row]);
    }
    const row = id.indexOf(2004);
    const at = shapes!.vertexOffsets[shapes!.partOffsets[row]!]! * 3;
    expect([...shapes!.xyz.subarray(at, at + 3)]).toEqual([
      x[row]! + 2.2307692307692335,
      y[row]! + 1.1153846153846154,
      0,
    ]);
  });

  test('pixel and frame units are kept and said', async () => {
    const name = 'benchmark-v2.8.1.xml';
    const { sets, issues } = await readTrackSets(trackmateReader, itemOf(name, await bytesOf(name)));
    expect(sets[0]).toMatchObject({
      spaceUnit: 'pixel',
      timeUnit: 'frame',
      sourceSpaceUnit: 'pixels',
      sourceTimeUnit: 'frames',
    });
    expect(issues.map((issue) => issue.code)).toEqual(
      expect.arrayContaining(['pixel-units-only', 'no-frame-interval']),
    );
    expect(named(sets[0]!.objects.columns, 'snr').values[0]).toBeNaN();
    expect(named(sets[0]!.objects.columns, 'snr').missing).toBeUndefined();
  });

  test('a file cut anywhere gives what was read and one error with offset and line', async () => {
    const name = 'faketracks-v7.0.5-splits.xml';
    const whole = await bytesOf(name);
    let last = 0;
    for (let part = 1; part < 40; part++) {
      const bytes = whole.slice(0, Math.floor((whole.length * part) / 40));
      const { sets, issues } = await readTrackSets(trackmateReader, itemOf(name, bytes));
      const truncated = issues.filter((issue) => issue.code === 'xml-truncated');
      expect(truncated).toHaveLength(1);
      expect(truncated[0]!.where.offset).toBe(bytes.length);
      expect(truncated[0]!.where.line).toBe(new TextDecoder().decode(bytes).split('\n').length);
      const objects = sets[0]?.objects.count ?? 0;
      expect(objects).toBeGreaterThanOrEqual(last);
      last = objects;
    }
    expect(last).toBe(84);
  });
});

const hostile = new URL('../../../shared/data/preservation/hostile/', import.meta.url);

describe.runIf(existsSync(hostile))('hostile XML', () => {
  test.each([
    ['xxe-file.xml', 'xml-doctype-refused'],
    ['xxe-http.xml', 'xml-doctype-refused'],
    ['entity-expansion.xml', 'xml-doctype-refused'],
    ['deep.xml', 'not-trackmate'],
  ])('%s is refused with one issue', async (name, code) => {
    const bytes = new Uint8Array(await readFile(new URL(name, hostile)));
    const { sets, issues } = await readTrackSets(trackmateReader, itemOf(name, bytes));
    expect(sets).toEqual([]);
    expect(issues.map((issue) => [issue.code, issue.severity])).toEqual([[code, 'error']]);
    expect(JSON.stringify(issues)).not.toContain('root:');
  });
});
