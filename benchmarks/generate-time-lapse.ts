import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { zipWriter } from '../packages/formats/src/containers/zip/write-zip.ts';
import { planArray } from '../packages/formats/src/images/ome-zarr/array-plan.ts';
import { bloscEncode } from '../packages/formats/src/images/ome-zarr/blosc.ts';
import { crc32c } from '../packages/formats/src/images/ome-zarr/crc32c.ts';
import { shardParts } from '../packages/formats/src/images/ome-zarr/shard.ts';
import {
  arrayMetadata,
  multiscalesEntry,
  omeroBlock,
} from '../packages/formats/src/images/ome-zarr/written-metadata.ts';
import { planPyramid } from '../packages/formats/src/images/pyramid/pyramid-plan.ts';
import '../packages/formats/src/node.ts';

/*
 * A time-lapse that declares 100 GB, in an `.ozx` of some megabytes:
 *   node benchmarks/generate-time-lapse.ts PATH [REAL]
 * 500 time points, 2 channels, 12 slices of 2048 x 2048 16-bit pixels. Every shard stands in the directory with its index,
 * as in the real thing; all chunks are absent (fill value) but for the middle slice of the first time point and, at the
 * coarser levels, one corner of it at the first REAL time points.
 */

const sizes = { t: 500, c: 2, z: 12, y: 2048, x: 2048 };
const [path, real = '1'] = process.argv.slice(2);
if (path === undefined) throw new Error('Where to?');

/** A chunk of camera-like pixels with bright spots: of another brightness each time point, so that frames can be told apart. */
function chunkPixels(side: number, seed: number): Uint8Array {
  const pixels = new Uint16Array(side * side);
  let state = seed * 7919 + 1;
  for (let n = 0; n < pixels.length; n++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const [x, y] = [n % side, Math.floor(n / side)];
    const spot = ((x + 13 * seed) % 64) ** 2 + (y % 64) ** 2 < 900 ? 1500 : 0;
    pixels[n] = 400 + spot + 40 * (seed % 10) + (state >>> 29);
  }
  return new Uint8Array(pixels.buffer);
}

/** Index of a shard whose chunks are all absent: all ones, and the sum of that. The writer leaves such shards out. */
function emptyIndex(chunks: number): Uint8Array {
  const index = new Uint8Array(chunks * 16 + 4).fill(0xff);
  new DataView(index.buffer).setUint32(chunks * 16, crc32c(index.subarray(0, chunks * 16)), true);
  return index;
}

const description = {
  name: 'A hundred gigabytes',
  sizes,
  type: 'uint16' as const,
  voxelSize: {
    z: { value: 1, unit: 'micrometer' },
    y: { value: 0.2, unit: 'micrometer' },
    x: { value: 0.2, unit: 'micrometer' },
  },
  timeStep: { value: 30, unit: 'second' },
  channels: [{ name: 'nuclei' }, { name: 'membranes' }],
};
const levels = planPyramid(description);
const windows = description.channels.map(() => ({ min: 0, max: 65_535, start: 300, end: 2400 }));
const out = createWriteStream(path);
const zip = zipWriter(
  {
    async write(bytes) {
      if (!out.write(bytes)) await once(out, 'drain');
    },
  },
  { comment: JSON.stringify({ ome: { version: '0.5', zipFile: { centralDirectory: { jsonFirst: true } } } }) },
);
const put = (name: string, value: unknown) => zip.add(name, [new TextEncoder().encode(JSON.stringify(value))]);
await put('zarr.json', {
  zarr_format: 3,
  node_type: 'group',
  attributes: {
    ome: {
      version: '0.5',
      multiscales: [multiscalesEntry(description, levels, 'mean', '0.5')],
      omero: omeroBlock(description, windows),
    },
  },
});
const middle = sizes.z >> 1;
const isReal = (level: number, t: number, z: number, chunk: number): boolean =>
  z === middle && (t === 0 || (level > 0 && chunk === 0 && t < Number(real)));
const plans = levels.map((level) => planArray(level, sizes, 'uint16'));
for (const [n, plan] of plans.entries()) await put(`${n}/zarr.json`, arrayMetadata(plan, 'uint16', 1, '0.5'));
for (const [n, plan] of plans.entries()) {
  const variants: Uint8Array[] = [];
  for (let seed = 0; seed < 10; seed++)
    variants.push(await bloscEncode(chunkPixels(plan.chunkSide, seed), plan.itemSize, 1));
  const perPlane = (plan.shard.y / plan.chunkSide) * (plan.shard.x / plan.chunkSide);
  for (let t = 0; t < sizes.t; t++)
    for (let c = 0; c < sizes.c; c++)
      for (let from = 0; from < sizes.z; from += plan.shard.z) {
        const chunks = Array.from({ length: plan.shard.z * perPlane }, (_, at) =>
          isReal(n, t, from + Math.floor(at / perPlane), at % perPlane) ? variants[(t + at) % 10]! : undefined,
        );
        await zip.add(`${n}/c/${t}/${c}/${from / plan.shard.z}/0/0`, shardParts(chunks) ?? [emptyIndex(chunks.length)]);
      }
}
await zip.finish();
out.end();
await once(out, 'finish');
