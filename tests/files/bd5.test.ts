import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Item, bd5Format, bd5Reader, memorySource, readTrackSets } from '@micrarium/formats';
import { type TrackSet, countTracks } from '@micrarium/model';

const folder = fileURLToPath(new URL('../../../shared/data/bd5/', import.meta.url));
const present = existsSync(folder);
if (!present) console.warn(`skipped: no sample files at ${folder}`);

function itemOf(name: string, bytes: Uint8Array): Item {
  const entry = { path: name, size: bytes.length, open: async () => memorySource(name, bytes) };
  return {
    path: name,
    files: [entry],
    tree: { name: '', entries: [entry] },
    format: 'bd5',
    recognition: { score: 1, reason: '' },
  };
}

async function read(name: string) {
  const { sets, issues } = await readTrackSets(bd5Reader, itemOf(name, await readFile(`${folder}${name}`)));
  return { set: sets[0]!, sets, issues, codes: issues.map(({ code }) => code) };
}

function texts(set: TrackSet, name: string): string[] {
  return set.objects.columns.find((column) => column.name === name)!.values as string[];
}

describe.skipIf(!present)('BD5 sample files', () => {
  it('081505_L1_bd5.h5: the whole embryo', async () => {
    const { set, issues } = await read('081505_L1_bd5.h5');
    expect(countTracks(set.objects, set.edges)).toMatchObject({
      objects: 23_980,
      edges: 23_975,
      splits: 358,
      frames: 195,
      merges: 0,
      gaps: 0,
      tracks: 5,
    });
    expect(set.objects.entity).toBe('sphere');
    expect(set).toMatchObject({
      spaceUnit: 'micrometer',
      timeUnit: 'minute',
      provenance: { pixelSize: { x: 0.09, y: 0.09, z: 1 } },
    });
    expect(issues).toEqual([]);
    const signal = set.objects.columns.find(({ name }) => name === 'totalGFPsignal')!;
    const values = Array.from(signal.values as Float64Array);
    expect(signal.missing?.some((flag) => flag === 1) ?? false).toBe(false);
    expect(Math.max(...values)).toBe(3_072_069);
    expect(values.reduce((a, b) => a + b, 0) / values.length).toBeCloseTo(349_838.640_158, 5);
    const perFrame = new Int32Array(195);
    for (const frame of set.objects.frame) perFrame[frame]!++;
    expect([0, 9, 49, 99, 149, 194].map((frame) => perFrame[frame])).toEqual([5, 8, 27, 94, 193, 362]);
    expect(new Set(texts(set, 'label')).size).toBe(721);
  });

  it('081505_L1_bd5.h5: the path of ABal', async () => {
    const { set } = await read('081505_L1_bd5.h5');
    const { x, y, z, frame } = set.objects;
    const rows = texts(set, 'label').flatMap((label, row) => (label === 'ABal' ? [row] : []));
    rows.sort((a, b) => frame[a]! - frame[b]!);
    expect(rows).toHaveLength(14);
    const steps = rows
      .slice(1)
      .map((row, i) => Math.hypot(x[row]! - x[rows[i]!]!, y[row]! - y[rows[i]!]!, z![row]! - z![rows[i]!]!));
    expect(steps.reduce((a, b) => a + b, 0)).toBeCloseTo(21.61651943225066, 10);
  });

  // Positions are stored × scale (SOURCES.md gives them as stored).
  it.each([
    ['sample_csv_bd5.h5', 'point', 193, [43.7292 * 0.24, 137.866 * 0.24, 146.266 * 0.252]],
    ['sample_circle_bd5.h5', 'circle', 1, [9.773062, 12.028173, undefined]],
    ['sample_line_bd5.h5', 'line', 1, []],
    ['sample_face_bd5.h5', 'face', 1, []],
    ['sample_point_numpy_bd5.h5', 'point', 2, []],
    ['sample_sphere_numpy_bd5.h5', 'sphere', 4, []],
    ['sample_timeseries_notrack_bd5.h5', 'point', 4, []],
  ] as const)('%s', async (name, entity, count, [x, y, z]) => {
    const { set, issues } = await read(name);
    expect(set.objects).toMatchObject({ entity, count });
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    if (x !== undefined) {
      expect(set.objects.x[0]).toBeCloseTo(x, 5);
      expect(set.objects.y[0]).toBeCloseTo(y!, 5);
      expect(set.objects.z?.[0]).toEqual(z === undefined ? undefined : expect.closeTo(z, 5));
    }
  });

  it('reads outlines and meshes into shapes', async () => {
    const line = (await read('sample_line_bd5.h5')).set.objects.shapes!;
    expect([...line.vertexOffsets]).toEqual([0, 5]);
    expect(line.xyz.slice(0, 3)).toEqual(line.xyz.slice(12, 15));
    const face = (await read('sample_face_bd5.h5')).set.objects.shapes!;
    expect([...face.vertexOffsets]).toEqual([0, 3, 6, 9, 12]);
    expect([...face.partOffsets]).toEqual([0, 4]);
  });

  it('takes radii as they are: 3.96 3.87 3.6 3.6', async () => {
    const { set } = await read('sample_sphere_numpy_bd5.h5');
    const radius = set.objects.columns.find(({ name }) => name === 'radius')!;
    expect(Array.from(radius.values as Float64Array, (value) => Number(value.toFixed(2)))).toEqual([
      3.96, 3.87, 3.6, 3.6,
    ]);
  });

  it.each([
    ['testbd5_data_01.h5', 'bd5-time-groups', 2054, '01'],
    ['testbd5_object1.h5', 'bd5-unknown-member', 2037, '/data/0/object1'],
    ['testbd5_scaleUnit1.h5', 'bd5-scale-missing', 2054, 'scaleUnit'],
  ])('%s: the fault is named, the rest is read', async (name, code, objects, place) => {
    const { set, issues } = await read(name);
    const found = issues.find((issue) => issue.code === code)!;
    expect(found.severity).toBe('error');
    expect(found.message).toContain(place);
    expect(set.objects.count).toBe(objects);
  });

  it('recognises every sample from what its groups need', async () => {
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.h5'))) {
      const bytes = new Uint8Array(await readFile(`${folder}${name}`));
      let asked = 0;
      const source = memorySource(name, bytes);
      const counting = {
        ...source,
        read: (at: number, length: number) => ((asked += length), source.read(at, length)),
      };
      const entry = itemOf(name, bytes).files[0]!;
      const found = await bd5Format.recognise!({
        entry,
        head: bytes.slice(0, 65_536),
        text: undefined,
        source: counting,
        tree: { name: '', entries: [entry] },
      });
      expect(found?.score, name).toBeGreaterThan(0.9);
      expect(asked).toBeLessThan(1_000_000);
    }
  });
});
