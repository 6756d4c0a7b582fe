/**
 * A 2048 x 2048 x 100 16-bit uncompressed TIFF (839 MB, in page cache) to the pyramid of our own rule, beside a Python
 * tifffile + zarr + Blosc script that makes the same levels. Both flush what they wrote to the disk.
 *
 * node benchmarks/tiff-to-ozx.ts [--planes 100] [--folder /tmp]
 */
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fileTree, omeZarrWriterFor, tiffReader } from '@micrarium/formats';
import { fileEntry } from '@micrarium/formats/node';

const side = 2048;

/** Camera-like planes: an offset, a soft structure, shot and read noise; seeded. */
function cameraPlane(z: number, noise: Float32Array): Uint16Array {
  const plane = new Uint16Array(side * side);
  let n = Math.imul(z + 1, 48_271) % noise.length;
  for (let y = 0; y < side; y++) {
    const row = 300 + 200 * Math.sin((y + 9 * z) / 160);
    for (let x = 0; x < side; x++) {
      const light = row * (1.2 + Math.sin((x - 5 * z) / 130));
      plane[y * side + x] = 100 + light + Math.sqrt(Math.abs(light) + 4) * noise[n]!;
      n = n + 1 === noise.length ? 0 : n + 1;
    }
    n = (n + 7919 * (y + 1)) % noise.length;
  }
  return plane;
}

function gaussianNoise(length: number): Float32Array {
  let state = 12_345;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float32Array.from({ length }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

/** Little-endian classic TIFF, one strip a plane, directories at the end, with an ImageJ description: z planes. */
async function writeTiff(path: string, planes: number): Promise<void> {
  const out = createWriteStream(path);
  const put = async (bytes: Uint8Array): Promise<void> => {
    if (!out.write(bytes)) await once(out, 'drain');
  };
  const bytesPerPlane = side * side * 2;
  const text = new TextEncoder().encode(`ImageJ=1.54f\nimages=${planes}\nslices=${planes}\n\0`);
  const firstDirectory = 8 + planes * bytesPerPlane + text.length + (text.length % 2);
  const header = new DataView(new ArrayBuffer(8));
  header.setUint32(0, 0x002a4949, true);
  header.setUint32(4, firstDirectory, true);
  await put(new Uint8Array(header.buffer));
  const noise = gaussianNoise(1 << 20);
  for (let z = 0; z < planes; z++) await put(new Uint8Array(cameraPlane(z, noise).buffer));
  await put(new Uint8Array([...text, ...(text.length % 2 ? [0] : [])]));
  for (let z = 0; z < planes; z++) {
    const tags: [number, number, number, number][] = [
      [256, 4, 1, side],
      [257, 4, 1, side],
      [258, 3, 1, 16],
      [259, 3, 1, 1],
      [262, 3, 1, 1],
      [270, 2, text.length, 8 + planes * bytesPerPlane],
      [273, 4, 1, 8 + z * bytesPerPlane],
      [277, 3, 1, 1],
      [278, 4, 1, side],
      [279, 4, 1, bytesPerPlane],
    ];
    const length = 2 + tags.length * 12 + 4;
    const data = new DataView(new ArrayBuffer(length));
    data.setUint16(0, tags.length, true);
    for (const [n, [tag, type, count, value]] of tags.entries()) {
      data.setUint16(2 + n * 12, tag, true);
      data.setUint16(4 + n * 12, type, true);
      data.setUint32(6 + n * 12, count, true);
      data.setUint32(10 + n * 12, value, true);
    }
    data.setUint32(length - 4, z + 1 < planes ? firstDirectory + (z + 1) * length : 0, true);
    await put(new Uint8Array(data.buffer));
  }
  out.end();
  await once(out, 'finish');
}

/** One file, flushed to the disk when closed. No digest: the other side makes none. */
async function flushedFile(path: string): Promise<{ write(bytes: Uint8Array): Promise<void>; close(): Promise<void> }> {
  const handle = await open(path, 'w');
  return {
    async write(bytes) {
      await handle.writeFile(bytes);
    },
    async close() {
      await handle.sync();
      await handle.close();
    },
  };
}

async function convert(input: string, output: string): Promise<void> {
  const start = performance.now();
  const entry = await fileEntry(input, 'camera.tif');
  const tree = fileTree('', [entry]);
  const { images } = await tiffReader.open({
    path: 'camera.tif',
    files: [entry],
    tree,
    format: 'imagej-tiff',
    recognition: { score: 1, reason: 'made by this benchmark' },
  });
  await omeZarrWriterFor(output).write(images, { create: () => flushedFile(output) });
  console.log(
    JSON.stringify({
      seconds: Number(((performance.now() - start) / 1000).toFixed(2)),
      cpuSeconds: Number(
        ((process.resourceUsage().userCPUTime + process.resourceUsage().systemCPUTime) / 1e6).toFixed(2),
      ),
      peakMegabytes: Math.round((process.resourceUsage().maxRSS * 1024) / 1e6),
      bytes: statSync(output).size,
    }),
  );
}

const python = '/usr/bin/python3';

function hasPeer(): boolean {
  try {
    execFileSync(python, ['-c', 'import numcodecs, tifffile, zarr'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { planes: { type: 'string', default: '100' }, folder: { type: 'string', default: tmpdir() } },
});
const planes = Number(values.planes);
const self = fileURLToPath(import.meta.url);
const [task, input, output] = positionals;
if (task === 'make' && input) await writeTiff(input, planes);
else if (task === 'convert' && input && output) await convert(input, output);
else {
  const folder = mkdtempSync(join(values.folder, 'tiff-to-ozx-'));
  try {
    const tiff = join(folder, 'camera.tif');
    // Everything runs in processes of its own: a child's peak memory starts from its parent's. What was just written is
    // in the page cache for both.
    execFileSync(process.execPath, [self, 'make', tiff, '--planes', values.planes]);
    const run = (command: string, args: string[]): unknown =>
      JSON.parse(execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
    const ours = run(process.execPath, [self, 'convert', tiff, join(folder, 'ours.ozx')]);
    const script = fileURLToPath(new URL('tifffile_zarr.py', import.meta.url));
    const theirs = hasPeer() ? run(python, [script, tiff, join(folder, 'theirs.zarr')]) : undefined;
    console.log(JSON.stringify({ benchmark: 'tiff-to-ozx', planes, input: statSync(tiff).size, ours, theirs }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
