import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { crc32c } from './crc32c.ts';
import { treeStore } from './tree-store.ts';
import { openArray, readArray } from './zarr-level.ts';

function storeOf(metadata: object, chunks: Record<string, Uint8Array>, name = 'zarr.json') {
  const files = { [`a/${name}`]: new TextEncoder().encode(JSON.stringify(metadata)), ...chunks };
  return treeStore(
    fileTree(
      '',
      Object.entries(files).map(([path, bytes]) => ({
        path,
        size: bytes.length,
        open: async () => memorySource(path, bytes),
      })),
    ),
  );
}

const little = { name: 'bytes', configuration: { endian: 'little' } };
const shards = (more: object = {}) => ({
  name: 'sharding_indexed',
  configuration: { chunk_shape: [1, 2], codecs: [little], index_codecs: [little, { name: 'crc32c' }], ...more },
});
const version3 = (codecs: object[]) => ({
  zarr_format: 3,
  node_type: 'array',
  shape: [2, 2],
  data_type: 'uint16',
  chunk_grid: { name: 'regular', configuration: { chunk_shape: [2, 2] } },
  chunk_key_encoding: { name: 'default' },
  fill_value: 9,
  codecs,
});

/** A shard of two chunks, the first absent, with its index before them. */
function shardWithIndexFirst(): Uint8Array {
  const bytes = new Uint8Array(36 + 4);
  const view = new DataView(bytes.buffer);
  for (const at of [0, 8]) view.setBigUint64(at, 0xffffffffffffffffn, true);
  view.setBigUint64(16, 36n, true);
  view.setBigUint64(24, 4n, true);
  view.setUint32(32, crc32c(bytes.subarray(0, 32)), true);
  view.setUint16(36, 3, true);
  view.setUint16(38, 4, true);
  return bytes;
}

test('the index of a shard may stand before its chunks', async () => {
  const store = storeOf(version3([shards({ index_location: 'start' })]), { 'a/c/0/0': shardWithIndexFirst() });
  const array = await openArray(store, 'a', 3);
  if (typeof array === 'string') throw new Error(array);
  const whole = { selection: [0, 0], y: 0, x: 1 };
  const block = await readArray(array, {
    ...whole,
    selection: [
      { from: 0, to: 2 },
      { from: 0, to: 2 },
    ],
  });
  expect([...block.data]).toEqual([9, 9, 3, 4]);
});

test.each([
  ['shards within shards', version3([shards({ codecs: [shards()] })]), 'shards within shards'],
  ['a packed shard', version3([shards(), { name: 'gzip', configuration: { level: 1 } }]), 'as a whole'],
  ['a codec nobody knows', version3([little, { name: 'numcodecs.pcodec' }]), 'packed with numcodecs.pcodec'],
  ['one within a shard', version3([shards({ codecs: [little, { name: 'lzma' }] })]), 'packed with lzma'],
])('what cannot be unpacked is said on opening: %s', async (_, metadata, why) => {
  expect(await openArray(storeOf(metadata, {}), 'a', 3)).toContain(why);
});

test('compressors and filters of version 2 are looked at, those that are known are read', async () => {
  const about = { zarr_format: 2, shape: [2], chunks: [2], dtype: '|u1', fill_value: 0, order: 'C' };
  const open = (compressor: object | null, filters: object[] | null, chunk = new Uint8Array(0)) =>
    openArray(storeOf({ ...about, compressor, filters }, { 'a/0': chunk }, '.zarray'), 'a', 2);
  expect(await open({ id: 'lzma' }, null)).toContain('packed with lzma');
  expect(await open(null, [{ id: 'crc32' }])).toContain('packed with crc32');
  // Python: bz2.compress(bytes([7, 8])).
  const packed = Uint8Array.from(Buffer.from('QlpoOTFBWSZTWe6PCEAAAABAAADAIAAhAIKxdyRThQkO6PCEAA==', 'base64'));
  const array = await open({ id: 'bz2', level: 1 }, [{ id: 'delta', dtype: '|u1' }], packed);
  if (typeof array === 'string') throw new Error(array);
  expect([...((await array.getChunk([0])).data as Uint8Array)]).toEqual([7, 15]);
});
