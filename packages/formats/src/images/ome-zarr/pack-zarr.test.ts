import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { openZip } from '../../containers/zip/open-zip.ts';
import { memorySink } from './memory-sink.ts';
import { packZarr } from './pack-zarr.ts';

it('packs a folder unchanged, with the digest of each file and of the whole', async () => {
  const files = new Map([
    ['0/0/1', new Uint8Array([1, 2, 3])],
    ['.zattrs', new TextEncoder().encode('{}')],
    ['0/big', new Uint8Array(9 * 2 ** 20).map((_, n) => n * 7)],
  ]);
  const tree = fileTree(
    'a.zarr',
    [...files].map(([path, bytes]) => ({
      path,
      size: bytes.length,
      open: () => Promise.resolve(memorySource(path, bytes)),
    })),
  );
  const pack = async () => {
    const sink = memorySink();
    const out = await sink.create('');
    const packed = await packZarr(tree, out);
    await out.close();
    return { packed, bytes: sink.files.get('')! };
  };
  const { packed, bytes } = await pack();
  // Millions of bytes are compared at once: one by one takes most of a minute.
  expect(Buffer.compare((await pack()).bytes, bytes)).toBe(0);
  expect(packed.files.map((file) => file.path)).toEqual(['.zattrs', '0/0/1', '0/big']);
  const hash = createHash('sha256');
  for (const file of packed.files) {
    const content = files.get(file.path)!;
    expect(file.sha256).toBe(createHash('sha256').update(content).digest('hex'));
    expect(Buffer.compare(bytes.subarray(file.offset, file.offset + file.size), content)).toBe(0);
    hash.update(`${file.path}\0${file.size}\0${file.sha256}\n`);
  }
  expect(packed.treeSha256).toBe(hash.digest('hex'));
  const opened = await openZip(memorySource('a.zip', bytes));
  expect(opened.issues).toEqual([]);
  expect(await opened.verify()).toEqual([]);
});
