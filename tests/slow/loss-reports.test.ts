import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPair } from '../../packages/formats/src/tracks/loss/pair-check.test-data.ts';
import { randomStudySet } from '../../packages/formats/src/tracks/loss/random-studies.test-data.ts';
import { loadWriter, writtenForms } from '../../packages/formats/src/tracks/loss/written-forms.test-data.ts';

const seed = Number(process.env['MICRARIUM_SEED'] ?? Date.now() % 2 ** 31);
const numRuns = 3000;

describe(`the loss report is exact, 3000 sets a form (MICRARIUM_SEED=${seed})`, () => {
  it.each(writtenForms)('$title', async (form) => {
    const writer = await loadWriter(form);
    await fc.assert(
      fc.asyncProperty(fc.array(randomStudySet, { minLength: 1, maxLength: 2 }), async (sets) => {
        const fitting = sets.map((set) => form.fit?.(set) ?? set);
        expect(await checkPair(writer, fitting, form.path)).toEqual([]);
      }),
      { seed, numRuns },
    );
  });
});
