import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonLines, micrarium } from './run-micrarium.ts';

let folder: string;
const at = (name: string) => join(folder, name);
const rows = (dx: number) =>
  [0, 1, 2].flatMap((frame) => [1, 2].map((track) => `${frame},${track},${20 * track + frame + dx},30`));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micrarium-score-'));
  await writeFile(at('truth.csv'), `frame,track,x,y\n${rows(0).join('\n')}\n`);
  await writeFile(at('near.csv'), `frame,track,x,y\n${rows(1).join('\n')}\n`);
  expect((await micrarium(['convert', at('truth.csv'), at('cells'), '--to', 'ctc', '--accept-loss'])).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('points within the gate agree, with the distance they are off', async () => {
  const { code, stdout } = await micrarium(['score', at('truth.csv'), at('near.csv'), '--json', '--gate', '4']);
  expect(code).toBe(0);
  expect(jsonLines(stdout)[0]).toMatchObject({
    family: 'particles',
    gate: 4,
    alpha: 0.75,
    JSC: 1,
    RMSE: 1,
    TP: 6,
    FN: 0,
    FP: 0,
  });
});

test('an object that nothing links counts, and a film that is far too long is refused', async () => {
  await writeFile(at('more.csv'), `frame,track,x,y\n${rows(0).join('\n')}\n1,3,90,90\n`);
  const [scored] = jsonLines((await micrarium(['score', at('truth.csv'), at('more.csv'), '--json'])).stdout);
  expect(scored).toMatchObject({ alpha: 1, TP: 6, FP: 1, JSC_theta: 2 / 3 });
  expect((scored as { reasons: string[] }).reasons).toEqual(['1 particle of the result seen in one frame only.']);
  await writeFile(at('long.csv'), 'frame,track,x,y\n0,1,0,0\n2000000000,1,1,1\n');
  const long = await micrarium(['score', at('truth.csv'), at('long.csv')]);
  expect([long.code, long.stderr.includes('frames')]).toEqual([1, true]);
});

test('label films are scored by their pixels and their table', async () => {
  const { stdout } = await micrarium(['score', at('cells'), at('cells'), '--json']);
  expect(jsonLines(stdout)[0]).toMatchObject({
    family: 'cells',
    DET: 1,
    SEG: 1,
    TRA: 1,
    CT: 1,
    BC: [null, null, null, null],
  });
  // The same labels as a reference with outlines of its own: of one frame only.
  const [tracks, outlines] = [join(at('film'), '01_GT', 'TRA'), join(at('film'), '01_GT', 'SEG')];
  await mkdir(tracks, { recursive: true });
  await mkdir(outlines);
  for (const frame of ['000', '001', '002'])
    await copyFile(join(at('cells'), `mask${frame}.tif`), join(tracks, `man_track${frame}.tif`));
  await copyFile(join(at('cells'), 'res_track.txt'), join(tracks, 'man_track.txt'));
  await copyFile(join(at('cells'), 'mask001.tif'), join(outlines, 'man_seg000.tif'));
  const withOutlines = jsonLines(
    (await micrarium(['score', join(at('film'), '01_GT'), at('cells'), '--json'])).stdout,
  )[0];
  expect(withOutlines).toMatchObject({ DET: 1, TRA: 1 });
  const { SEG, OP_CSB, reasons } = withOutlines as { SEG: number; OP_CSB: number; reasons: string[] };
  expect(SEG).toBeGreaterThan(0.3);
  expect(SEG).toBeLessThan(1);
  expect(OP_CSB).toBeCloseTo((1 + SEG) / 2, 12);
  expect(reasons.join(' ')).not.toContain('SEG');
  const table = join(at('cells'), 'res_track.txt');
  const lines = (await readFile(table, 'utf8')).trim().split('\n');
  await writeFile(table, `${lines.join('\n')}\n7 2 1 0\n`);
  const refused = await micrarium(['score', at('cells'), at('cells')]);
  expect([refused.code, refused.stdout]).toEqual([1, '']);
  await writeFile(table, `${lines.join('\n')}\n`);
  await writeFile(table, `${lines.join('\n')}\n9 2 2 0\n`);
  const misfit = await micrarium(['score', tracks, at('cells')]);
  expect([misfit.code, misfit.stderr.includes('Label 9')]).toEqual([1, true]);
});

test('what cannot be compared is refused with the reason', async () => {
  expect((await micrarium(['score', at('truth.csv')])).code).toBe(2);
  expect((await micrarium(['score', at('truth.csv'), at('near.csv'), '--gate', '0'])).code).toBe(2);
  const points = await micrarium(['score', at('truth.csv'), at('near.csv'), '--annotated', 'some-objects']);
  expect([points.code, points.stderr.includes('label images')]).toEqual([2, true]);
  const absent = await micrarium(['score', at('truth.csv'), at('absent.csv')]);
  expect([absent.code, absent.stderr.includes('absent.csv')]).toEqual([1, true]);
  await rm(join(at('cells'), 'mask001.tif'));
  await writeFile(join(at('cells'), 'res_track.txt'), '1 0 2 0\n2 0 2 0\n');
  expect((await micrarium(['score', '--help'])).stdout).toContain('--ignore-extra');
});
