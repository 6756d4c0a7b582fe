import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { prepareWebBundle } from './web-bundle.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A web package whose pages are made by a script of a line; `sources` says what they are made of. */
function packageOf(build: string) {
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-bundle-'));
  folders.push(folder);
  const [stamp, vite] = [join(folder, 'stamp.mjs'), join(folder, 'vite.mjs')];
  writeFileSync(
    stamp,
    `import fs from 'node:fs';
const of = fs.existsSync('dist/index.html') ? fs.readFileSync('dist/index.html', 'utf8') : '';
process.exitCode = of === 'new' ? 0 : 1;`,
  );
  writeFileSync(
    vite,
    `import fs from 'node:fs';\nconst out = process.argv[process.argv.indexOf('--outDir') + 1];\n${build}`,
  );
  chmodSync(folder, 0o755);
  return { folder, stamp, vite };
}
const builds = "fs.mkdirSync(out);\nfs.writeFileSync(`${out}/index.html`, 'new');";
const silent = () => {};

test('pages of older sources are not served; new ones take their place whole, also where two servers make them at once', async () => {
  const place = packageOf(builds);
  mkdirSync(join(place.folder, 'dist'));
  writeFileSync(join(place.folder, 'dist/index.html'), 'old');
  writeFileSync(join(place.folder, 'dist/left.js'), 'old');
  // Of a process that was killed.
  mkdirSync(join(place.folder, `dist-${2 ** 30}`));
  const bundle = prepareWebBundle(silent, place);
  expect([bundle.folder(), bundle.isBeingMade()]).toEqual([undefined, true]);
  await bundle.settled;
  expect(bundle.folder()).toBe(join(place.folder, 'dist'));
  expect(readFileSync(join(bundle.folder()!, 'index.html'), 'utf8')).toBe('new');
  expect(readdirSync(place.folder).sort()).toEqual(['dist', 'stamp.mjs', 'vite.mjs']);
  expect(existsSync(join(place.folder, 'dist/left.js'))).toBe(false);
});

test('a making that fails leaves what another one made meanwhile, and what comes later is served without a start', async () => {
  const beaten = packageOf("fs.mkdirSync('dist');\nfs.writeFileSync('dist/index.html', 'new');\nprocess.exitCode = 1;");
  const second = prepareWebBundle(silent, beaten);
  await second.settled;
  expect(second.folder()).toBe(join(beaten.folder, 'dist'));
  const said: string[] = [];
  const failing = packageOf('process.exitCode = 1;');
  const bundle = prepareWebBundle((line) => said.push(line), failing);
  await bundle.settled;
  expect([bundle.folder(), said.at(-1)]).toEqual([undefined, expect.stringContaining('npm run build')]);
  mkdirSync(join(failing.folder, 'dist'));
  writeFileSync(join(failing.folder, 'dist/index.html'), 'new');
  expect(bundle.folder()).toBe(join(failing.folder, 'dist'));
});
