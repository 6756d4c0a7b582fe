import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CheckSumDiffers, readCheckSums } from './check-sums.ts';
import { collectFiles, digestFiles } from './local-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'micrarium-sums-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const list = (text: string) => {
  const path = join(folder, 'list.txt');
  writeFileSync(path, text);
  return path;
};
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

test('lists of md5sum, sha256sum, BSD and buckets are read, by the path in the study or below its folder', async () => {
  const sha256 = createHash('sha256').update('b').digest('hex');
  const text = [
    '# made on the disk that came by post',
    `${md5('a').toUpperCase()}  ./a.txt`,
    `${sha256} *run/b.txt`,
    `MD5 (run/b.txt) = ${md5('b')}`,
    'e3069283  c d.txt',
    `\\${md5('x')}  with\\nline.txt`,
    `${md5('q')}  elsewhere.txt`,
    '',
  ].join('\r\n');
  const paths = ['run/a.txt', 'run/b.txt', 'run/c d.txt', 'run/with\nline.txt'];
  const { sums, notDeposited } = await readCheckSums(list(text), paths);
  expect(Object.fromEntries(sums)).toEqual({
    'run/a.txt': { md5: md5('a') },
    'run/b.txt': { sha256, md5: md5('b') },
    'run/c d.txt': { crc32c: 'e3069283' },
    'run/with\nline.txt': { md5: md5('x') },
  });
  expect(notDeposited).toEqual(['elsewhere.txt']);
  await expect(readCheckSums(list('hello\n'), paths)).rejects.toThrow('line 1');
  await expect(readCheckSums(list('abcdef  a.txt\n'), paths)).rejects.toThrow('line 1');
  await expect(readCheckSums(join(folder, 'none'), paths)).rejects.toThrow('cannot be read');
});

test('a file that is not what the list says is not deposited; what the list says goes with the others', async () => {
  const path = join(folder, 'cells.txt');
  writeFileSync(path, '123456789');
  const { files } = await collectFiles([path]);
  const digest = (stated: object) =>
    digestFiles(files, () => {}, new AbortController().signal, new Map([['cells.txt', stated]]));
  const [one] = await digest({ md5: md5('123456789'), crc32c: 'e3069283' });
  expect(one).toMatchObject({ md5: md5('123456789'), crc32c: 'e3069283' });
  for (const wrong of [{ md5: md5('other') }, { crc32c: '00000000' }, { sha256: '0'.repeat(64) }])
    await expect(digest(wrong)).rejects.toThrow(CheckSumDiffers);
});
