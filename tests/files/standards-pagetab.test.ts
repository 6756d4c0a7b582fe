import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPageTab, type Json } from '@micrarium/standards';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../../shared/data/metadata/bia/pagetab');
const there = existsSync(folder);
if (!there) console.warn('shared/data/metadata/bia/pagetab is not there: real submissions are not checked');

const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Json;
const errorsOf = (name: string) => checkPageTab(read(name)).filter(({ severity }) => severity === 'error');

test.runIf(there)('faults of 24 real submissions are found, and what a curator mended is let pass', () => {
  const names = readdirSync(folder).filter((name) => name.endsWith('_original.json'));
  expect(names).toHaveLength(24);
  const mended = names.map((name) => name.replace('_original', '_override'));
  expect(names.filter((name) => errorsOf(name).length > 0).length).toBeGreaterThanOrEqual(20);
  // One publication without title and DOI was left by the curator.
  expect(mended.filter((name) => errorsOf(name).length > 0)).toEqual(['S-BIAD2225_override.json']);
});
