import { expect, it } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { omeZarrReader } from './ome-zarr-reader.ts';

const [depth, height, width] = [5, 4, 3];

/** An image of t, z, y and x whose values tell where they lie, in chunks of two slices; asked for names of files are noted. */
async function image(order: 'C' | 'F', asked: string[]) {
  const chunkOf = (t: number, deep: number) => {
    const values = new Uint16Array(2 * height * width);
    for (let z = 0; z < 2; z++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const at = order === 'C' ? (z * height + y) * width + x : (x * height + y) * 2 + z;
          values[at] = 1000 * t + 100 * (deep * 2 + z) + 10 * y + x;
        }
    return new Uint8Array(values.buffer);
  };
  const axes = [
    { name: 't', type: 'time' },
    ...['z', 'y', 'x'].map((name) => ({ name, type: 'space', unit: 'micrometer' })),
  ];
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const files: Record<string, Uint8Array> = {
    '.zgroup': json({ zarr_format: 2 }),
    '.zattrs': json({
      multiscales: [
        {
          version: '0.4',
          axes,
          datasets: [{ path: '0', coordinateTransformations: [{ type: 'scale', scale: [1, 2, 1, 1] }] }],
        },
      ],
    }),
    '0/.zarray': json({
      zarr_format: 2,
      shape: [2, depth, height, width],
      chunks: [1, 2, height, width],
      dtype: '<u2',
      compressor: null,
      fill_value: 0,
      order,
      filters: null,
      dimension_separator: '/',
    }),
  };
  for (const t of [0, 1]) for (const deep of [0, 1, 2]) files[`0/${t}/${deep}/0/0`] = chunkOf(t, deep);
  const entries = Object.entries(files).map(([path, bytes]) => ({
    path,
    size: bytes.length,
    open: async () => {
      asked.push(path);
      return memorySource(path, bytes);
    },
  }));
  const recognition = { score: 1, reason: 'test' };
  const tree = fileTree('a.zarr', entries);
  const opened = await omeZarrReader.open({ path: 'a.zarr', files: entries, tree, format: 'ome-zarr', recognition });
  return opened.images[0]!;
}

it.each(['C', 'F'] as const)('slices of the same chunks are read together (order %s)', async (order) => {
  const asked: string[] = [];
  const one = await image(order, asked);
  expect(one.levels[0]!.tileDepth).toBe(2);
  const slab = await one.readSlab!({ t: 1, c: 0, z: 1 }, 3);
  expect([slab.width, slab.height, slab.data.length]).toEqual([width, height, 3 * width * height]);
  for (let z = 0; z < 3; z++) {
    const plane = await one.readRegion({ t: 1, c: 0, z: z + 1 });
    expect([...slab.data.subarray(z * width * height, (z + 1) * width * height)]).toEqual([...plane.data]);
    expect(plane.data[5]).toBe(1000 + 100 * (z + 1) + 12);
  }
  await expect(one.readSlab!({ t: 0, c: 0, z: 3 }, 3)).rejects.toThrow(/z 5 of 5/);
  await expect(one.readSlab!({ t: 0, c: 0, z: 0 }, 0)).rejects.toThrow(/0 slices/);
});
