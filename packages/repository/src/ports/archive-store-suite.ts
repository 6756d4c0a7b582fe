import assert from 'node:assert/strict';
import type { StudyVersion } from '@micrarium/model';
import type { ArchivedFile, ArchiveStore } from './archive-store.ts';
import { type BlobStores, storeText } from './blob-store-suite.ts';
import { BlobMissing } from './blob-store.ts';
import { type SuiteCase, textBytes } from './suite-case.ts';

/** The stores a case works on. */
export interface ArchiveStores extends BlobStores {
  archive: ArchiveStore;
}

const about = {
  message: 'Published',
  userName: 'Rosalind',
  userAddress: 'urn:micrarium:account:1',
  createdAt: '2026-11-20T10:00:00Z',
};

/** A small document of a version, for suites. */
export function versionDocument(accession: string, version: number): StudyVersion {
  return {
    schema: 1,
    accession,
    version,
    publishedAt: about.createdAt,
    publishedBy: about.userName,
    tier: 'archive',
    metadata: { values: { title: `Study ${version}` }, origins: {} },
    files: [],
    items: [],
    pairs: [],
    datasets: [],
  };
}

/** Files of a version: its document and some blobs by path. */
export function versionFiles(accession: string, version: number, blobs: Record<string, string>): ArchivedFile[] {
  return [
    { logicalPath: 'metadata/study.json', content: textBytes(JSON.stringify(versionDocument(accession, version))) },
    ...Object.entries(blobs).map(([path, sha256]) => ({ logicalPath: `files/${path}`, sha256 })),
  ];
}

async function listed(archive: ArchiveStore): Promise<{ accession: string; versions: number[] }[]> {
  const all: { accession: string; versions: number[] }[] = [];
  for await (const one of archive.list()) all.push(one);
  return all.sort((a, b) => (a.accession < b.accession ? -1 : 1));
}

async function textOf(stores: ArchiveStores, sha256: string): Promise<string> {
  const source = await stores.blobs.open(sha256);
  const text = new TextDecoder().decode(await source.read(0, source.size));
  await source.close();
  return text;
}

/** What every archive must do. */
export function archiveStoreSuite(open: () => Promise<ArchiveStores>): SuiteCase[] {
  return [
    {
      name: 'lays a version down, reads it back, and finds its blobs afterwards',
      async run() {
        const stores = await open();
        const sha256 = await storeText(stores, 'pixels');
        const files = versionFiles('MIC-000001', 1, { 'film/a.tif': sha256, 'copy of a.tif': sha256 });
        assert.equal(await stores.archive.hasVersion('MIC-000001', 1), false);
        const { inventorySha512 } = await stores.archive.writeVersion('MIC-000001', 1, files, about);
        assert.match(inventorySha512, /^[0-9a-f]{128}$/);
        assert.equal(await stores.archive.hasVersion('MIC-000001', 1), true);
        assert.deepEqual(await stores.archive.readVersion('MIC-000001', 1), versionDocument('MIC-000001', 1));
        assert.equal(await textOf(stores, sha256), 'pixels');
        assert.deepEqual(await listed(stores.archive), [{ accession: 'MIC-000001', versions: [1] }]);
        assert.deepEqual(await stores.archive.verify('MIC-000001'), []);
      },
    },
    {
      name: 'never removes what is published',
      async run() {
        const stores = await open();
        const sha256 = await storeText(stores, 'pixels');
        await stores.archive.writeVersion('MIC-000001', 1, versionFiles('MIC-000001', 1, { a: sha256 }), about);
        await stores.blobs.remove(sha256);
        assert.equal(await textOf(stores, sha256), 'pixels');
      },
    },
    {
      name: 'adds further versions and keeps the earlier ones as they were',
      async run() {
        const stores = await open();
        const [one, two] = [await storeText(stores, 'one'), await storeText(stores, 'two')];
        await stores.archive.writeVersion('MIC-000001', 1, versionFiles('MIC-000001', 1, { a: one }), about);
        await stores.archive.writeVersion('MIC-000001', 2, versionFiles('MIC-000001', 2, { a: two, b: one }), about);
        assert.equal((await stores.archive.readVersion('MIC-000001', 1)).version, 1);
        assert.equal((await stores.archive.readVersion('MIC-000001', 2)).version, 2);
        assert.deepEqual([await textOf(stores, one), await textOf(stores, two)], ['one', 'two']);
        assert.deepEqual(await listed(stores.archive), [{ accession: 'MIC-000001', versions: [1, 2] }]);
        assert.deepEqual(await stores.archive.verify('MIC-000001'), []);
      },
    },
    {
      name: 'does nothing when a finished call is repeated, also at the same time',
      async run() {
        const stores = await open();
        const files = versionFiles('MIC-000001', 1, { a: await storeText(stores, 'one') });
        const write = () => stores.archive.writeVersion('MIC-000001', 1, files, about);
        const [first, second] = await Promise.all([write(), write()]);
        assert.equal(first.inventorySha512, second.inventorySha512);
        assert.deepEqual([first.isNew, second.isNew].sort(), [false, true]);
        assert.deepEqual(await write(), { ...first, isNew: false });
        assert.deepEqual(await listed(stores.archive), [{ accession: 'MIC-000001', versions: [1] }]);
      },
    },
    {
      name: 'refuses to change a version, to skip one, and to lay down what it does not have',
      async run() {
        const stores = await open();
        const [one, two] = [await storeText(stores, 'one'), await storeText(stores, 'two')];
        const { archive } = stores;
        await archive.writeVersion('MIC-000001', 1, versionFiles('MIC-000001', 1, { a: one }), about);
        await assert.rejects(archive.writeVersion('MIC-000001', 1, versionFiles('MIC-000001', 1, { a: two }), about), {
          name: 'ArchiveConflict',
        });
        await assert.rejects(archive.writeVersion('MIC-000001', 3, versionFiles('MIC-000001', 3, { a: two }), about), {
          name: 'ArchiveConflict',
        });
        const missing = '0'.repeat(64);
        await assert.rejects(
          archive.writeVersion('MIC-000002', 1, versionFiles('MIC-000002', 1, { a: missing }), about),
          BlobMissing,
        );
        assert.deepEqual(await listed(archive), [{ accession: 'MIC-000001', versions: [1] }]);
      },
    },
    {
      name: 'keeps each study whole by itself when two hold the same bytes',
      async run() {
        const stores = await open();
        const sha256 = await storeText(stores, 'shared');
        await Promise.all(
          ['MIC-000001', 'MIC-000002'].map((accession) =>
            stores.archive.writeVersion(accession, 1, versionFiles(accession, 1, { a: sha256 }), about),
          ),
        );
        for (const accession of ['MIC-000001', 'MIC-000002'])
          assert.deepEqual(await stores.archive.verify(accession), []);
        assert.equal(await textOf(stores, sha256), 'shared');
      },
    },
    {
      name: 'has nothing to recover when nothing was interrupted',
      async run() {
        const stores = await open();
        const files = versionFiles('MIC-000001', 1, { a: await storeText(stores, 'one') });
        await stores.archive.writeVersion('MIC-000001', 1, files, about);
        assert.deepEqual(await stores.archive.recover(), { finished: [], rolledBack: [] });
      },
    },
  ];
}
