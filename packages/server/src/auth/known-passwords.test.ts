import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isCommonPassword, isShippedPassword, openPasswordList } from './known-passwords.ts';

test.each([
  'password1234',
  'P@ssw0rd2024!!',
  'qwertyuiop12',
  '1qaz2wsx3edc',
  'aaaaaaaaaaaa',
  '121212121212',
  '123456789012',
  'iloveyou!!2019',
  'Summer2024!!!',
  'letmeinplease',
  'abcabcabcabc',
  'Administrator1',
  'superman12345',
])('%s is tried first', (password) => {
  expect(isCommonPassword(password)).toBe(true);
});

test.each([
  'long enough to be one',
  'a new and long one',
  'marble kettle 51 orbit',
  'Zebrafish heart 40x beats',
  'h7Kq-w2Lp-9zRt',
  '838104927561',
  'たいようはひがしからのぼる',
])('%s is not', (password) => {
  expect(isCommonPassword(password)).toBe(false);
});

test.each([
  'justinbieber',
  'JustinBieber',
  'counterstrike',
  'ghjcnjghjcnj',
  'Liverpool#2019',
  '!!Arsenal1886',
  'c0unterstrike!',
  'chelseachelsea',
  'scandinavian',
])('%s is of breaches that the program knows by itself', async (password) => {
  expect(await isShippedPassword(password)).toBe(true);
});

test.each([
  'marble kettle 51 orbit',
  'h7Kq-w2Lp-9zRt',
  'Zebrafish heart 40x beats',
  'たいようはひがしからのぼる',
  'correct horse battery',
  '838104927561',
])('%s is of none', async (password) => {
  expect(await isShippedPassword(password)).toBe(false);
});

test('one’s own name and address are', () => {
  const about = { name: 'Dora Example', email: 'dora@cell-lab.org' };
  expect(isCommonPassword('doraexample2024', about)).toBe(true);
  expect(isCommonPassword('Dora@cell-lab1', about)).toBe(true);
  expect(isCommonPassword('doraexample2024')).toBe(false);
});

test('the operator’s list may be a folder of files by the first digits of the hashes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'passwords-'));
  await expect(openPasswordList(folder)).rejects.toThrow('21BD1.txt');
  const hashOf = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase();
  const [known, padding] = ['a phrase that was stolen', 'a phrase nobody has'];
  for (const [ending, letters] of [
    ['.txt', 'toUpperCase'],
    ['', 'toLowerCase'],
  ] as const) {
    const inside = join(folder, letters);
    await mkdir(inside);
    await writeFile(join(inside, `00000${ending}`), `${'0'.repeat(35)}:3\r\n`);
    await writeFile(join(inside, `abcde${ending}`.replace('abcde', 'abcde'[letters]())), `${'0'.repeat(35)}:3\r\n`);
    for (const [text, count] of [[known, 12] as const, [padding, 0] as const])
      await writeFile(
        join(inside, `${hashOf(text).slice(0, 5)[letters]()}${ending}`),
        `${'0'.repeat(35)}:1\r\n${hashOf(text).slice(5)}:${count}\r\n`,
      );
    const list = await openPasswordList(inside);
    expect(await Promise.all([known, padding, 'a phrase that has no file'].map((one) => list.has(one)))).toEqual([
      true,
      false,
      false,
    ]);
  }
  await rm(folder, { recursive: true });
});

test('the operator’s list is read as lines, or searched as sorted hashes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'passwords-'));
  const all = Array.from({ length: 300 }, (_, index) => `known phrase ${index}`);
  const hashes = all.map((one) => `${createHash('sha1').update(one).digest('hex').toUpperCase()}:7`).sort();
  await writeFile(join(folder, 'plain.txt'), all.join('\n'));
  await writeFile(join(folder, 'hashes.txt'), hashes.join('\r\n'));
  for (const name of ['plain.txt', 'hashes.txt']) {
    const list = await openPasswordList(join(folder, name));
    for (const one of all) expect(await list.has(one), one).toBe(true);
    expect(await list.has('known phrase 300')).toBe(false);
  }
  await rm(folder, { recursive: true });
});
