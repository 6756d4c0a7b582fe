import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImagePixels, type Item, findItems, inspectItem, readTrackSets } from '@micrarium/formats';
import { type TrackSet, columnValue } from '@micrarium/model';
import { openFolder } from '@micrarium/formats/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const python = '/usr/bin/python3';
const there = spawnSync(python, ['-c', 'import h5py']).status === 0;
if (!there) console.warn('python h5py is not here: tests/interop/ims.test.ts checks nothing');

let folder = '';

beforeAll(() => {
  if (!there) return;
  folder = mkdtempSync(join(tmpdir(), 'micrarium-ims-'));
  execFileSync(python, [join(import.meta.dirname, 'write-ims-files.py'), folder]);
}, 120_000);

afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true });
});

async function itemOf(name: string): Promise<Item> {
  const [item] = await findItems(await openFolder(folder), { asked: `${name}.ims` });
  return item!;
}

const um = (value: number) => ({ value, unit: 'micrometer' });

async function planeSums(image: ImagePixels, level: number): Promise<Record<string, number[]>> {
  const out: Record<string, number[]> = {};
  for (let t = 0; t < 3; t++)
    for (let c = 0; c < 2; c++) {
      const sums = [];
      for (let z = 0; z < image.levels[level]!.depth; z++) {
        const { data } = await image.readRegion({ t, c, z }, undefined, level);
        sums.push(Array.from(data as Uint16Array).reduce((sum, value) => sum + value, 0));
      }
      out[`${level} ${t} ${c}`] = sums;
    }
  return out;
}

