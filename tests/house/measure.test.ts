import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureDefinitions } from '@micrarium/model';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { measurePage } from '../../tools/measure-page.ts';
import { jsonLines, micrarium } from './run-micrarium.ts';
import { root } from './source-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micrarium-measure-'));
  await writeFile(join(folder, 'cells.csv'), 'frame,track,x,y\n0,1,0,0\n1,1,3,4\n2,1,6,8\n0,2,9,9\n1,2,9,9\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('docs/measures.md is what the definitions say (node tools/write-measure-docs.ts writes it)', async () => {
  expect(await readFile(join(root, 'docs/measures.md'), 'utf8')).toBe(measurePage());
});

test('measure sums up, with units, n and definitions', async () => {
  const { code, stdout } = await micrarium(['measure', join(folder, 'cells.csv'), '--json', '--resamples', '0']);
  expect(code).toBe(0);
  const [summary] = jsonLines<{
    measures: { id: string; n: number; mean: number | null; undefinedPaths: number; interval: null }[];
  }>(stdout);
  const of = (id: string) => summary!.measures.find((one) => one.id === id)!;
  expect(of('path_length')).toMatchObject({ n: 2, mean: 5, gapPolicy: 'keep', version: 1, interval: null });
  expect(of('straightness')).toMatchObject({ n: 1, mean: 1, undefinedPaths: 1 });
  expect(summary!.measures.every(({ id }) => measureDefinitions.has(id))).toBe(true);
});

test('a table has one row per path, and what is undefined is empty', async () => {
  const { stdout } = await micrarium(['measure', join(folder, 'cells.csv'), '--csv', '--interval', '2']);
  const [head, first, second] = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const column = head!.findIndex((name) => name.startsWith('straightness'));
  expect([first![column], second![column]]).toEqual(['1', '']);
  expect(stdout.trim().split('\n')).toHaveLength(3);
});

test('wrong usage and files without tracks', async () => {
  expect((await micrarium(['measure'])).code).toBe(2);
  expect((await micrarium(['measure', folder, '--dimensions', '4'])).code).toBe(2);
  expect((await micrarium(['measure', folder, '--json', '--csv'])).code).toBe(2);
  expect((await micrarium(['measure', join(folder, 'absent.xml')])).code).toBe(1);
  expect((await micrarium(['measure', '--help'])).stdout).toContain('npx micrarium measure tracks.xml');
});
