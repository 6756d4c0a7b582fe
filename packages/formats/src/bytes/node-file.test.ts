import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ByteSourceError } from './byte-source.ts';
import { byteSourceSuite, suiteBytes } from './byte-source-suite.ts';
import { fileSource, openFolder } from './node-file.ts';
import { TargetExists, folderSink, writeCompletely } from './node-sink.ts';

let folder: string;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micrarium-disk-'));
  await writeFile(join(folder, 'suite.bin'), suiteBytes);
});

afterAll(async () => {
  for (const source of opened) await source.close();
  await rm(folder, { recursive: true, force: true });
});

byteSourceSuite('file', async () => {
  const source = await fileSource(join(folder, 'suite.bin'));
  opened.push(source);
  return source;
});

test('a missing file, a folder and a pipe are errors of the source, at once', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  for (const name of ['none', '.', 'pipe'])
    await expect(fileSource(join(folder, name))).rejects.toBeInstanceOf(ByteSourceError);
  await rm(join(folder, 'pipe'));
});

test('a folder is listed sorted, links are not followed, names are NFC', async () => {
  const root = join(folder, 'tree');
  await mkdir(join(root, 'b', 'c'), { recursive: true });
  await writeFile(join(root, 'b', 'c', 'e\u0301.txt'), 'x');
  await writeFile(join(root, 'a.txt'), 'yy');
  await symlink('/etc', join(root, 'elsewhere'));
  await symlink('..', join(root, 'b', 'loop'));
  const skipped: string[] = [];
  const tree = await openFolder(root, { onSkipped: (path, reason) => skipped.push(`${path} ${reason}`) });
  expect(tree.name).toBe('tree');
  expect(tree.entries.map(({ path, size }) => [path, size])).toEqual([
    ['a.txt', 2],
    ['b/c/\u00e9.txt', 1],
  ]);
  expect(skipped.sort()).toEqual(['b/loop is a link', 'elsewhere is a link']);
  const source = await tree.entries[1]!.open();
  expect(new TextDecoder().decode(await source.read(0, 10))).toBe('x');
  await tree.entries[1]!.close?.();
  expect((await openFolder(root, { depth: 1 })).entries).toHaveLength(1);
});

const writeText =
  (text: string, path = '') =>
  async (sink: Parameters<Parameters<typeof writeCompletely>[1]>[0]) => {
    const file = await sink.create(path);
    await file.write(new TextEncoder().encode(text));
    await file.close();
  };

test('a file is written completely, or nothing is left', async () => {
  const root = await mkdtemp(join(folder, 'write-'));
  const target = join(root, 'out.txt');
  const [written] = await writeCompletely(target, writeText('one'));
  expect(written).toMatchObject({ path: '', bytes: 3 });
  await expect(writeCompletely(target, writeText('two'))).rejects.toBeInstanceOf(TargetExists);
  const failing = async (sink: Parameters<Parameters<typeof writeCompletely>[1]>[0]) => {
    const file = await sink.create('');
    await file.write(new Uint8Array(10));
    throw new Error('half way');
  };
  await expect(writeCompletely(target, failing, { replace: true })).rejects.toThrow('half way');
  expect(await readFile(target, 'utf8')).toBe('one');
  await writeCompletely(target, writeText('three'), { replace: true });
  expect(await readFile(target, 'utf8')).toBe('three');
  expect(await readdir(root)).toEqual(['out.txt']);
});

test('of many at once one writes, file and folder alike', async () => {
  const root = await mkdtemp(join(folder, 'race-'));
  for (const path of ['', 'inner/part.txt']) {
    const target = join(root, path === '' ? 'file' : 'folder');
    const ends = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => writeCompletely(target, writeText(`writer ${i}`, path))),
    );
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const end of ends) if (end.status === 'rejected') expect((end.reason as Error).name).toBe('TargetExists');
  }
  expect((await readdir(root)).sort()).toEqual(['file', 'folder']);
  await writeCompletely(join(root, 'folder'), writeText('new', 'other.txt'), { replace: true });
  expect(await readdir(join(root, 'folder'))).toEqual(['other.txt']);
  expect((await readdir(root)).sort()).toEqual(['file', 'folder']);
});

test('a sink never writes outside its folder', async () => {
  const sink = folderSink(join(folder, 'sink'));
  for (const path of ['../x', '/x', 'a/../../x', './x']) await expect(sink.create(path)).rejects.toThrow('not a path');
});
