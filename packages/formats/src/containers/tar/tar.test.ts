import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { filesOfTar, TarError, tarOf } from './tar.ts';

const folder = mkdtempSync(join(tmpdir(), 'micrarium-tar-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const long = `${'plate 1/well A01/'.repeat(12)}日本語の名前 field 1.tif`;
const bodyOf = (at: number) => Uint8Array.from({ length: at * 257 }, (_, i) => (i * 7 + at) & 255);
const all = (bytes: Uint8Array) => [...filesOfTar(bytes)];

test('what is written is read again, names of any kind and length', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }), { maxLength: 6 });
  fc.assert(
    fc.property(names, fc.nat(2000), (paths, size) => {
      const files = paths
        .filter((path) => !path.includes('\0') && path.isWellFormed())
        .map((path, at) => ({ path, bytes: new Uint8Array(size + at).fill(at + 1) }));
      expect(all(tarOf(files))).toEqual(files);
    }),
  );
});

const unpacked = (path: string) => {
  const into = mkdtempSync(join(folder, 'into-'));
  execFileSync('tar', ['-xf', path, '-C', into]);
  return into;
};

test('tar of the machine unpacks what we write', () => {
  const files = ['a.txt', 'b/c.bin', long].map((path, at) => ({ path, bytes: bodyOf(at) }));
  const path = join(folder, 'ours.tar');
  writeFileSync(path, tarOf(files));
  const into = unpacked(path);
  for (const one of files) expect(new Uint8Array(readFileSync(join(into, one.path)))).toEqual(one.bytes);
});

test.each(['gnu', 'ustar', 'posix', 'v7'])('reads what tar writes as %s', (format) => {
  const root = join(folder, format);
  const paths =
    format === 'gnu' || format === 'posix' ? ['a.txt', 'b/c.bin', long] : ['a.txt', `${'b'.repeat(60)}/c.bin`];
  for (const [at, path] of paths.entries()) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), bodyOf(at));
  }
  const tar = execFileSync('tar', [`--format=${format}`, '--sort=name', '-c', '.'], { cwd: root });
  const found = new Map(all(tar).map((one) => [one.path.replace(/^\.\//, ''), one.bytes]));
  expect([...found.keys()].toSorted()).toEqual(paths.toSorted());
  for (const [at, path] of paths.entries()) expect(found.get(path)).toEqual(Buffer.from(bodyOf(at)));
});

test('links are not taken', () => {
  const root = join(folder, 'links');
  mkdirSync(root);
  execFileSync('ln', ['-s', '/etc/passwd', join(root, 'innocent.txt')]);
  const tar = execFileSync('tar', ['-c', '.'], { cwd: root });
  expect(() => all(tar)).toThrow(/innocent\.txt: links and devices are not taken/);
});

test('damaged tars are refused, and never read outside themselves', () => {
  const whole = tarOf([
    { path: 'a', bytes: bodyOf(3) },
    { path: long, bytes: bodyOf(2) },
  ]);
  expect(() => all(whole.subarray(0, 700))).toThrow(TarError);
  expect(() => all(new TextEncoder().encode('no tar at all '.repeat(100)))).toThrow(/checksum is wrong/);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (changes) => {
        const damaged = whole.slice();
        for (const [at, byte] of changes) damaged[at] = byte;
        try {
          for (const { bytes } of filesOfTar(damaged)) expect(bytes.length).toBeLessThanOrEqual(whole.length);
        } catch (fault) {
          expect(fault).toBeInstanceOf(TarError);
        }
      },
    ),
  );
});
