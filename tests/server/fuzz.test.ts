import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fuzz } from './fuzz-operations.ts';
import { fuzzEnvironment, notReached } from './fuzz-world.ts';
import { type Harness, openHarness } from './harness.ts';

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

/** The kinds that find most; all of them are sent by the long run. */
const ways = ['valid', 'wrong type', 'hostile text'] as const;

test('routes that are not tried to their end are, with somebody outside, in the test named', () => {
  const root = new URL('../../', import.meta.url);
  for (const why of Object.values(notReached).filter((one) => one !== undefined))
    expect(existsSync(new URL(why.split(': ')[1]!, root)), why).toBe(true);
});

/** One request of each of three kinds to each operation; `tests/slow/fuzz.test.ts` sends many, with seeds of its own. */
test('no request to any documented operation meets a fault, or an answer that the document does not name', async () => {
  const { faults, requests, statuses, refused } = await fuzz(harness, 20261121, 1, ways);
  expect(faults.map(({ request, found }) => `${request} -> ${found}`)).toEqual([]);
  expect(requests).toBeGreaterThan(ways.length * 80);
  // Were one always refused at the door, nothing behind it would have been tried: its good request stands in fuzz-studies.ts, fuzz-drafts.ts or fuzz-people.ts.
  expect(Object.fromEntries(refused)).toEqual({});
  expect((statuses.get(200) ?? 0) + (statuses.get(201) ?? 0)).toBeGreaterThan(requests / 3);
}, 600_000);
