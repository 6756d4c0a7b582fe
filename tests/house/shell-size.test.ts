import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type Manifest,
  loadedWith,
  shellBytes,
  shellBytesOf,
  shellLimit,
} from '../../packages/web/build/shell-size.ts';
import { bundleIsFresh } from '../../packages/web/build/stamp.ts';
import { root } from './source-files.ts';

const manifest: Manifest = {
  'index.html': { file: 'a.js', imports: ['_b.js'], css: ['a.css'], isEntry: true },
  '_b.js': { file: 'b.js', imports: ['index.html'] },
  'src/messages/en-shell.ts': { file: 'en.js', imports: ['_b.js'] },
  'src/messages/ja-shell.ts': { file: 'ja.js', imports: ['_c.js'] },
  '_c.js': { file: 'c.js' },
  'src/home/home-page.tsx': { file: 'home.js' },
};

test('the shell is what the first page names, with all that is imported, and the larger language', () => {
  expect([...loadedWith(manifest, 'index.html')].sort()).toEqual(['a.css', 'a.js', 'b.js']);
  const sizes: Record<string, number> = {
    'a.js': 1,
    'b.js': 20,
    'a.css': 300,
    'en.js': 4000,
    'ja.js': 3000,
    'c.js': 2000,
  };
  expect(shellBytes(manifest, (file) => sizes[file]!)).toBe(5321);
  const { 'src/messages/ja-shell.ts': _ja, ...without } = manifest;
  expect(() => shellBytes(without, () => 1)).toThrow('src/messages/ja-shell.ts');
});

const bundle = join(root, 'packages/web/dist');
const isBuilt = existsSync(join(bundle, '.vite/manifest.json')) && bundleIsFresh();
if (!isBuilt) console.log('packages/web/dist is not built from these sources: its size is checked when it is built');

test.runIf(isBuilt)('the shell of the built bundle is within its limit', () => {
  expect(shellBytesOf(bundle)).toBeLessThanOrEqual(shellLimit);
});

test.runIf(isBuilt)('the built bundle is for visitors, not for developers', () => {
  const scripts = readdirSync(join(bundle, 'assets')).filter((name) => name.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(10);
  expect(scripts.filter((name) => readFileSync(join(bundle, 'assets', name), 'utf8').includes('jsxDEV'))).toEqual([]);
});
