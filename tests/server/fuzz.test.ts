import { afterAll, beforeAll, expect, test } from 'vitest';
import { fuzz } from './fuzz-operations.ts';
import { type Harness, openHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

/** The kinds that find most; all of them are sent by the long run. */
const ways = ['valid', 'wrong type', 'hostile text'] as const;

/** One request of three kinds to each operation; `tests/slow/fuzz.test.ts` sends many, with seeds of its own. */
test('no request to any documented operation meets a fault, or an answer that the document does not name', async () => {
  const { faults, requests, statuses } = await fuzz(harness, 20261121, 1, ways);
  expect(faults.map(({ request, found }) => `${request} -> ${found}`)).toEqual([]);
  expect(requests).toBeGreaterThan(ways.length * 80);
  // Were all refused at the door, nothing behind it would have been tried.
  expect((statuses.get(200) ?? 0) + (statuses.get(201) ?? 0)).toBeGreaterThan(requests / 10);
});
