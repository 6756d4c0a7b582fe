import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { BlobMissing, type BlobStore } from './blob-store.ts';
import { pieces, type SuiteCase } from './suite-case.ts';
import type { UploadArea } from './upload-area.ts';

/** The stores a case works on; uploads are adopted from the area. */
export interface BlobStores {
  blobs: BlobStore;
  uploads: UploadArea;
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** Stores a text as a blob, the way a deposit does. */
export async function storeText({ blobs, uploads }: BlobStores, text: string): Promise<string> {
  const id = `u${Math.random().toString(36).slice(2)}`;
  await uploads.create(id);
  await uploads.append(id, 0, pieces(text));
  const sha256 = digestOf(text);
  await blobs.adopt(uploads.pathOf(id), { sha256, size: text.length });
  return sha256;
}

/** What every blob store must do. */
export function blobStoreSuite(open: () => Promise<BlobStores>): SuiteCase[] {
  return [
    {
      name: 'gives adopted bytes back, whole and by range',
      async run() {
        const stores = await open();
        const sha256 = await storeText(stores, 'zebrafish');
        const source = await stores.blobs.open(sha256);
        assert.equal(source.size, 9);
        assert.equal(new TextDecoder().decode(await source.read(0, 100)), 'zebrafish');
        assert.equal(new TextDecoder().decode(await source.read(5, 4)), 'fish');
        assert.equal((await source.read(9, 1)).length, 0);
        await source.close();
        await source.close();
      },
    },
    {
      name: 'takes the upload away when it adopts it',
      async run() {
        const { blobs, uploads } = await open();
        await uploads.create('u');
        await uploads.append('u', 0, pieces('x'));
        await blobs.adopt(uploads.pathOf('u'), { sha256: digestOf('x'), size: 1 });
        assert.equal(await uploads.get('u'), undefined);
      },
    },
    {
      name: 'keeps the same bytes once, however often and from however many they come',
      async run() {
        const stores = await open();
        const all = await Promise.all([1, 2, 3].map(() => storeText(stores, 'same')));
        assert.equal(new Set(all).size, 1);
        assert.equal(await stores.blobs.has(all[0]!), true);
        for await (const upload of stores.uploads.list()) assert.fail(`upload ${upload.uploadId} was left behind`);
      },
    },
    {
      name: 'holds an empty blob',
      async run() {
        const stores = await open();
        const source = await stores.blobs.open(await storeText(stores, ''));
        assert.equal(source.size, 0);
        assert.equal((await source.read(0, 10)).length, 0);
        await source.close();
      },
    },
    {
      name: 'says which blob is missing, also for what is no digest',
      async run() {
        const { blobs } = await open();
        for (const sha256 of [digestOf('never'), '../../etc/passwd', '']) {
          assert.equal(await blobs.has(sha256).catch(() => false), false);
          await assert.rejects(blobs.open(sha256), BlobMissing);
          await assert.rejects(blobs.pathOf(sha256), BlobMissing);
        }
      },
    },
    {
      name: 'frees a staged blob, and is not troubled when it is gone',
      async run() {
        const stores = await open();
        const sha256 = await storeText(stores, 'to go');
        await stores.blobs.remove(sha256);
        await stores.blobs.remove(sha256);
        assert.equal(await stores.blobs.has(sha256), false);
        assert.equal(await storeText(stores, 'to go'), sha256);
        assert.equal(await stores.blobs.has(sha256), true);
      },
    },
  ];
}
