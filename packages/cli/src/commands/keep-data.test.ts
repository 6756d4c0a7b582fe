import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../run.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'micrarium-kept-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command. @returns its exit code, and what it said to the person */
async function said(...args: string[]): Promise<[number, string]> {
  const heard: string[] = [];
  const into = () => new Writable({ write: (part: Buffer, _encoding, done) => (heard.push(part.toString()), done()) });
  const code = await run(args, { out: into(), err: into(), environment: {} });
  return [code, heard.join('')];
}
const below = (...names: string[]) => join(folder, ...names);

test('a data folder that is not there is said, and none is made', async () => {
  for (const command of [['rebuild'], ['audit', 'verify'], ['backup', below('backup')]])
    expect(await said(...command, '--data', below('data'))).toEqual([
      1,
      expect.stringContaining('There is no data folder'),
    ]);
  // 1 would say that what was read has warnings.
  expect(await said('verify', '--data', below('data'))).toEqual([2, expect.stringContaining('There is no archive')]);
  expect(readdirSync(folder)).toEqual([]);
});

test('a backup goes neither into the data folder nor into one of other things, whose mode stays as it is', async () => {
  mkdirSync(below('data', 'archive'), { recursive: true });
  mkdirSync(below('photos'));
  writeFileSync(below('photos', 'one.jpg'), '');
  symlinkSync(below('data'), below('link'));
  mkdirSync(below('other', 'archive'), { recursive: true });
  writeFileSync(below('other', 'database-password'), '');
  for (const name of ['data', 'photos', 'other']) chmodSync(below(name), 0o711);
  const backup = (target: string) => said('backup', '--data', below('data'), target);
  for (const target of [below('data'), below('data', 'archive'), below('data', 'new'), below('link'), folder])
    expect(await backup(target), target).toEqual([1, expect.stringContaining('lie in each other')]);
  expect(await backup(below('photos'))).toEqual([1, expect.stringContaining('holds other things')]);
  expect(await backup(below('other'))).toEqual([1, expect.stringContaining('is the data folder of an installation')]);
  for (const name of ['data', 'photos', 'other']) expect(statSync(below(name)).mode & 0o777, name).toBe(0o711);
  expect(readdirSync(below('data'))).toEqual(['archive']);
});

test('a backup that is damaged, half copied or none is said, and nothing is made of it', async () => {
  mkdirSync(below('backup'));
  const whole = { format: 'micrarium-backup', version: 1, madeAt: '2026-01-01T00:00:00.000Z' };
  const database = (file: string) => ({ ...whole, database: { file, sha256: '0', rows: 1 } });
  const cases = [
    ['{"for', 'describes no backup'],
    ['null', 'describes no backup'],
    [JSON.stringify(whole), 'describes no backup'],
    [JSON.stringify(database('../../etc/passwd')), 'describes no backup'],
    [JSON.stringify(database('database/one.ndjson.gz')), 'is not there'],
  ] as const;
  for (const [text, message] of cases) {
    writeFileSync(below('backup', 'backup.json'), text);
    expect(await said('restore', below('backup'), '--data', below('data')), text).toEqual([
      1,
      expect.stringContaining(message),
    ]);
  }
  expect(existsSync(below('data'))).toBe(false);
});

test('a restore that fails leaves the folder empty, as it was', async () => {
  const dump = Buffer.from('no dump');
  mkdirSync(below('backup', 'database'), { recursive: true });
  writeFileSync(below('backup', 'database', 'one.ndjson.gz'), dump);
  writeFileSync(below('backup', 'session-secret'), 'a secret');
  // A folder of objects that cannot be read as one.
  writeFileSync(below('backup', 'archive'), '');
  const sha256 = createHash('sha256').update(dump).digest('hex');
  const database = { file: 'database/one.ndjson.gz', sha256, rows: 1 };
  const manifest = { format: 'micrarium-backup', version: 1, madeAt: '2026-01-01T00:00:00.000Z', database };
  writeFileSync(below('backup', 'backup.json'), JSON.stringify(manifest));
  expect((await said('restore', below('backup'), '--data', below('data')))[0]).toBe(1);
  expect(readdirSync(below('data'))).toEqual([]);
});

test('a refusal of the system is a sentence, without a stack', async () => {
  mkdirSync(below('data'));
  symlinkSync(below('loop'), below('loop'));
  const [code, text] = await said('backup', '--data', below('data'), below('loop'));
  expect([code, text]).toEqual([1, expect.stringContaining('the symbolic links lead in a circle (ELOOP)')]);
  expect(text).not.toMatch(/^ +at /m);
});
