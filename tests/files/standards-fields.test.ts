import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metadataFieldsPage } from '@micrarium/standards';
import { expect, test } from 'vitest';

test('docs/metadata-fields.md is what the table of fields says (node tools/write-metadata-docs.ts writes it)', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/metadata-fields.md'), 'utf8');
  expect(page).toBe(metadataFieldsPage());
});
