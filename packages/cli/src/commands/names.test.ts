import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../terminal.ts';
import { names } from './names.ts';

let folder: string;
const series = ['A01', 'B02'].flatMap((well) =>
  ['1', '2'].flatMap((t) => ['1', '2'].map((c) => `${well}_t${t}_c${c}`)),
);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micrarium-names-'));
  await mkdir(join(folder, 'plate1/rep1'), { recursive: true });
  for (const name of series.slice(0, -1)) await writeFile(join(folder, 'plate1/rep1', `${name}.tif`), '');
  await writeFile(join(folder, 'plate1/rep1', 'my notes?.txt'), '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ code: number; out: string }> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const code = await names(args, { out, err, environment: {} });
  out.end();
  return { code, out: await text(out) };
}

describe('names', () => {
  it('reads names and folders, and tells what is missing and what breaks the rules', async () => {
    const { code, out } = await run(join(folder, 'plate1'), '--json');
    const read = JSON.parse(out) as { pattern: string; axes: Record<string, string[]>; issues: { code: string }[] };
    expect([code, read.pattern]).toEqual([1, '{well}_t{t}_c{c}.tif']);
    expect(read.axes).toMatchObject({ well: ['A01', 'B02'], t: ['1', '2'], c: ['1', '2'], replicate: ['rep1'] });
    expect(read.issues.map((issue) => issue.code)).toEqual([
      'name-illegal-characters',
      'name-spaces',
      'series-member-missing',
    ]);
  });

  it('keeps to the rules of a laboratory, and writes the plan once', async () => {
    const [rules, plan] = [join(folder, 'lab.json'), join(folder, 'plan.csv')];
    const lab = {
      schema: 'micrarium-naming-1',
      name: 'ours',
      levels: ['replicate'],
      rules: { illegal: '', spaces: true },
    };
    await writeFile(rules, JSON.stringify(lab));
    const place = join(folder, 'plate1');
    expect((await run(place, '--rules', rules, '--plan', plan)).code).toBe(0);
    expect(await readFile(plan, 'utf8')).toBe('from,to\r\n');
    await expect(run(place, '--plan', plan)).rejects.toThrow('--force');
    await run(place, '--plan', plan, '--force');
    expect(await readFile(plan, 'utf8')).toBe('from,to\r\nrep1/my notes?.txt,rep1/my_notes_.txt\r\n');
  });

  it('refuses what it cannot use', async () => {
    await expect(run()).rejects.toThrow(UsageError);
    await expect(run(folder, '--pattern', '{nothing}')).rejects.toThrow('--pattern');
    await writeFile(join(folder, 'no.json'), '{}');
    await expect(run(folder, '--rules', join(folder, 'no.json'))).rejects.toThrow('no template');
    expect((await run(join(folder, 'nowhere'))).code).toBe(1);
  });
});
