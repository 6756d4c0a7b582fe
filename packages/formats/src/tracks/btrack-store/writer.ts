import type { TrackSet } from '@micrarium/model';
import { type Hdf5GroupNode, type Hdf5Node, numberArray, writeHdf5 } from '../../containers/hdf5/write-hdf5.ts';
import { lossReport } from '../loss/report.ts';
import type { TrackWriter } from '../track-reader.ts';
import { type StorePlan, lineageOf, planStore } from './plan.ts';
import { narrowestFloat } from './planned-features.ts';
import { surviving, versionOf } from './surviving.ts';

/**
 * Writes stores of btrack as its `HDF5FileHandler` (0.6) lays them out: each set is a kind of object, `obj_type_1`,
 * `obj_type_2`... Single precision, as btrack has it, where that loses nothing, else double. The table of lineage is
 * called `LBEPR`, with six columns: under that name the handler looks for it.
 */
export const btrackStoreWriter: TrackWriter = {
  layout: 'file',
  extension: '.h5',
  losses: (sets) => lossReport(sets, survivingSets(sets)),
  surviving: survivingSets,
  async write(sets, sink, { signal, onProgress } = {}) {
    const out = await sink.create('');
    const objects = new Map<string, Hdf5GroupNode>();
    const tracks = new Map<string, Hdf5GroupNode>();
    for (const [i, set] of sets.entries()) {
      const plan = planStore(set);
      objects.set(kindName(i), objectGroup(plan));
      tracks.set(kindName(i), trackGroup(plan, i + 1));
    }
    const members = new Map([
      ['objects', { members: objects }],
      ['tracks', { members: tracks }],
    ]);
    await writeHdf5({ members }, async (bytes) => {
      signal?.throwIfAborted();
      await out.write(bytes);
    });
    await out.close();
    onProgress?.(1);
  },
};

const kindName = (index: number) => `obj_type_${index + 1}`;

function survivingSets(sets: readonly TrackSet[]) {
  return sets.map((set, i) => surviving(planStore(set), sets.length > 1 ? kindName(i) : set.name));
}

/** t, x, y, z and the kind of some rows. */
function coordinates({ objects }: TrackSet, rows: Uint32Array, kind: number): Hdf5Node {
  const axes = [objects.frame, objects.x, objects.y, objects.z];
  const type = narrowestFloat(
    rows,
    axes.map((axis) => (row: number) => axis?.[row] ?? 0),
  );
  return numberArray(type, [rows.length, 5], (place) => {
    const axis = place % 5;
    return axis === 4 ? kind : (axes[axis]?.[rows[Math.floor(place / 5)]!] ?? 0);
  });
}

function objectGroup({ set, order, real, features }: StorePlan): Hdf5GroupNode {
  const rows = order.subarray(0, real);
  // btrack writes 0 for the kind of objects, and the number of the kind for dummies.
  const members = new Map<string, Hdf5Node>([['coords', coordinates(set, rows, 0)]]);
  const frames = frameMap(set, rows);
  if (frames) members.set('map', frames);
  const { labels, properties } = features;
  if (labels.length > 0)
    members.set(
      'labels',
      numberArray(labels[0]!.kind, [real, labels.length], (place) =>
        labels[place % labels.length]!.valueOf(rows[Math.floor(place / labels.length)]!),
      ),
    );
  if (properties.length > 0)
    members.set('properties', {
      members: new Map(
        properties.map(({ name, kind, valueOf }) => [
          name,
          numberArray(kind, [real], (place) => valueOf(rows[place]!)),
        ]),
      ),
    });
  return { members };
}

/** A film has no more frames than this; a map of more would be larger than the objects. */
const mostFrames = 1_000_000;

/** First object of each frame and the one behind its last; btrack does not need it, and it is left out of odd films. */
function frameMap({ objects }: TrackSet, rows: Uint32Array): Hdf5Node | undefined {
  const frame = (at: number) => objects.frame[rows[at]!]!;
  const frames = rows.length === 0 ? 0 : frame(rows.length - 1) + 1;
  if (frames > mostFrames || (rows.length > 0 && frame(0) < 0)) return undefined;
  const ends = new Uint32Array(frames);
  for (let at = 0; at < rows.length; at++) ends[frame(at)] = at + 1;
  for (let at = 1; at < frames; at++) ends[at] = Math.max(ends[at]!, ends[at - 1]!);
  return numberArray('uint32', [frames, 2], (place) => {
    const at = Math.floor(place / 2);
    return place % 2 === 1 ? ends[at]! : at === 0 ? 0 : ends[at - 1]!;
  });
}

function trackGroup(plan: StorePlan, kind: number): Hdf5GroupNode {
  const { set, order, real, tracks } = plan;
  const placeOf = new Uint32Array(set.objects.count);
  for (const [place, row] of order.entries()) placeOf[row] = place;
  const refs = Int32Array.from(
    tracks.flatMap(({ members }) => members),
    (row) => (placeOf[row]! < real ? placeOf[row]! : real - placeOf[row]! - 1),
  );
  let end = 0;
  const ends = tracks.map(({ members }) => (end += members.length));
  const lineage = tracks.map((track) => lineageOf(track, set));
  const members = new Map<string, Hdf5Node>([
    ['tracks', numberArray('int32', [refs.length], (place) => refs[place]!)],
    ['map', numberArray('uint32', [tracks.length, 2], (place) => ends[Math.floor(place / 2) - 1 + (place % 2)] ?? 0)],
    ['LBEPR', numberArray('int32', [tracks.length, 6], (place) => lineage[Math.floor(place / 6)]![place % 6]!)],
    ['fates', numberArray('int32', [tracks.length], (place) => tracks[place]!.fate)],
  ]);
  if (order.length > real) members.set('dummies', coordinates(set, order.subarray(real), kind));
  const version = versionOf(set);
  return { members, ...(version === undefined ? {} : { attributes: { version } }) };
}
