import { memorySink } from '../packages/formats/src/images/ome-zarr/memory-sink.ts';
import { memorySource } from '../packages/formats/src/bytes/byte-source.ts';
import { trackSetReader } from '../packages/formats/src/tracks/from-sets.ts';
import { writeTrackTables } from '../packages/formats/src/tracks/parquet/write-tables.ts';
import type { TrackSet } from '../packages/model/src/track-set.ts';
import { ObjectSlabs } from '../packages/viewer/src/space/space-frame.ts';
import { readGraph } from '../packages/viewer/src/space/space-graph.ts';

/*
 * What the first frame of the 4D viewer costs: tables of objects as ingest writes them, and one time point read by ranges:
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

const [objects, frames] = [Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? 200)];
const sink = memorySink();
const item = { path: 'wanderers', files: [], tree: { entries: [] } } as never;
await writeTrackTables(trackSetReader([wanderers(objects, frames)]), item, sink);
const table = (name: string) => memorySource(name, sink.files.get(`${name}.parquet`)!);
const bytes = table('objects').size;

const started = performance.now();
const slabs = await ObjectSlabs.open(table('objects'));
const first = await slabs.frame(0, ['radius']);
const firstFrame = { seconds: (performance.now() - started) / 1000, ...slabs.table.traffic };
if (first.count !== Math.floor(objects / frames)) throw new Error(`the first frame has ${first.count} objects`);

// Any other frame, from nothing: it may lie across two row groups.
const again = await ObjectSlabs.open(table('objects'));
await again.frame(Math.floor(frames / 2), ['radius']);
const anyFrame = again.table.traffic;

const edgesStarted = performance.now();
const graph = await readGraph(slabs, table('edges'));
const edges = { count: graph!.count, seconds: (performance.now() - edgesStarted) / 1000, bytes: table('edges').size };
console.log(
  JSON.stringify({
    objects: slabs.table.rows,
    groups: slabs.table.groups.length,
    tableBytes: bytes,
    firstFrame: { ...firstFrame, share: firstFrame.bytes / bytes },
    anyFrame: { ...anyFrame, share: anyFrame.bytes / bytes },
    edges,
  }),
);
