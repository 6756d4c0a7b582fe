import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InspectReport } from '@micrarium/formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { helpFor } from '../../packages/cli/src/help.ts';
import { jsonLines, micrarium } from './run-micrarium.ts';

let folder: string;

const table = 'frame,track,x,y\n0,1,1.5,2.5\n1,1,2.5,3.5\n2,1,3.5,4.5\n0,2,9,9\n1,2,10,9\n';
const trackmate = `<?xml version="1.0" encoding="UTF-8"?>
<TrackMate version="7.11.1"><Model spatialunits="micron" timeunits="sec">
<FeatureDeclarations><SpotFeatures><Feature feature="QUALITY" name="Quality" shortname="Q" dimension="QUALITY" isint="false"/></SpotFeatures><EdgeFeatures/><TrackFeatures/></FeatureDeclarations>
<AllSpots nspots="4"><SpotsInFrame frame="0"><Spot ID="1" name="a" POSITION_X="1" POSITION_Y="2" POSITION_Z="0" POSITION_T="0" FRAME="0" QUALITY="3.5"/></SpotsInFrame>
<SpotsInFrame frame="1"><Spot ID="2" name="b" POSITION_X="2" POSITION_Y="2" POSITION_Z="0" POSITION_T="1" FRAME="1" QUALITY="3"/><Spot ID="3" name="c" POSITION_X="0" POSITION_Y="2" POSITION_Z="0" POSITION_T="1" FRAME="1" QUALITY="2"/></SpotsInFrame>
<SpotsInFrame frame="3"><Spot ID="4" name="d" POSITION_X="3" POSITION_Y="2" POSITION_Z="0" POSITION_T="3" FRAME="3" QUALITY="1"/></SpotsInFrame></AllSpots>
<AllTracks><Track name="T" TRACK_ID="0"><Edge SPOT_SOURCE_ID="1" SPOT_TARGET_ID="2"/><Edge SPOT_SOURCE_ID="1" SPOT_TARGET_ID="3"/><Edge SPOT_SOURCE_ID="2" SPOT_TARGET_ID="4"/></Track></AllTracks>
<FilteredTracks><TrackID TRACK_ID="0"/></FilteredTracks></Model></TrackMate>
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micrarium-cli-'));
  await writeFile(join(folder, 'cells.csv'), table);
  await writeFile(join(folder, 'tracks.xml'), trackmate);
  await writeFile(join(folder, 'README.md'), '# Films\n');
  await writeFile(
    join(folder, 'nonsense.bin'),
    Uint8Array.from({ length: 400 }, (_, i) => (i * 37) & 0xff),
  );
  await writeFile(join(folder, 'cut.xml'), trackmate.slice(0, trackmate.indexOf('<AllTracks>')));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

test('help teaches every command, and wrong usage ends with 2', async () => {
  for (const args of [['--help'], ['help'], ['inspect', '--help'], ['validate', '-h'], ['convert', '--help']]) {
    const { code, stdout, stderr } = await micrarium(args);
    expect([args.join(' '), code, stderr]).toEqual([args.join(' '), 0, '']);
    expect(stdout).toContain('npx micrarium');
  }
  const { stdout: overview } = await micrarium(['--help']);
  const commands = [...overview.matchAll(/^ {2}([a-z]+)\b.* {2,}[a-z]/gm)].map(([, name]) => name!);
  expect(commands).toContain('restore');
  for (const name of commands) {
    const help = helpFor(name);
    expect(help, name).toMatch(new RegExp(`npx micrarium ${name}`));
    expect(help.split('\n')[0], name).toContain(`micrarium ${name}`);
  }
  // What runs unattended says by its exit code how it went.
  for (const name of ['serve', 'fixity', 'verify', 'backup', 'restore', 'rebuild', 'audit', 'dois', 'usage', 'deposit'])
    expect(helpFor(name), name).toContain('Exit codes:');
  expect((await micrarium(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  for (const args of [
    [],
    ['frobnicate'],
    ['inspect'],
    ['inspect', '--jsn', 'x'],
    ['validate'],
    ['convert', 'only-one'],
    ['convert', at('tracks.xml'), at('out.unheard-of')],
    ['convert', at('tracks.xml'), at('out'), '--to', 'pdf'],
    ['convert', at('tracks.xml'), at('out'), '--to', 'nothing'],
    ['inspect', at('cells.csv'), '--mapping', '{"z":3}'],
    ['inspect', at('cells.csv'), '--mapping', '{"left":"x"}'],
    ['inspect', at('cells.csv'), '--mapping', at('none.json')],
  ]) {
    const { code, stdout, stderr } = await micrarium(args);
    expect([args.join(' '), code, stdout]).toEqual([args.join(' '), 2, '']);
    expect(stderr).not.toBe('');
  }
});

test('inspect --json prints one line per item, in path order, and nothing else', async () => {
  const { code, stdout, stderr } = await micrarium(['inspect', folder, '--json']);
  expect([code, stderr]).toEqual([1, '']);
  const reports = jsonLines<InspectReport>(stdout);
  expect(reports.map(({ path, format, kind }) => [path, format, kind])).toEqual([
    [at('README.md'), 'text', 'unknown'],
    [at('cells.csv'), 'delimited', 'tracks'],
    [at('cut.xml'), 'trackmate', 'objects'],
    [at('nonsense.bin'), 'unknown', 'unknown'],
    [at('tracks.xml'), 'trackmate', 'tracks'],
  ]);
  expect(reports[4]!.counts).toEqual({
    objects: 4,
    edges: 3,
    links: 2,
    tracks: 1,
    frames: 3,
    splits: 1,
    merges: 0,
    gaps: 1,
  });
  expect(reports[2]!.counts?.objects).toBe(4);
  expect(reports[2]!.issues.some(({ severity }) => severity === 'error')).toBe(true);
  for (const { issues, path } of reports)
    for (const issue of issues) {
      expect(Object.keys(issue)).toEqual(expect.arrayContaining(['code', 'severity', 'message', 'where']));
      expect(issue.where.file).toBe(path);
    }
});

test('exit codes: good is 0; missing, unknown or faulty is 1', async () => {
  expect((await micrarium(['inspect', at('cells.csv'), at('README.md')])).code).toBe(0);
  for (const name of ['none.tif', 'nonsense.bin', 'cut.xml']) {
    const { code, stdout } = await micrarium(['inspect', at(name), '--json']);
    expect([name, code, jsonLines(stdout).length]).toEqual([name, 1, 1]);
  }
  const [missing] = jsonLines<InspectReport>((await micrarium(['inspect', at('none.tif'), '--json'])).stdout);
  expect(missing).toMatchObject({ path: at('none.tif'), format: 'unknown', issues: [{ code: 'path-missing' }] });
});

test('a path is answered as it was asked, relative or not, and links are not followed', async () => {
  const { stdout } = await micrarium(['inspect', 'cells.csv', './tracks.xml', '--json'], { cwd: folder });
  expect(jsonLines<InspectReport>(stdout).map(({ path }) => path)).toEqual(['cells.csv', './tracks.xml']);
  const linked = at('linked');
  await mkdir(linked);
  await symlink('/etc', join(linked, 'elsewhere'));
  await symlink('..', join(linked, 'loop'));
  const { code, stdout: nothing, stderr } = await micrarium(['inspect', linked, '--json']);
  expect([code, nothing]).toEqual([0, '']);
  expect(stderr).toContain('is a link');
  await rm(linked, { recursive: true });
});

test('validate says valid or not, and why', async () => {
  const { code, stdout } = await micrarium(['validate', at('tracks.xml'), at('cut.xml'), at('nonsense.bin'), '--json']);
  expect(code).toBe(1);
  const verdicts = jsonLines<{ path: string; format: string; valid: boolean; message: string; issues: unknown[] }>(
    stdout,
  );
  expect(verdicts.map(({ valid }) => valid)).toEqual([true, false, false]);
  for (const verdict of verdicts) {
    expect(Object.keys(verdict)).toEqual(['path', 'format', 'valid', 'message', 'issues']);
    expect(verdict.message.length).toBeGreaterThan(5);
  }
  expect((await micrarium(['validate', at('tracks.xml')])).code).toBe(0);
});

test('validate is a tool of the conformance runner: one object a path, and exit code 0 whatever it says', async () => {
  const ome = { version: '0.5', plate: { columns: [{ name: '1' }], rows: [{ name: 'A' }], wells: [] } };
  await writeFile(at('bad.json'), JSON.stringify({ ome }));
  const well = { path: 'A/1', rowIndex: 0, columnIndex: 0 };
  await writeFile(at('good.json'), JSON.stringify({ ome: { ...ome, plate: { ...ome.plate, wells: [well] } } }));
  await writeFile(at('none.json'), '[NaN]');
  const store = at('case.ome.zarr');
  await mkdir(store);
  const group = { zarr_format: 3, node_type: 'group', attributes: { ome } };
  await writeFile(join(store, 'zarr.json'), JSON.stringify(group));
  for (const [path, more, expected] of [
    [at('bad.json'), ['--attributes'], false],
    [at('good.json'), ['--attributes'], true],
    [at('none.json'), ['--attributes'], false],
    [at('absent.json'), ['--attributes'], false],
    [store, [], false],
  ] as const) {
    const { code, stdout } = await micrarium(['validate', '--json', '--no-exit-code', ...more, path]);
    const answer = JSON.parse(stdout) as { valid: boolean; message: string };
    expect([path, code, answer.valid, typeof answer.message]).toEqual([path, 0, expected, 'string']);
  }
  expect((await micrarium(['validate', '--attributes', at('bad.json')])).code).toBe(1);
});

test('a mapping corrects the columns, given as JSON or as a file', async () => {
  await writeFile(at('odd.csv'), 'alpha,beta,gamma,delta\n5,1,0,7\n6,1,1,8\n7,1,2,9\n');
  const mapping = JSON.stringify({ x: 'alpha', y: 'delta', frame: 'gamma', track: 'beta', spaceUnit: 'um' });
  await writeFile(at('mapping.json'), mapping);
  for (const given of [mapping, at('mapping.json')]) {
    const { stdout } = await micrarium(['inspect', at('odd.csv'), '--json', '--mapping', given]);
    expect(jsonLines<InspectReport>(stdout)[0]).toMatchObject({
      counts: { objects: 3, edges: 2, tracks: 1, frames: 3 },
      units: { space: 'micrometer' },
    });
  }
});

interface Answer {
  input: string;
  output: string;
  format: string;
  bytes: number;
  sha256: string;
  loss: { code: string }[];
  issues: { code: string }[];
}

test('convert says a loss first and stops with 3, writes with --accept-loss, and never overwrites by itself', async () => {
  const out = at('package');
  const convert = (...more: string[]) =>
    micrarium(['convert', at('tracks.xml'), out, '--to', 'cmso', '--json', ...more]);
  const first = await convert();
  const [refused] = jsonLines<Answer>(first.stdout);
  if (refused!.loss.length > 0) {
    expect(first.code).toBe(3);
    expect(refused).toMatchObject({ bytes: 0, sha256: '' });
    expect(await readdir(folder)).not.toContain('package');
  }
  const second = first.code === 3 ? await convert('--accept-loss') : first;
  expect([second.code, second.stderr]).toEqual([0, '']);
  const [answer] = jsonLines<Answer>(second.stdout);
  expect(answer).toMatchObject({ input: at('tracks.xml'), output: out, format: 'cmso' });
  expect(answer!.bytes).toBeGreaterThan(100);
  expect(answer!.sha256).toMatch(/^[0-9a-f]{64}$/);
  const again = await convert('--accept-loss');
  expect(again.code).toBe(2);
  expect(jsonLines<Answer>(again.stdout)[0]!.issues.map(({ code }) => code)).toEqual(['target-exists']);
  expect((await convert('--accept-loss', '--force')).code).toBe(0);
  const [report] = jsonLines<InspectReport>((await micrarium(['inspect', out, '--json'])).stdout);
  expect(report).toMatchObject({
    format: 'cmso',
    counts: { objects: 4, edges: 3, links: 2, tracks: 1, splits: 1, gaps: 1 },
  });
  expect((await readdir(folder)).filter((name) => name.endsWith('.partial') || name.endsWith('.old'))).toEqual([]);
});

test('standard output gets the file and only the file, the answer goes to standard error', async () => {
  const args = ['convert', at('tracks.xml'), '-', '--to', 'delimited', '--accept-loss', '--json'];
  const { code, stdout, stderr, bytes } = await micrarium(args);
  expect(code).toBe(0);
  expect(stdout.split('\n')[0]).toContain(',');
  expect(jsonLines<Answer>(stderr)[0]!.bytes).toBe(bytes.length);
  expect((await micrarium(['convert', at('tracks.xml'), '-', '--to', 'cmso', '--accept-loss'])).code).toBe(2);
});

test('two conversions to one target at once have one effect', async () => {
  const out = at('race.csv');
  const runs = await Promise.all(
    [1, 2].map(() => micrarium(['convert', at('tracks.xml'), out, '--accept-loss', '--json'])),
  );
  expect(runs.map(({ code }) => code).sort()).toEqual([0, 2]);
  const winner = jsonLines<Answer>(runs.find(({ code }) => code === 0)!.stdout)[0]!;
  expect((await readFile(out)).length).toBe(winner.bytes);
  expect((await readdir(folder)).filter((name) => name.includes('race'))).toEqual(['race.csv']);
});

test('what holds nothing for the target is refused, and nothing is left', async () => {
  const { code, stdout } = await micrarium(['convert', at('README.md'), at('readme.h5'), '--json']);
  expect(code).toBe(1);
  expect(jsonLines<Answer>(stdout)[0]!.issues.map((issue) => issue.code)).toContain('nothing-to-convert');
  expect((await micrarium(['convert', at('none'), at('none.h5'), '--json'])).code).toBe(1);
  expect((await readdir(folder)).filter((name) => name.endsWith('.h5'))).toEqual([]);
});
