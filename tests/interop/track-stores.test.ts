import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findItems, formatById, inspectItem, memorySink, readTrackSets } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { type TrackSet, columnValue } from '@micrarium/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const python = '/usr/bin/python3';
const there = spawnSync(python, ['-c', 'import h5py, pandas, tables']).status === 0;
if (!there)
  console.warn('python h5py, pandas and tables are not here: tests/interop/track-stores.test.ts checks nothing');

let folder = '';

beforeAll(() => {
  if (!there) return;
  folder = mkdtempSync(join(tmpdir(), 'micrarium-stores-'));
  execFileSync(python, [join(import.meta.dirname, 'write-track-stores.py'), folder]);
}, 120_000);

afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true });
});

async function read(name: string) {
  const [item] = await findItems(await openFolder(folder), { asked: `${name}.h5` });
  const reader = await item!.descriptor!.tracks!.reader();
  const found = await readTrackSets(reader, item!);
  const report = await inspectItem(item!);
  await item!.files[0]!.close?.();
  return { ...found, report };
}

const edgesOf = ({ objects, edges }: TrackSet): string[] =>
  Array.from(edges.source, (from, n) => `${objects.id[from]} ${objects.id[edges.target[n]!]}`).sort();
const rowOf = (set: TrackSet, row: number) =>
  Object.fromEntries(set.objects.columns.map((column) => [column.name, columnValue(column, row)]));

describe.runIf(there)('btrack stores', () => {
  it('objects, dummies, tracks and lineage', async () => {
    const { sets, issues, report } = await read('btrack');
    expect(report).toMatchObject({
      format: 'btrack',
      kind: 'tracks',
      counts: { objects: 8, edges: 5, tracks: 2, frames: 3, splits: 1, merges: 0, gaps: 0 },
    });
    const set = sets[0]!;
    expect(edgesOf(set)).toEqual(['0 3', '1 7', '3 4', '3 5', '7 6']);
    expect([set.objects.x[7], set.objects.y[7], set.objects.z![7], set.objects.frame[7]]).toEqual([52, 62, 1, 1]);
    expect(rowOf(set, 3)).toEqual({
      source_track_id: 1,
      dummy: false,
      label: 0,
      label_score_1: 0.75,
      area: 103,
      axes_0: 103,
      axes_1: 206,
    });
    expect(rowOf(set, 7)).toMatchObject({ source_track_id: 2, dummy: true, area: undefined });
    expect(rowOf(set, 2)).toMatchObject({ source_track_id: undefined });
    expect(set.sourceTracks!.columns.map(({ name, values }) => [name, ...values])).toEqual([
      ['source_track_id', 1, 2, 3, 4],
      ['begin', 0, 0, 2, 2],
      ['end', 1, 2, 2, 2],
      ['parent', 1, 2, 1, 1],
      ['root', 1, 2, 1, 1],
      ['generation', 0, 0, 1, 1],
      ['fate', 5, 0, 1, 1],
    ]);
    expect(set.provenance).toMatchObject({ software: 'btrack', softwareVersion: '0.6.1' });
    expect(issues.map(({ code }) => code).sort()).toEqual(['no-units']);
  });

  it('older stores, planar ones, and tracks of filtered objects', async () => {
    const older = await read('btrack-older');
    expect(edgesOf(older.sets[0]!)).toEqual(['0 3', '1 7', '3 4', '3 5', '7 6']);
    expect(older.sets[0]!.objects.z).toBeUndefined();
    expect(older.issues.map(({ code }) => code)).toContain('z-all-zero');
    expect(edgesOf((await read('btrack-filtered')).sets[0]!)).toEqual(['0 3', '1 7', '3 4', '3 5', '7 6']);
  });
});

