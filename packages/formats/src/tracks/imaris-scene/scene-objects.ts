import type { Hdf5Node } from '../../containers/hdf5/open-hdf5.ts';
import { sceneTable } from './scene-tables.ts';

/** Objects of a group of the scene, by column. */
export interface SceneObjects {
  kind: 'spot' | 'surface';
  ids: Float64Array;
  /** Zero-based; -1 where no time point is known. */
  frames: Int32Array;
  x: Float64Array;
  y: Float64Array;
  z: Float64Array;
  radius?: Float64Array;
  /** Further numbers of the table itself. */
  further: Map<string, Float64Array>;
}

/**
 * The spots or surfaces of a group; `undefined` where it has no positions.
 * @param timeOf time point of each object as the statistics have it, for surfaces
 * @param times how many time points the file has; 0 where it does not say
 */
export async function readSceneObjects(
  group: Hdf5Node,
  timeOf: ReadonlyMap<number, number>,
  times: number,
  signal?: AbortSignal,
): Promise<SceneObjects | undefined> {
  const spots = await readSpots(group, times, signal);
  return spots ?? readSurfaces(group, timeOf, times, signal);
}

async function readSpots(group: Hdf5Node, times: number, signal?: AbortSignal): Promise<SceneObjects | undefined> {
  const table = await sceneTable(group, 'Spot', signal);
  const [x, y, z] = ['PositionX', 'PositionY', 'PositionZ'].map((name) => table?.numbers.get(name));
  if (!table || !x || !y || !z) return undefined;
  const radius = table.numbers.get('Radius');
  const frames = new Int32Array(table.rows).fill(-1);
  const offsets = await sceneTable(group, 'SpotTimeOffset', signal);
  const [frame, begin, end] = ['ID', 'IndexBegin', 'IndexEnd'].map((name) => offsets?.numbers.get(name));
  // Ranges are places in the table of spots, not ids.
  for (let row = 0; frame && begin && end && row < frame.length; row++) {
    if (!(frame[row]! >= 0 && frame[row]! < 2 ** 31)) continue;
    frames.fill(frame[row]!, Math.max(0, begin[row]!), Math.max(0, Math.min(table.rows, end[row]!)));
  }
  if (!offsets && times <= 1) frames.fill(0);
  return { kind: 'spot', ids: idsOf(table), frames, x, y, z, ...(radius ? { radius } : {}), further: new Map() };
}

async function readSurfaces(
  group: Hdf5Node,
  timeOf: ReadonlyMap<number, number>,
  times: number,
  signal?: AbortSignal,
): Promise<SceneObjects | undefined> {
  const table = await sceneTable(group, 'SurfaceModelInfo', signal);
  const [x, y, z] = ['CenterOfMassX', 'CenterOfMassY', 'CenterOfMassZ'].map((name) => table?.numbers.get(name));
  if (!table || !x || !y || !z) return undefined;
  const model = await sceneTable(group, 'SurfaceModel', signal);
  const ids = table.numbers.has('ID') || model?.rows !== table.rows ? idsOf(table) : idsOf(model);
  // Statistics count time points from 0; files that never name 0 and do name the last one from 1.
  let first = Infinity;
  let last = 0;
  for (const time of timeOf.values()) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  const base = times > 0 && first > 0 && last === times ? 1 : 0;
  const frames = Int32Array.from(ids, (id) => {
    const time = timeOf.get(id);
    return time === undefined ? (times === 1 ? 0 : -1) : time - base;
  });
  const further = new Map<string, Float64Array>();
  for (const [name, values] of table.numbers)
    if (!/^(ID|CenterOfMass[XYZ]|Index.*|ID_.*)$/.test(name)) further.set(name, values);
  return { kind: 'surface', ids, frames, x, y, z, further };
}

function idsOf(table: { rows: number; numbers: ReadonlyMap<string, Float64Array> }): Float64Array {
  return table.numbers.get('ID') ?? Float64Array.from({ length: table.rows }, (_, row) => row);
}
