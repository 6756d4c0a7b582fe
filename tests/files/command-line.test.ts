import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { InspectReport } from '@micrarium/formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonLines, micrarium } from '../house/run-micrarium.ts';

const data = resolve(import.meta.dirname, '../../../shared/data');
const present = existsSync(data);
if (!present) console.warn(`shared data are absent (${data}): the files of this test were not looked at`);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micrarium-real-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const inspect = async (...paths: string[]) => {
  const { code, stdout, stderr } = await micrarium(['inspect', ...paths, '--json'], { cwd: data });
  return { code, stderr, reports: jsonLines<InspectReport>(stdout) };
};

const countsOf = (report: InspectReport | undefined) => (report?.counts ? Object.values(report.counts) : undefined);

/** Objects, edges, links, tracks, frames, splits, merges, gaps: the check values of the contract. */
const checkValues = {
  'tracks/trackmate/benchmark-v2.8.1.xml': [6000, 5940, 60, 60, 100, 0, 0, 0],
  'tracks/trackmate/faketracks-v3.4.2.xml': [243, 230, 12, 4, 50, 3, 2, 1],
  'tracks/trackmate/faketracks-v7.0.5-splits.xml': [84, 82, 6, 2, 49, 2, 0, 1],
  'tracks/trackmate/faketracks-v8.0.0.xml': [107, 89, 11, 7, 49, 2, 0, 1],
} as const;

test.runIf(present)('TrackMate files count what the contract says', async () => {
  const { code, reports, stderr } = await inspect(...Object.keys(checkValues));
  expect([code, stderr]).toEqual([0, '']);
  expect(Object.fromEntries(reports.map((report) => [report.path, countsOf(report)]))).toEqual(checkValues);
  for (const report of reports) expect(report).toMatchObject({ format: 'trackmate', kind: 'tracks' });
});

/** Objects, edges, tracks, frames of tables that are read through the column mapper; single objects are no tracks. */
const namedTables = {
  'tracks/cellmia/0001_mode1_z000_f000_tracking.txt': ['cellmia', 4964, 4903, 61, 144],
  'tracks/celltrackr/t-cells.txt': ['celltrackr', 5157, 4899, 258, 40],
  'tracks/essen/tracks_ctr.csv': ['essen', 17_944, 17_793, 151, 451],
  'tracks/mosaic/mosaic_tracks.csv': ['mosaic', 181, 175, 6, 50],
  'tracks/padtrack/PADtrack_well0001_z000_f001_Report.txt': ['padtrack', 3059, 2150, 594, 73],
  'tracks/vib/trajectories_ugent.csv': ['vib', 4850, 4728, 72, 71],
} as const;

test.runIf(present)('tables of known programs keep their name and are counted', async () => {
  const { code, reports } = await inspect(...Object.keys(namedTables));
  expect(code).toBe(0);
  const found = reports.map(({ path, format, counts }) => [
    path,
    [format, counts?.objects, counts?.edges, counts?.tracks, counts?.frames],
  ]);
  expect(Object.fromEntries(found)).toEqual(namedTables);
});

test.runIf(present)('a real CMSO package, a film and a store of images say what they hold', async () => {
  const { code, reports } = await inspect(
    'tracks/cmso-dp/cmsodataset0001',
    'images/tiff/FakeTracks.tif',
    'images/derived/pyramid_bigtiff.ome.tif',
    'images/ome-zarr/blobs_image_v05.ome.zarr',
    'images/ome-zarr/simple_0.5.zip',
  );
  expect(code).toBe(0);
  // The source's 373 links join 89 times where nothing branches: cut at branches only, there are 284.
  expect(countsOf(reports[0])).toEqual([4648, 4116, 284, 284, 144, 0, 0, 89]);
  expect(reports[1]).toMatchObject({
    format: 'imagej-tiff',
    kind: 'image',
    images: [{ sizes: { t: 50, c: 1, z: 1, y: 128, x: 128 }, type: 'uint8' }],
  });
  expect(reports[1]!.images![0]).not.toHaveProperty('voxelSize');
  expect(reports[2]!.images).toHaveLength(1);
  expect(reports[2]!.images![0]).toMatchObject({
    sizes: { t: 3, c: 1, z: 6, y: 200, x: 300 },
    type: 'uint16',
    timeStep: { value: 10, unit: 'second' },
  });
  for (const report of reports.slice(3))
    expect(report).toMatchObject({ format: 'ome-zarr', formatVersion: expect.stringMatching(/^0\.5/), kind: 'image' });
});

