import { expect, test } from 'vitest';
import { runMutations } from '../house/mutation-run.ts';

test('10,000 damaged files over all samples: no crash, no hang over 5 s, no memory over 1 GB', async () => {
  const seed = Number(process.env.MICRARIUM_SEED ?? Date.now() % 2 ** 31);
  const result = await runMutations({
    seed,
    mutants: 10_000,
    largestItem: 32 * 2 ** 20,
    timeLimit: 5000,
    memoryLimit: 1024,
  });
  console.info(
    `seed ${seed}: ${result.mutants} mutants of ${result.samples} samples, ${result.withErrors} with errors, slowest ${Math.round(result.slowestMilliseconds)} ms, peak ${Math.round(result.peakMegabytes)} MB`,
  );
  expect(result.failures).toEqual([]);
  expect(result.withErrors).toBeGreaterThan(result.mutants / 20);
});
