import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySink } from '../packages/formats/src/images/ome-zarr/memory-sink.ts';
import { fileSource } from '../packages/formats/src/bytes/node-file.ts';
import { trackSetReader } from '../packages/formats/src/tracks/from-sets.ts';
import { writeTrackTables } from '../packages/formats/src/tracks/parquet/write-tables.ts';
import type { TrackSet } from '../packages/model/src/track-set.ts';
import { ObjectSlabs } from '../packages/viewer/src/space/space-frame.ts';
import { readGraph } from '../packages/viewer/src/space/space-graph.ts';
import { answerOf, beside, costsSince, make } from './measured-process.ts';

/*
 * What the first frame of the 4D viewer costs: tables of objects as ingest writes them, and one time point read by ranges, in a process of its own:
 *   node benchmarks/space-first-frame.ts [objects] [frames]
 */

/** Spheres that wander, frame after frame, with a radius, two intensities and a track each. */
function wanderers(objects: number, frames: number): TrackSet {
  const cells = Math.floor(objects / frames);
  const count = cells * frames;
  let state = 1;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const column = () => new Float64Array(count);
  const [x, y, z, radius, green, red] = [column(), column(), column(), column(), column(), column()];
  const frame = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const isNew = row < cells;
    frame[row] = Math.floor(row / cells);
    x[row] = isNew ? random() * 1000 : x[row - cells]! + random() - 0.5;
    y[row] = isNew ? random() * 1000 : y[row - cells]! + random() - 0.5;
    z[row] = isNew ? random() * 200 : z[row - cells]! + random() - 0.5;
    radius[row] = 3 + 2 * random();
    green[row] = random() * 4096;
    red[row] = random() * 4096;
  }
  const edges = count - cells;
  return {
    name: 'wanderers',
    objects: {
      count,
      id: Float64Array.from({ length: count }, (_, row) => row),
      frame,
      x,
      y,
      z,
      columns: [
        { name: 'radius', type: 'float', unit: 'micrometer', values: radius },
        { name: 'green', type: 'float', values: green },
        { name: 'red', type: 'float', values: red },
      ],
      entity: 'sphere',
    },
    edges: {
      count: edges,
      source: Uint32Array.from({ length: edges }, (_, edge) => edge),
      target: Uint32Array.from({ length: edges }, (_, edge) => edge + cells),
      columns: [],
    },
    spaceUnit: 'micrometer',
    provenance: {},
  };
}

/** Writes the tables into a folder. */
async function writeTables(folder: string, objects: number, frames: number): Promise<void> {
  const sink = memorySink();
  const item = { path: 'wanderers', files: [], tree: { entries: [] } } as never;
  await writeTrackTables(trackSetReader([wanderers(objects, frames)]), item, sink);
  for (const name of ['objects', 'edges'])
    writeFileSync(join(folder, `${name}.parquet`), sink.files.get(`${name}.parquet`)!);
}

/** Reads the first frame, another one and all edges; prints what that took. */
async function readFrames(folder: string, objects: number, frames: number): Promise<void> {
  const table = (name: string) => fileSource(join(folder, `${name}.parquet`));
  const whole = await table('objects');
  const bytes = whole.size;
  const started = performance.now();
  const slabs = await ObjectSlabs.open(whole);
  const first = await slabs.frame(0, ['radius']);
  const firstFrame = { seconds: (performance.now() - started) / 1000, ...slabs.table.traffic };
  const { peakMegabytes } = costsSince(started);
  if (first.count !== Math.floor(objects / frames)) throw new Error(`the first frame has ${first.count} objects`);
  // Any other frame, from nothing: it may lie across two row groups.
  const again = await ObjectSlabs.open(await table('objects'));
  await again.frame(Math.floor(frames / 2), ['radius']);
  const anyFrame = again.table.traffic;
  const edgesStarted = performance.now();
  const graph = await readGraph(slabs, await table('edges'));
  const seconds = (performance.now() - edgesStarted) / 1000;
  const edges = { count: graph!.count, seconds, peakMegabytes: costsSince(edgesStarted).peakMegabytes };
  console.log(
    JSON.stringify({
      objects: slabs.table.rows,
      groups: slabs.table.groups.length,
      tableBytes: bytes,
      firstFrame: { ...firstFrame, peakMegabytes, share: firstFrame.bytes / bytes },
      anyFrame: { ...anyFrame, share: anyFrame.bytes / bytes },
      edges,
    }),
  );
}

const [given, part] = process.argv.slice(4);
const [objects, frames] = [Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? 200)];
if (given === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-frames-'));
  try {
    make('space-first-frame.ts', String(objects), String(frames), folder, 'write');
    const read = [beside('space-first-frame.ts'), String(objects), String(frames), folder, 'read'];
    console.log(JSON.stringify(answerOf(process.execPath, read)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else await (part === 'write' ? writeTables : readFrames)(given, objects, frames);