test.runIf(present)('a companion set is one item from each of its files', async () => {
  const paths = ['images/tiff/multifile/multifile-Z3.ome.tiff', 'images/tiff/multifile/multifile.companion.ome'];
  const { reports } = await inspect(...paths);
  for (const [i, report] of reports.entries()) {
    expect(report).toMatchObject({ path: paths[i], format: 'ome-tiff', images: [{ sizes: { z: 5, y: 24, x: 18 } }] });
    expect(report.files).toHaveLength(6);
    for (const file of report.files!) expect(existsSync(join(data, file))).toBe(true);
  }
});

test.runIf(present)('formats that are not read yet are said so, and are no fault', async () => {
  const { code, reports } = await inspect('images/zarr-v3');
  expect(code).toBe(0);
  expect(reports.length).toBeGreaterThan(0);
  for (const { issues } of reports) expect(issues.map((issue) => issue.code)).toContain('hierarchy-of-no-format');
});

test.runIf(present)('hostile archives and documents are refused with a reason, quickly', async () => {
  const started = performance.now();
  const { code, reports } = await inspect('preservation/hostile');
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(code).toBe(1);
  const codes = Object.fromEntries(
    reports.map(({ path, issues }) => [path.slice('preservation/hostile/'.length), issues.map((issue) => issue.code)]),
  );
  const required: Readonly<Record<string, string>> = {
    'absolute.zip': 'zip-unsafe-path',
    'backslash.zip': 'zip-unsafe-path',
    'bad-crc.zip': 'zip-bad-crc',
    'duplicate-names.zip': 'zip-duplicate-name',
    'entity-expansion.xml': 'entities-declared',
    'lying-size.zip': 'zip-wrong-size',
    'odd-names.zip': 'zip-unicode-collision',
    'ratio-bomb.zip': 'zip-ratio',
    'symlink.zip': 'zip-special-entry',
    'traversal.zip': 'zip-unsafe-path',
    'truncated.zip': 'zip-not-an-archive',
    'xxe-file.xml': 'xml-doctype-refused',
    'xxe-http.xml': 'entities-declared',
  };
  for (const [name, issue] of Object.entries(required))
    expect([name, codes[name]]).toEqual([name, expect.arrayContaining([issue])]);
  for (const [name, issues] of Object.entries(codes))
    expect([name, issues.filter((issue) => issue.endsWith('-failed'))]).toEqual([name, []]);
});

interface Answer {
  bytes: number;
  sha256: string;
  loss: unknown[];
}

test.runIf(present)('TrackMate to CMSO and back keeps every edge', async () => {
  for (const [path, counts] of Object.entries(checkValues)) {
    const out = join(folder, `${path.replaceAll('/', '-')}-cmso`);
    const { code } = await micrarium(['convert', join(data, path), out, '--to', 'cmso', '--accept-loss', '--json']);
    expect([path, code]).toEqual([path, 0]);
    expect([path, countsOf((await inspect(out)).reports[0])]).toEqual([path, [...counts]]);
  }
});

test.runIf(present)('a film to OME-Zarr 0.4, 0.5 and one .ozx, each read back with its size', async () => {
  const film = join(data, 'images/tiff/FakeTracks.tif');
  for (const [name, ...more] of [['a.zarr', '--ome-zarr-version', '0.4'], ['b.zarr'], ['c.ozx']] as const) {
    const out = join(folder, name);
    const { code, stdout } = await micrarium(['convert', film, out, '--accept-loss', '--json', ...more]);
    expect([name, code]).toEqual([name, 0]);
    const [answer] = jsonLines<Answer>(stdout);
    if (name.endsWith('.ozx'))
      expect(answer!.sha256).toBe(
        createHash('sha256')
          .update(await readFile(out))
          .digest('hex'),
      );
    const { reports } = await inspect(out);
    expect(reports[0]).toMatchObject({
      format: 'ome-zarr',
      formatVersion: name === 'a.zarr' ? '0.4' : '0.5',
      images: [{ sizes: { t: 50, c: 1, z: 1, y: 128, x: 128 }, type: 'uint8' }],
    });
  }
});
