import { expect, test } from 'vitest';
import { runMutations } from './mutation-run.ts';

test('500 damaged files: no crash, no hang over 5 s, no memory over 1 GB', { timeout: 600_000 }, async () => {
  const seed = Number(process.env.MICRARIUM_SEED ?? 20_240_611);
  const result = await runMutations({
    seed,
    mutants: 500,
    largestItem: 200_000,
    timeLimit: 5000,
    memoryLimit: 1024,
  });
  console.info(
    `seed ${seed}: ${result.mutants} mutants of ${result.samples} samples, ${result.withErrors} with errors, slowest ${Math.round(result.slowestMilliseconds)} ms, peak ${Math.round(result.peakMegabytes)} MB`,
  );
  expect(result.failures).toEqual([]);
  expect(result.withErrors).toBeGreaterThan(result.mutants / 20);
});
