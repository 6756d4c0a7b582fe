import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../terminal.ts';
import { measure } from './measure.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micrarium-mode-'));
  file = join(folder, 'cells.csv');
  await writeFile(file, 'frame,track,x,y\n0,1,0,0\n1,1,3,4\n3,1,6,8\n0,2,9,9\n1,2,9,9\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...args: string[]): Promise<string> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  await measure([file, ...args], { out, err, environment: {} });
  out.end();
  return text(out);
}

describe('measure --mode', () => {
  it('writes features of tracks as TrackMate has them, gaps counted, empty where there is none', async () => {
    const [head, first, second] = (await run('--mode', 'trackmate', '--csv'))
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const of = (row: string[] | undefined, name: string) => row![head!.findIndex((one) => one.startsWith(name))];
    expect(['NUMBER_SPOTS', 'NUMBER_GAPS', 'TRACK_MEAN_SPEED'].map((name) => of(first, name))).toEqual([
      '3',
      '1',
      '3.75',
    ]);
    expect(['CONFINEMENT_RATIO', 'TRACK_DURATION'].map((name) => of(second, name))).toEqual(['', '1']);
    const said = JSON.parse(await run('--mode', 'trackmate', '--json', '--resamples', '0')) as {
      mode: string;
      measures: { id: string; mean: number | null }[];
    };
    expect(said.mode).toBe('trackmate');
    expect(said.measures.find(({ id }) => id === 'trackmate.TOTAL_DISTANCE_TRAVELED')?.mean).toBe(5);
    expect(await run('--mode', 'trackmate')).toContain('[trackmate.TRACK_MEAN_SPEED]');
  });

  it('writes the lags of emsd as trackpy has them', async () => {
    const lines = (await run('--mode', 'trackpy', '--csv')).trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain('particles');
    expect(lines[1]!.split(',').slice(2)).toEqual(['1', '1', expect.any(String), '2']);
    expect(await run('--mode', 'trackpy')).toContain('[trackpy.emsd]');
  });

  it('refuses a mode there is not, and options the other program does not have', async () => {
    await expect(run('--mode', 'icy')).rejects.toThrow(UsageError);
    await expect(run('--mode', 'trackpy', '--gaps', 'drop')).rejects.toThrow('--gaps');
    await expect(run('--mode', 'trackpy', '--along', 'root-to-leaf')).rejects.toThrow('--along');
    await expect(run('--mode', 'trackmate', '--dimensions', '2')).rejects.toThrow('TrackMate');
  });

  it('fills gaps and takes whole lines where our own measures are asked to, and says so', async () => {
    expect(await run('--gaps', 'interpolate')).toContain('1 positions were put in on straight lines');
    expect(JSON.parse(await run('--gaps', 'interpolate', '--json'))).toMatchObject({
      filled: 1,
      quality: { steps: 3 },
    });
    expect((await run('--along', 'root-to-leaf', '--csv')).trim().split('\n')).toHaveLength(3);
    await expect(run('--gaps', 'guess')).rejects.toThrow('interpolate');
    await expect(run('--along', 'branches')).rejects.toThrow('root-to-leaf');
  });
});
