import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fuzz } from '../server/fuzz-operations.ts';
import { fuzzEnvironment } from '../server/fuzz-world.ts';
import { type Harness, openHarness } from '../server/harness.ts';

let harness: Harness;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'micrarium-drop-'));
  harness = await openHarness(true, { environment: fuzzEnvironment(folder) });
});
afterAll(async () => {
  await harness.close();
  rmSync(folder, { recursive: true });
});

const seed = Number(process.env['MICRARIUM_SEED'] ?? Date.now() % 2 ** 31);
const rounds = Number(process.env['MICRARIUM_FUZZ_ROUNDS'] ?? 40);

test('thousands of requests to the documented operations meet no fault and no answer that is not named', async () => {
  const { faults, requests, statuses, refused } = await fuzz(harness, seed, rounds);
  const counted = [...statuses].sort(([one], [other]) => one - other).map(([code, count]) => `${code}: ${count}`);
  console.log(`slow/fuzz.test.ts: seed ${seed}, ${requests} requests; ${counted.join(', ')}`);
  expect(
    faults.slice(0, 50).map(({ request, found }) => `${request} -> ${found}`),
    `seed ${seed}`,
  ).toEqual([]);
  expect(Object.fromEntries(refused)).toEqual({});
});
