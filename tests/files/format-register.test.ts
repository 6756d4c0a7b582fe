import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatRegister } from '@micrarium/formats';
import { expect, test } from 'vitest';
import { expectedFormats } from './expected-formats.ts';

const data = resolve(import.meta.dirname, '../../../shared/data');
const examples = formatRegister().flatMap(({ id, example }) => (example === null ? [] : [{ id, example }]));

test('an example of the register is a file that is recognised as this format', () => {
  expect(examples.length).toBeGreaterThan(35);
  for (const { id, example } of examples) {
    const expected = expectedFormats.find(([pattern]) => pattern.test(example));
    expect([example, expected?.[1]]).toEqual([example, id]);
  }
});

test.runIf(existsSync(data))('examples of the register are there', () => {
  expect(examples.filter(({ example }) => !existsSync(join(data, example)))).toEqual([]);
});
if (!existsSync(data)) console.warn(`skipped: ${data} is not here`);
