import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPair } from './pair-check.test-data.ts';
import { loadWriter, writtenForms } from './written-forms.test-data.ts';
import { randomStudySet } from './random-studies.test-data.ts';

/** Another seed each day; said, so that a failure can be seen again. */
const seed = Number(process.env['MICRARIUM_SEED'] ?? Math.floor(Date.now() / 86_400_000));
const numRuns = 40;

describe(`what the loss report lists is exactly what is missing after reading back (MICRARIUM_SEED=${seed})`, () => {
  it.each(writtenForms)('$title', async (form) => {
    const writer = await loadWriter(form);
    await fc.assert(
      fc.asyncProperty(randomStudySet, async (set) => {
        expect(await checkPair(writer, [form.fit?.(set) ?? set], form.path)).toEqual([]);
      }),
      { seed, numRuns },
    );
  });

  it.each(writtenForms)('$title, several sets', async (form) => {
    const writer = await loadWriter(form);
    await fc.assert(
      fc.asyncProperty(fc.array(randomStudySet, { minLength: 2, maxLength: 3 }), async (sets) => {
        const fitting = sets.map((set) => form.fit?.(set) ?? set);
        expect(await checkPair(writer, fitting, form.path)).toEqual([]);
      }),
      { seed, numRuns: numRuns / 4 },
    );
  });
});
