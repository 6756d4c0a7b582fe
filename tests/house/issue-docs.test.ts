import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesWithCatalogues, findCatalogues, issuePage } from '../../tools/issue-catalogues.ts';
import { root } from './source-files.ts';

const catalogues = await findCatalogues();

test('every catalogue is exported from its file, so that it can be documented', () => {
  const exported = new Set(catalogues.map(({ path }) => path));
  expect(filesWithCatalogues().filter((path) => !exported.has(path))).toEqual([]);
  expect(catalogues.length).toBeGreaterThan(5);
});

test('codes are kebab case, and a code shared by formats has one severity', () => {
  const severities = new Map<string, string>();
  for (const { path, codes } of catalogues)
    for (const [code, { meaning, severity }] of Object.entries(codes)) {
      expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(['error', 'warning', 'info']).toContain(severity);
      expect([code, /^\S.{10,}[.)]$/s.test(meaning) ? 'a sentence' : meaning]).toEqual([code, 'a sentence']);
      expect([code, path, severities.get(code) ?? severity]).toEqual([code, path, severity]);
      severities.set(code, severity);
    }
});

test('docs/issues.md is what the catalogues say (node tools/write-issue-docs.ts writes it)', () => {
  expect(readFileSync(join(root, 'docs/issues.md'), 'utf8')).toBe(issuePage(catalogues));
});