/** What btrack's handler does when it opens a store: every track as its objects, with lineage and fate. */
const asBtrackReads = `
import h5py, json, sys
with h5py.File(sys.argv[1]) as file:
    objects, tracks = file["objects/obj_type_1"], file["tracks/obj_type_1"]
    coords, labels, lineage = objects["coords"][:], objects["labels"][:], tracks["LBEPR"][:]
    properties = {name: table[:].tolist() for name, table in objects["properties"].items()}
    assert len(labels) == len(coords) and all(len(one) == len(coords) for one in properties.values())
    dummies, refs = tracks["dummies"][:], tracks["tracks"][:]
    members = [
        [(coords[ref] if ref >= 0 else dummies[abs(ref) - 1])[:4].tolist() for ref in refs[slice(*part.tolist())]]
        for part in tracks["map"][:]
    ]
    print(json.dumps({
        "members": members, "lineage": lineage.tolist(), "fates": tracks["fates"][:].tolist(),
        "labels": labels.tolist(), "properties": properties, "map": objects["map"][:].tolist(),
        "version": tracks.attrs["version"].decode(),
        "types": [str(one.dtype) for one in (coords, refs, lineage, tracks["map"], tracks["fates"])],
    }))
`;

describe.runIf(there)('btrack stores that we write', () => {
  it('are what btrack wrote', async () => {
    const { sets } = await read('btrack');
    const writer = await formatById('btrack')!.tracks!.writer!();
    const sink = memorySink();
    await writer.write(sets, sink);
    const path = join(folder, 'ours.h5');
    writeFileSync(path, sink.files.get('')!);
    expect(JSON.parse(execFileSync(python, ['-c', asBtrackReads, path], { encoding: 'utf8' }))).toEqual({
      members: [
        [
          [0, 10, 20, 0],
          [1, 11, 21, 3],
        ],
        [
          [0, 50, 60, 1],
          [1, 52, 62, 1],
          [2, 54, 64, 6],
        ],
        [[2, 8, 20, 4]],
        [[2, 14, 22, 5]],
      ],
      lineage: [
        [1, 0, 1, 1, 1, 0],
        [2, 0, 2, 2, 2, 0],
        [3, 2, 2, 1, 1, 1],
        [4, 2, 2, 1, 1, 1],
      ],
      fates: [5, 0, 1, 1],
      labels: Array.from({ length: 7 }, (_, row) => [row % 3, 0.75]),
      properties: {
        area: [100, 101, 5, 103, 104, 105, 106],
        axes_0: [100, 101, 5, 103, 104, 105, 106],
        axes_1: [200, 202, 10, 206, 208, 210, 212],
      },
      map: [
        [0, 3],
        [3, 4],
        [4, 7],
      ],
      version: '0.6.1',
      types: ['float32', 'int32', 'int32', 'uint32', 'int32'],
    });
    expect(writer.losses(sets)).toEqual([]);
  });
});

describe.runIf(there)('trackpy stores', () => {
  it.each(['trackpy-frames', 'trackpy-single', 'trackpy-fixed', 'trackpy-packed'])('%s', async (name) => {
    const { sets, report, issues } = await read(name);
    expect(report).toMatchObject({
      format: 'trackpy',
      counts: { objects: 19, edges: 15, tracks: 4, frames: 5, gaps: 1, splits: 0, merges: 0 },
      units: { space: 'pixel' },
    });
    const set = sets[0]!;
    const row = Array.from({ length: 19 }, (_, n) => n).find(
      (n) => set.objects.frame[n] === 4 && rowOf(set, n)['particle'] === 3,
    )!;
    expect([set.objects.x[row], set.objects.y[row], set.objects.z?.[row]]).toEqual([
      2,
      8.5,
      name === 'trackpy-fixed' ? 1 : undefined,
    ]);
    expect(rowOf(set, row)).toMatchObject({ mass: 103, ...(name === 'trackpy-packed' ? { note: 'row 18 µ' } : {}) });
    const codes = issues.map(({ code }) => code);
    expect(codes).toContain('not-seen-on-a-real-file');
    expect(codes.includes('hdf5-not-supported')).toBe(name === 'trackpy-fixed');
  });

  it('other stores of pandas are only HDF5', async () => {
    const [item] = await findItems(await openFolder(folder), { asked: 'other.h5' });
    expect(item!.format).toBe('hdf5');
  });
});
