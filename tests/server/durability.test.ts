import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tryCrashes, tryFaults, tryKillsThenCuts } from '../../durability/disk-trials.ts';
import { failureModel } from '../../durability/failure-model.ts';
import { keepRun, keptRun, newRun } from '../../durability/kept-run.ts';
import { scenarios } from '../../durability/scenarios.ts';

// The short form of `npm run durability`: some points of every deed. Rounds that kill a real server: `tests/journeys/kill.test.ts`.
const seed = 20_261_121;

describe.each(scenarios)('$name', (scenario) => {
  test('a power cut loses nothing that was promised and leaves nothing half', async () => {
    const report = await tryCrashes(scenario, { seed, most: 8 });
    expect(report.findings).toEqual([]);
    expect(report.tried).toBeGreaterThan(2);
    const started = await tryKillsThenCuts(scenario, { seed, most: 4 });
    expect(started.findings).toEqual([]);
    expect(started.tried).toBeGreaterThan(0);
  });

  test('a full or failing disk: the same process comes to the end when it is well again', async () => {
    const report = await tryFaults(scenario, { seed, most: 4 });
    expect(report.findings).toEqual([]);
    expect(report.tried).toBeGreaterThan(2);
  });
});

test('the trials find what is written without a sync', async () => {
  const report = await tryCrashes(
    {
      name: 'careless',
      prepare: async () => {},
      async act({ uploads }, promise) {
        await writeFile(join(uploads.pathOf('x'), '../../careless'), 'kept');
        promise('kept');
      },
      check: async (_storage, folder, promised) =>
        promised.has('kept') && !existsSync(join(folder, 'careless')) ? ['what was promised is gone'] : [],
    },
    { seed },
  );
  expect(report.findings.length).toBeGreaterThan(0);
});

test('every row of the failure model is tried, by tests that are there', () => {
  for (const { at, here, tests } of failureModel) {
    expect(here !== '' || tests.length > 0, at).toBe(true);
    for (const named of tests) {
      const [file, title] = named.split(' › ') as [string, string];
      expect(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'), named).toContain(title);
    }
  }
});

test('a run that was cut is gone on with, and rounds that were not finished count for nothing', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'micrarium-kept-')), 'run.json');
  const left = mkdtempSync(join(tmpdir(), 'micrarium-left-'));
  expect(keptRun(file)).toBeUndefined();
  const run = newRun(7);
  keepRun(file, {
    ...run,
    runs: 1,
    kills: { ...run.kills, rounds: 3, lasted: [1000, 2000] },
    folders: [left],
    process: 2 ** 30,
  });
  expect(keptRun(file)).toEqual({ ...run, runs: 1, kills: { ...run.kills, rounds: 2, lasted: [1000, 2000] } });
  expect(existsSync(left)).toBe(false);
  rmSync(join(file, '..'), { recursive: true });
});
