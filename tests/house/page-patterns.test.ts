import { readFileSync } from 'node:fs';
import { hasPageAt, pagePatterns } from '@micrarium/api';
import { expect, test } from 'vitest';

const router = readFileSync(new URL('../../packages/web/src/app/router.tsx', import.meta.url), 'utf8');

test('the server knows the pages that the browser draws, each once', () => {
  const drawn = [...router.matchAll(/\[\s*'(\/[^']*)',\s*async/g)].map(([, pattern]) => pattern!);
  expect(drawn.length).toBeGreaterThan(40);
  expect(drawn.toSorted()).toEqual([...pagePatterns].sort());
  expect(new Set(drawn).size).toBe(drawn.length);
});

test('an address fits a pattern part by part', () => {
  for (const path of ['/', '/search', '/deposit/a%2Fb', '/viewer/MIC-000001/2/x', '/studies/MIC-000001/challenge'])
    expect(hasPageAt(path), path).toBe(true);
  for (const path of ['/foo', '/search/', '/deposit/', '/deposit', '/deposit/a/b', '/studies/MIC-000001/v/abc', ''])
    expect(hasPageAt(path), path).toBe(false);
});
