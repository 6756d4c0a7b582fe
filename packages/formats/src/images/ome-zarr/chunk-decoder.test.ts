import { afterEach, expect, it } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { bloscEncode } from './blosc.ts';
import { keepChunks } from './chunk-cache.ts';
import { type ChunkCodec, decodeChunk, setChunkDecoder } from './chunk-decoder.ts';
import { omeZarrReader } from './ome-zarr-reader.ts';

const [depth, side] = [4, 8];

/** One chunk of four slices behind Blosc; every pixel says where it is. */
async function image() {
  const values = Uint16Array.from({ length: depth * side * side }, (_, at) => at);
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const axes = ['z', 'y', 'x'].map((name) => ({ name, type: 'space', unit: 'micrometer' }));
  const scale = { type: 'scale', scale: [1, 1, 1] };
  const files: Record<string, Uint8Array> = {
    '.zgroup': json({ zarr_format: 2 }),
    '.zattrs': json({
      multiscales: [{ version: '0.4', axes, datasets: [{ path: '0', coordinateTransformations: [scale] }] }],
    }),
    '0/.zarray': json({
      zarr_format: 2,
      shape: [depth, side, side],
      chunks: [depth, side, side],
      dtype: '<u2',
      compressor: { id: 'blosc', cname: 'zstd', clevel: 1, shuffle: 1, blocksize: 0 },
      fill_value: 0,
      order: 'C',
      filters: null,
      dimension_separator: '/',
    }),
    '0/0/0/0': await bloscEncode(new Uint8Array(values.buffer), 2),
  };
  const entries = Object.entries(files).map(([path, bytes]) => ({
    path,
    size: bytes.length,
    open: async () => memorySource(path, bytes),
  }));
  const recognition = { score: 1, reason: 'test' };
  const tree = fileTree('a.zarr', entries);
  const opened = await omeZarrReader.open({ path: 'a.zarr', files: entries, tree, format: 'ome-zarr', recognition });
  return opened.images[0]!;
}

const asked: { codec: ChunkCodec; signal: AbortSignal | undefined }[] = [];
const noting = {
  async decode(codec: ChunkCodec, bytes: Uint8Array, limit: number, signal?: AbortSignal) {
    asked.push({ codec, signal });
    return decodeChunk(codec, bytes, limit);
  },
};
afterEach(() => {
  setChunkDecoder(undefined);
  keepChunks(0);
  asked.length = 0;
});

it('chunks go to the decoder that is registered, with the signal of whoever asked', async () => {
  setChunkDecoder(noting);
  const one = await image();
  const stop = new AbortController();
  const plane = await one.readRegion({ t: 0, c: 0, z: 2 }, undefined, 0, stop.signal);
  expect(plane.data[9]).toBe(2 * side * side + 9);
  expect(asked).toEqual([{ codec: 'blosc', signal: stop.signal }]);
  setChunkDecoder({ decode: async () => Promise.reject(new Error('no memory')) });
  await expect(one.readRegion({ t: 0, c: 0, z: 2 })).rejects.toThrow(
    /Failed to decode chunk via codec "numcodecs.blosc"/,
  );
});

it('a chunk of many slices is unpacked once where chunks are kept, for all who wait; one that is given up again', async () => {
  setChunkDecoder(noting);
  keepChunks(2 ** 20);
  const one = await image();
  const stop = new AbortController();
  const passed = one.readRegion({ t: 0, c: 0, z: 0 }, undefined, 0, stop.signal);
  stop.abort(new Error('passed'));
  await expect(passed).rejects.toThrow('passed');
  asked.length = 0;
  const planes = await Promise.all([0, 1, 2, 3].map((z) => one.readRegion({ t: 0, c: 0, z })));
  expect(planes.map(({ data }) => data[3])).toEqual([3, 67, 131, 195]);
  expect((await one.readRegion({ t: 0, c: 0, z: 1 })).data[63]).toBe(127);
  expect(asked.length).toBe(1);
});

it('without keeping, every slice unpacks its chunk', async () => {
  setChunkDecoder(noting);
  const one = await image();
  for (const z of [0, 1]) await one.readRegion({ t: 0, c: 0, z });
  expect(asked.length).toBe(2);
});
