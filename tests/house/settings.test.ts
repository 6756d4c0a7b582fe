import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const named = (file: string) =>
  new Set(readFileSync(resolve(root, file), 'utf8').match(/\b(?:MICRARIUM_[A-Z0-9_]*[A-Z0-9]|DATABASE_URL)\b/g));

test('every setting of the server stands in the table of the guide, and no other', () => {
  const settings = named('packages/server/src/config.ts');
  const guide = named('docs/running.md');
  expect([...settings].filter((one) => !guide.has(one))).toEqual([]);
  const known = [...settings, ...named('packages/server/src/auth/oidc.ts')];
  expect([...guide].filter((one) => !known.includes(one) && !/^MICRARIUM_(OIDC|ORCID)/.test(one))).toEqual([]);
});

test.each([
  'compose.yaml',
  'compose-scale.yaml',
  'Containerfile',
  'micrarium',
  'micrarium.service',
  'micrarium-backup.service',
])('deploy/%s names settings that there are', (file) => {
  const settings = named('packages/server/src/config.ts');
  expect([...named(`deploy/${file}`)].filter((one) => !settings.has(one))).toEqual([]);
});
