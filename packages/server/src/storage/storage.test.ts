import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  archiveStoreSuite,
  blobStoreSuite,
  derivedStoreSuite,
  storeText,
  uploadAreaSuite,
  versionFiles,
} from '@micrarium/repository/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { writeSteps } from './ocfl/write-version.ts';
import { openStorage, type Storage } from './open-storage.ts';

const folders: string[] = [];
async function open(): Promise<Storage> {
  const folder = await mkdtemp(join(tmpdir(), 'micrarium-storage-'));
  folders.push(folder);
  return await openStorage(join(folder, 'data'));
}
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const suites = {
  uploads: uploadAreaSuite(async () => (await open()).uploads),
  blobs: blobStoreSuite(open),
  archive: archiveStoreSuite(open),
  'derived forms': derivedStoreSuite(async () => (await open()).derived),
};

for (const [name, cases] of Object.entries(suites))
  describe(`${name} on disk`, () => {
    for (const one of cases) it(one.name, () => one.run());
  });

const about = {
  message: 'Published',
  userName: 'Rosalind',
  userAddress: 'urn:micrarium:account:1',
  createdAt: '2026-11-20T10:00:00Z',
};

describe('the archive on disk', () => {
  it('moves a blob into the object without a copy and without leaving a second name', async () => {
    const storage = await open();
    const sha256 = await storeText(storage, 'a film');
    const before = await stat(await storage.blobs.pathOf(sha256));
    await storage.archive.writeVersion('MIC-000001', 1, versionFiles('MIC-000001', 1, { 'a.tif': sha256 }), about);
    const path = await storage.blobs.pathOf(sha256);
    const after = await stat(path);
    expect(path).toMatch(/archive\/.*\/v1\/content\/files\/a\.tif$/);
    expect([after.ino, after.nlink]).toEqual([before.ino, 1]);
  });

  it('finds every blob again when the pointers to the archive are lost', async () => {
    const storage = await open();
    const sha256 = await storeText(storage, 'a film');
    await storage.archive.writeVersion('MIC-000001', 1, versionFiles('MIC-000001', 1, { 'a.tif': sha256 }), about);
    await rm(join(folders.at(-1)!, 'data/blobs'), { recursive: true });
    const again = await openStorage(join(folders.at(-1)!, 'data'));
    expect(await again.blobs.has(sha256)).toBe(false);
    await again.archive.noteAllBlobs();
    expect(await again.blobs.has(sha256)).toBe(true);
  });

  it('reports a changed byte by name', async () => {
    const storage = await open();
    const sha256 = await storeText(storage, 'a film');
    await storage.archive.writeVersion('MIC-000001', 1, versionFiles('MIC-000001', 1, { 'a.tif': sha256 }), about);
    const { writeFile } = await import('node:fs/promises');
    await writeFile(await storage.blobs.pathOf(sha256), 'a fiLm');
    const findings = await storage.archive.verify('MIC-000001');
    expect(findings.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'E092 v1/content/files/a.tif',
      'E093 v1/content/files/a.tif',
    ]);
  });
});

describe('derived forms on disk', () => {
  it('keep what a living process is making when another opens them, and clear away what a dead one left', async () => {
    const storage = await open();
    const data = join(folders.at(-1)!, 'data');
    const { mkdir, readdir } = await import('node:fs/promises');
    // No process has this number: it is above the largest that Linux gives.
    await mkdir(join(data, 'work/derived/4194305-left'));
    await storage.derived.build('key1', async (sink) => {
      await openStorage(data);
      expect(await readdir(join(data, 'work/derived'))).toHaveLength(1);
      const file = await sink.create('a');
      await file.close();
    });
    expect(await storage.derived.list('key1')).toEqual([{ path: 'a', size: 0 }]);
    expect(await readdir(join(data, 'work/derived'))).toEqual([]);
  });
});

describe('the archive on a disk that fails', () => {
  it.each(writeSteps)(
    'after "%s" is left whole: the version is there, or nothing of it, and the next attempt works',
    async (step) => {
      const folder = await mkdtemp(join(tmpdir(), 'micrarium-fault-'));
      folders.push(folder);
      let isBroken = false;
      const storage = await openStorage(join(folder, 'data'), (at) => {
        if (!isBroken || at !== step) return;
        isBroken = false;
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      });
      const [one, two] = [await storeText(storage, 'one'), await storeText(storage, 'two')];
      const write = (version: number, blobs: Record<string, string>) =>
        storage.archive.writeVersion('MIC-000001', version, versionFiles('MIC-000001', version, blobs), about);
      for (const [version, blobs] of [
        [1, { a: one }],
        [2, { a: one, b: two }],
      ] as const) {
        isBroken = true;
        await write(version, blobs).catch((error: Error) => expect(error.message).toContain('no space'));
        isBroken = false;
        for (const sha256 of [one, two]) expect(await storage.blobs.has(sha256)).toBe(true);
        await write(version, blobs);
        expect(await storage.archive.verify('MIC-000001')).toEqual([]);
        expect(await storage.archive.recover()).toEqual({ finished: [], rolledBack: [] });
      }
    },
  );
});
