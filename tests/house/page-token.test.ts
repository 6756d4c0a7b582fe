import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { pageTokenHeaders, pageTokenIn } from '@micrarium/api';

const root = fileURLToPath(new URL('../../packages/web/src/', import.meta.url));

test('every write of the pages brings the token of its session', () => {
  const writes = globSync('**/*.{ts,tsx}', { cwd: root })
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => {
      const text = readFileSync(`${root}${file}`, 'utf8');
      // A request of its own: the rest goes by `api.call`, which sends the token.
      return [...text.matchAll(/\bfetch\(|new Upload\(|\bnew XMLHttpRequest\b|\bsendBeacon\(/g)].map(({ index }) => ({
        file,
        call: text.slice(Math.max(0, index - 200), index + 1200).split(/\n}\n/)[0]!,
      }));
    })
    .filter(({ call }) => /method: '(?!HEAD|GET)|new Upload\(|XMLHttpRequest|sendBeacon/.test(call));
  expect(writes.length).toBeGreaterThan(5);
  expect(writes.filter(({ call }) => !call.includes('pageTokenHeaders()')).map(({ file }) => file)).toEqual([]);
});

test('the token is found among the cookies, the one of https before another, and outside of browsers there is none', () => {
  expect(pageTokenIn('a=b; micrarium.csrf_token=x-_1')).toBe('x-_1');
  expect(pageTokenIn('micrarium.csrf_token=planted; __Host-micrarium.csrf_token=ours')).toBe('ours');
  expect(pageTokenIn('xmicrarium.csrf_token=x; micrarium_csrf_token=y')).toBeUndefined();
  expect(pageTokenIn('')).toBeUndefined();
  expect(pageTokenHeaders()).toEqual({});
});
