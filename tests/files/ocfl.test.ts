import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateObject } from '../../packages/server/src/storage/index.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../../shared/data/preservation/ocfl-1.1');
const isThere = existsSync(folder);
if (!isThere) console.warn(`No OCFL objects at ${folder}: the validator is not tested against the official set`);

const objects = (kind: string) => (isThere ? readdirSync(join(folder, `${kind}-objects`)) : []);
const codesIn = (name: string, letter: string) => name.match(new RegExp(`${letter}\\d{3}`, 'g')) ?? [];

describe.runIf(isThere)('the official OCFL 1.1 objects', () => {
  let work = '';
  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'micrarium-ocfl-'));
  });
  afterAll(() => rm(work, { recursive: true, force: true }));

  it('are 9 good, 10 warned and 41 bad', () => {
    expect([objects('good').length, objects('warn').length, objects('bad').length]).toEqual([9, 10, 41]);
  });
  it.each(objects('good'))('accepts %s without a word', async (name) => {
    expect(await validateObject(join(folder, 'good-objects', name))).toEqual([]);
  });
  it.each(objects('warn'))('accepts %s with exactly its warnings', async (name) => {
    const codes = (await validateObject(join(folder, 'warn-objects', name))).map((one) => one.code);
    expect([...new Set(codes)].sort()).toEqual(codesIn(name, 'W').sort());
  });
  it.each(objects('bad'))('refuses %s for the reason in its name', async (name) => {
    // Version control cannot hold empty folders: the .keep file of the empty object stands for nothing.
    const object = join(work, name);
    await cp(join(folder, 'bad-objects', name), object, { recursive: true });
    await rm(join(object, '.keep'), { force: true });
    const codes = (await validateObject(object)).map((one) => one.code);
    expect(codes).toEqual(expect.arrayContaining(codesIn(name, 'E')));
  });
});
