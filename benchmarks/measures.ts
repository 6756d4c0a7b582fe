import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { motionCurves, seededRandom, summariseMotion, type TrackSet, velocityCorrelation } from '@micrarium/model';
import { answerOf, beside, type Costs, costsSince, hasModules, python } from './measured-process.ts';

/*
 * Every measure and curve of how objects move (motility-measures, sections 1 to 5 and 7, no bootstrap), beside numpy,
 * pandas and scipy code of fewer of them, on the same columns:
 *   node benchmarks/measures.ts [objects] [tracks]
 * Measures of pairs of objects (velocity correlation within a radius) are timed apart.
 */

interface Measured extends Costs {
  tracks: number;
  pathLength: number;
  hullArea: number;
  msdOfLag5: number;
}

/** Columns of a persistent walk as bytes: track and frame as float64, x, y; tracks one after the other. */
async function makeColumns(path: string, objects: number, tracks: number): Promise<void> {
  const random = seededRandom(1);
  const length = Math.floor(objects / tracks);
  const columns = Array.from({ length: 4 }, () => new Float64Array(length * tracks));
  for (let track = 0, row = 0; track < tracks; track++) {
    let [x, y, heading] = [random() * 2000, random() * 2000, random() * 2 * Math.PI];
    for (let frame = 0; frame < length; frame++, row++) {
      columns[0]![row] = track;
      columns[1]![row] = frame;
      columns[2]![row] = x;
      columns[3]![row] = y;
      heading += (random() - 0.5) * 1.5;
      const step = 0.5 + random();
      x += step * Math.cos(heading);
      y += step * Math.sin(heading);
    }
  }
  const file = await open(path, 'w');
  for (const column of columns) await file.write(new Uint8Array(column.buffer));
  await file.close();
}

async function readSet(path: string): Promise<TrackSet> {
  const bytes = await readFile(path);
  const all = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  const count = all.length / 4;
  const [track, frame, x, y] = [0, 1, 2, 3].map((n) => all.subarray(n * count, (n + 1) * count));
  const source: number[] = [];
  for (let row = 1; row < count; row++) if (track![row] === track![row - 1]) source.push(row - 1);
  return {
    name: 'walk',
    objects: {
      count,
      id: Float64Array.from({ length: count }, (_, row) => row),
      frame: Int32Array.from(frame!),
      x: x!,
      y: y!,
      columns: [],
      entity: 'point',
    },
    edges: {
      count: source.length,
      source: Uint32Array.from(source),
      target: Uint32Array.from(source, (row) => row + 1),
      columns: [],
    },
    spaceUnit: 'micrometer',
    timeUnit: 'second',
    provenance: { frameInterval: 2 },
  };
}

async function measure(path: string): Promise<void> {
  const set = await readSet(path);
  const started = performance.now();
  const before = process.cpuUsage();
  const { paths, columns, summary, parts } = summariseMotion(set);
  motionCurves(set, paths, parts);
  const { user, system } = process.cpuUsage(before);
  // Without the start of the program and the reading of the columns, as on the other side.
  const costs = { ...costsSince(started), cpuSeconds: (user + system) / 1e6 };
  const sumOf = (id: string): number => columns.find((one) => one.id === id)!.values.reduce((sum, one) => sum + one, 0);
  const measured: Measured = {
    ...costs,
    tracks: paths.count,
    pathLength: sumOf('path_length'),
    hullArea: sumOf('hull_area'),
    msdOfLag5: summary.msd.pooled[4]?.msd ?? Number.NaN,
  };
  console.log(JSON.stringify(measured));
}

async function measurePairs(path: string): Promise<void> {
  const { paths } = summariseMotion(await readSet(path));
  const started = performance.now();
  velocityCorrelation(paths, 20, 2);
  console.log(JSON.stringify(costsSince(started)));
}

const [first = '1000000', second = '20000'] = process.argv.slice(2);
if (first === '--measure') await measure(second);
else if (first === '--pairs') await measurePairs(second);
else {
  const folder = await mkdtemp(join(tmpdir(), 'measures-'));
  try {
    const self = fileURLToPath(import.meta.url);
    const path = join(folder, 'walk.bin');
    await makeColumns(path, Number(first), Number(second));
    const ours = answerOf<Measured>(process.execPath, [self, '--measure', path]);
    const pairs = answerOf<Costs>(process.execPath, [self, '--pairs', path]);
    const theirs = hasModules('numpy', 'pandas', 'scipy.spatial')
      ? answerOf<Measured>(python, [beside('numpy_measures.py'), path])
      : undefined;
    if (theirs)
      for (const key of ['tracks', 'pathLength', 'hullArea', 'msdOfLag5'] as const)
        if (Math.abs(ours[key] - theirs[key]) > 1e-9 * Math.abs(theirs[key]))
          throw new Error(`${key}: ${ours[key]} and ${theirs[key]}`);
    console.log(JSON.stringify({ benchmark: 'measures', objects: Number(first), ours, pairs, theirs }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
