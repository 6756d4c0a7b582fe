import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesWithCatalogues, findCatalogues, issuePage } from '../../tools/issue-catalogues.ts';
import { root, sourceFiles } from './source-files.ts';

const catalogues = await findCatalogues();
const sourceTexts = sourceFiles()
  .filter(({ isTest }) => !isTest)
  .map(({ text }) => text);

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

/** Findings every reader must be able to report, by the reference on tracking formats (section 8), and those asked for beside them. */
const promised = [
  'no-units',
  'pixel-units-only',
  'no-frame-interval',
  'no-absolute-position',
  'duplicate-object-id',
  'dangling-link',
  'backward-link',
  'same-frame-link',
  'duplicate-frame-in-track',
  'branching-lost',
  'track-id-disagrees-with-graph',
  'frame-base-unknown',
  'untracked-objects',
  'invisible-objects',
  'filtered-tracks',
  'nan-coordinate',
  'second-sheet',
  'label-without-mask',
  'mask-without-label',
  'undeclared-feature',
  'non-utf8',
  'delimiter-not-as-extension',
  'descriptor-nonconforming',
  'single-object-track',
  'axis-order-suspect',
  'frame-gap',
  'id-reused',
  'disagreeing-duplicate',
  'native-without-export',
  'column-without-meaning',
  'column-without-unit',
  'hierarchy-of-no-format',
];

test.each(promised)('the page of issues has %s, with an example and what to do; a source makes it', (code) => {
  const entries = issuePage(catalogues)
    .split(/^###? /m)
    .filter((entry) => entry.startsWith(`${code}\n`));
  expect(entries.length).toBeGreaterThan(0);
  expect(entries.every((entry) => entry.includes('\nFor example: '))).toBe(true);
  expect(entries.some((entry) => entry.includes('\nWhat to do: '))).toBe(true);
  // Declared and used: a code stands in more places than its catalogues.
  const declared = catalogues.filter(({ codes }) => Object.hasOwn(codes, code)).length;
  const named = sourceTexts.reduce((sum, text) => sum + text.split(`'${code}'`).length - 1, 0);
  expect(named).toBeGreaterThan(declared);
});
