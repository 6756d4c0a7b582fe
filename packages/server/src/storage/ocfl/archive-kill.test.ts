import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeText, versionDocument } from '@micrarium/repository/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { openStorage, type Storage } from '../open-storage.ts';
import { objectFolders } from './layout.ts';
import { writeSteps } from './write-version.ts';

// The runner itself may run under another Node; the one that npm installed runs TypeScript unbuilt.
const installed = join(import.meta.dirname, '../../../../../node_modules/node/bin/node');
const node = existsSync(installed) ? installed : process.execPath;
const accession = 'MIC-000007';
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

type Listed = { logicalPath: string; sha256?: string; text?: string }[];

function filesOf(version: number, blobs: Record<string, string>): Listed {
  return [
    { logicalPath: 'metadata/study.json', text: JSON.stringify(versionDocument(accession, version)) },
    ...Object.entries(blobs).map(([path, sha256]) => ({ logicalPath: `files/${path}`, sha256 })),
  ];
}

/** Publishes in a child process that kills itself at `step`. */
async function publishAndDie(
  folder: string,
  version: number,
  step: string,
  files: Listed,
): Promise<NodeJS.Signals | null> {
  const script = join(import.meta.dirname, 'kill-child.ts');
  const child = spawn(node, [script, folder, accession, String(version), step, JSON.stringify(files)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return await new Promise((resolve) => child.on('exit', (_code, signal) => resolve(signal)));
}

async function write(storage: Storage, version: number, files: Listed): Promise<void> {
  const revived = files.map(({ text, ...file }) =>
    text === undefined ? file : { ...file, content: Buffer.from(text) },
  );
  const about = {
    message: 'P',
    userName: 'R',
    userAddress: 'urn:micrarium:account:1',
    createdAt: '2026-11-20T10:00:00Z',
  };
  await storage.archive.writeVersion(accession, version, revived, about);
}

/** Everything that must hold once a version was laid down, however often its writer died. */
async function expectWhole(
  folder: string,
  storage: Storage,
  versions: number[],
  blobs: readonly string[],
): Promise<void> {
  expect(await storage.archive.verify(accession)).toEqual([]);
  const listed = [];
  for await (const one of storage.archive.list()) listed.push(one);
  expect(listed).toEqual([{ accession, versions }]);
  for (const version of versions) expect((await storage.archive.readVersion(accession, version)).version).toBe(version);
  for (const sha256 of blobs) {
    const path = await storage.blobs.pathOf(sha256);
    expect(path.startsWith(join(folder, 'archive'))).toBe(true);
    expect((await stat(path)).nlink).toBe(1);
  }
  const staged = await readdir(join(folder, 'blobs/sha256'), { recursive: true, withFileTypes: true });
  expect(staged.filter((entry) => entry.isFile())).toEqual([]);
  expect(await readdir(join(folder, 'work/archive'))).toEqual(['intents']);
  expect(await readdir(join(folder, 'work/archive/intents'))).toEqual([]);
  expect(await readdir(join(folder, 'quarantine'))).toEqual([]);
}

async function prepare(): Promise<{ folder: string; storage: Storage }> {
  const base = await mkdtemp(join(tmpdir(), 'micrarium-kill-'));
  folders.push(base);
  const folder = join(base, 'data');
  return { folder, storage: await openStorage(folder) };
}

/** Rolled back, every blob is still there; finished, they all lie in the object. Either way nothing of it is half. */
async function expectSettled(
  folder: string,
  step: string,
  version: number,
  blobs: readonly string[],
): Promise<Storage> {
  const storage = await openStorage(folder);
  for (const sha256 of blobs) expect(await storage.blobs.has(sha256)).toBe(true);
  const { finished, rolledBack } = await storage.archive.recover();
  const label = `${accession} v${version}`;
  const isInPlace = writeSteps.indexOf(step as (typeof writeSteps)[number]) > writeSteps.indexOf('version built');
  if (step !== 'intent gone') expect(isInPlace ? finished : rolledBack).toEqual([label]);
  expect(await storage.archive.hasVersion(accession, version)).toBe(isInPlace);
  for (const sha256 of blobs) expect(await storage.blobs.has(sha256)).toBe(true);
  expect(await storage.archive.recover()).toEqual({ finished: [], rolledBack: [] });
  return storage;
}

describe('a process killed while it lays down', () => {
  const firstSteps = writeSteps.filter(
    (step) => !['version in place', 'inventory swapped', 'sidecar swapped'].includes(step),
  );
  it.each(firstSteps)('version 1, after "%s", leaves a study that is whole or not there', async (step) => {
    const { folder, storage } = await prepare();
    const blobs = { 'a.tif': await storeText(storage, 'film'), 'b/c.xml': await storeText(storage, 'tracks') };
    expect(await publishAndDie(folder, 1, step, filesOf(1, blobs))).toBe('SIGKILL');
    const after = await expectSettled(folder, step, 1, Object.values(blobs));
    const objects = [];
    for await (const object of objectFolders(join(folder, 'archive'))) objects.push(object);
    if (objects.length === 0)
      expect((await readdir(join(folder, 'archive'))).sort()).toEqual(['0=ocfl_1.1', 'extensions', 'ocfl_layout.json']);
    await write(after, 1, filesOf(1, blobs));
    await expectWhole(folder, after, [1], Object.values(blobs));
  });

  const furtherSteps = writeSteps.filter((step) => step !== 'object in place');
  it.each(furtherSteps)(
    'version 2, after "%s", leaves version 1 served and version 2 whole or not there',
    async (step) => {
      const { folder, storage } = await prepare();
      const first = { 'a.tif': await storeText(storage, 'film') };
      await write(storage, 1, filesOf(1, first));
      const second = { ...first, 'b.xml': await storeText(storage, 'tracks') };
      expect(await publishAndDie(folder, 2, step, filesOf(2, second))).toBe('SIGKILL');
      // Before anything is repaired, a reader finds version 1.
      expect((await storage.archive.readVersion(accession, 1)).version).toBe(1);
      const after = await expectSettled(folder, step, 2, Object.values(second));
      await write(after, 2, filesOf(2, second));
      await expectWhole(folder, after, [1, 2], Object.values(second));
    },
  );
});