describe.runIf(there)('Imaris files written after the layout', () => {
  it.each(['gzip', 'bytes', 'floats'])(
    '%s: every plane of every level, without what fills the chunks',
    async (name) => {
      const item = await itemOf(name);
      expect(item.format).toBe('ims');
      const opened = await (await item.descriptor!.images!.reader()).open(item);
      expect(opened.issues.filter(({ severity }) => severity !== 'info')).toEqual([]);
      const [image] = opened.images;
      const expected = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Record<string, number[]>;
      expect({ ...(await planeSums(image!, 0)), ...(await planeSums(image!, 1)) }).toEqual(expected);
      expect(image!.levels).toEqual([
        { width: 70, height: 50, depth: 5, tileWidth: 32, tileHeight: 32 },
        { width: 35, height: 25, depth: 3, tileWidth: 32, tileHeight: 25 },
      ]);
      const whole = await image!.readRegion({ t: 2, c: 1, z: 4 });
      const part = await image!.readRegion({ t: 2, c: 1, z: 4 }, { x: 30, y: 31, width: 9, height: 4 });
      const rows = Array.from({ length: 4 }, (_, row) => [
        ...whole.data.subarray((31 + row) * 70 + 30, (31 + row) * 70 + 39),
      ]);
      expect([...part.data]).toEqual(rows.flat());
      await item.files[0]!.close?.();
    },
  );

  it('says what the metadata say', async () => {
    const item = await itemOf('gzip');
    const opened = await (await item.descriptor!.images!.reader()).open(item);
    expect(opened.formatVersion).toBe('5.5.0');
    expect(opened.images[0]!.description).toEqual({
      name: 'two cells',
      sizes: { t: 3, c: 2, z: 5, y: 50, x: 70 },
      type: 'uint16',
      voxelSize: { z: um(1.5), y: um(0.5), x: um(0.5) },
      origin: { y: um(20.5), x: um(-10) },
      timeStep: { value: 30.25, unit: 'second' },
      planeTimes: [0, 30, 60.25],
      channels: [
        {
          name: 'GFP',
          color: '00FF00',
          excitationNanometers: 488,
          emissionNanometers: 510,
          window: { start: 10.5, end: 800 },
        },
        { name: '', color: 'FF0080' },
      ],
      acquiredAt: '2021-03-04T05:06:07.250',
      instrument: { manufacturer: 'Acme', objective: { magnification: 63, numericalAperture: 1.4 } },
    });
    expect(opened.rawMetadata?.text).toMatch(/\[DataSetInfo\/Channel 0\]\n(Name = GFP\n)?Color = 0.000 1.000 0.000/);
    await item.files[0]!.close?.();
  });

  it('units other than micrometers are converted', async () => {
    for (const [name, x] of [
      ['bytes', 500],
      ['floats', 0.0005],
    ] as const) {
      const report = await inspectItem(await itemOf(name));
      expect(report.images![0]!.voxelSize!.x).toEqual(um(x));
    }
  });

  it('spots come with their edges, radius, statistics and tracks', async () => {
    const item = await itemOf('gzip');
    const { sets, issues } = await readTrackSets(await item.descriptor!.tracks!.reader(), item);
    expect(sets.map(({ name }) => name)).toEqual(['Surfaces 1', 'Spots 1']);
    const spots = sets[1]!;
    expect([spots.objects.entity, spots.spaceUnit, spots.timeUnit]).toEqual(['sphere', 'micrometer', 'second']);
    const ids = Array.from(spots.objects.id);
    expect(Object.fromEntries(ids.map((id, row) => [id, spots.objects.frame[row]]))).toEqual({
      7: 0,
      101: 0,
      102: 0,
      8: 1,
      103: 1,
      9: 2,
      10: 2,
      500: 2,
    });
    expect(edgesOf(spots)).toEqual(['7 8', '8 9', '8 10', '101 103', '102 103']);
    const row = ids.indexOf(103);
    const { x, y, z, time, columns } = spots.objects;
    expect([x[row], y[row], z![row], time![row]]).toEqual([5.5, 30.5, 2, 30]);
    expect(Object.fromEntries(columns.map((column) => [column.name, columnValue(column, row)]))).toEqual({
      source_track_id: 1000000001,
      radius: 3,
      'Diameter X': 6,
      'Intensity Mean (channel 1)': 51.5,
      'Intensity Mean (channel 2)': 25.75,
    });
    const alone = ids.indexOf(500);
    expect(columns.map((column) => columnValue(column, alone))).toEqual([undefined, 1, 2, undefined, 125]);
    expect(columns.find(({ name }) => name === 'Diameter X')!.unit).toBe('micrometer');
    expect(spots.sourceTracks!.columns.map(({ name, values }) => [name, Array.from<unknown>(values)])).toEqual([
      ['source_track_id', [1000000000, 1000000001]],
      ['Track Length', [3.25, 1.5]],
    ]);
    expect(issues.map(({ code }) => code).sort()).toEqual([
      'imaris-meshes-left',
      'not-seen-on-a-real-file',
      'untracked-objects',
      'untracked-objects',
    ]);
    const surfaces = sets[0]!;
    expect(edgesOf(surfaces)).toEqual(edgesOf(spots));
    expect(surfaces.objects.columns.map(({ name }) => name)).toEqual(['source_track_id', 'Volume', 'Area']);
    expect(Array.from(surfaces.objects.frame)).toEqual([0, 0, 0, 1, 1, 2, 2, 2]);
    await item.files[0]!.close?.();
  });

  it('a file with an image and tracks carries both', async () => {
    const both = await inspectItem(await itemOf('bytes'));
    expect(both).toMatchObject({
      format: 'ims',
      kind: 'tracks',
      counts: { objects: 8, edges: 5, tracks: 2, frames: 3, splits: 1, merges: 1, gaps: 0 },
      units: { space: 'millimeter' },
      images: [{ sizes: { t: 3, c: 2, z: 5, y: 50, x: 70 } }],
    });
    const only = await inspectItem(await itemOf('floats'));
    expect([only.kind, only.counts, only.issues]).toEqual([
      'image',
      undefined,
      [expect.objectContaining({ code: 'channels-unnamed' })],
    ]);
  });
});

/** Ids of the ends of all edges. */
function edgesOf({ objects, edges }: TrackSet): string[] {
  return Array.from(edges.source, (from, n) => `${objects.id[from]} ${objects.id[edges.target[n]!]}`);
}
