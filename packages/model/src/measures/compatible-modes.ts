import type { TrackSet } from '../track-set.ts';
import { type MeasureDefinition, measureDefinitions, type MeasureUnit, spellUnit } from './definitions.ts';
import { lagSums, type MsdPoint, trackpyMsd } from './msd.ts';
import { measurePaths, type PathMeasureColumn } from './path-measures.ts';
import { type PathOptions, type Paths, pathsOf } from './paths.ts';
import { type TrackMateFeatures, trackMateTracks } from './trackmate-features.ts';

/** Whose definitions are followed: our own, or those of a program whose numbers are at hand to compare with. */
export type MeasureMode = 'micrarium' | 'trackmate' | 'trackpy';

/** All modes, our own first. */
export const measureModes: readonly MeasureMode[] = ['micrarium', 'trackmate', 'trackpy'];

/** A mode that follows another program. */
export type CompatibleMode = Exclude<MeasureMode, 'micrarium'>;

/** Longest lag of trackpy's `emsd` where nobody says another (`max_lagtime`), in frames. */
const trackpyMaxLag = 100;

type Row = [name: keyof TrackMateFeatures, unit: MeasureUnit, formula: string, undefinedWhen?: string];

const noDuration = 'no duration';

const trackMateRows: readonly Row[] = [
  ['NUMBER_SPOTS', 'none', 'spots of the track, all branches together'],
  ['NUMBER_GAPS', 'none', 'edges over more than one frame'],
  ['LONGEST_GAP', 'none', 'frames missed by the longest of them'],
  ['NUMBER_SPLITS', 'none', 'spots with at most one spot before and more than one after'],
  ['NUMBER_MERGES', 'none', 'spots with more than one spot before and at most one after'],
  ['NUMBER_COMPLEX', 'none', 'spots with more than one spot before and after'],
  ['TRACK_DURATION', 'time', 'TRACK_STOP - TRACK_START'],
  ['TRACK_START', 'time', 'time of the first spot'],
  ['TRACK_STOP', 'time', 'time of the last spot'],
  [
    'TRACK_DISPLACEMENT',
    'length',
    'distance from the first spot to the last; of several last ones, the first in the file',
  ],
  ['TRACK_X_LOCATION', 'length', 'mean of x over the spots'],
  ['TRACK_Y_LOCATION', 'length', 'mean of y over the spots'],
  ['TRACK_Z_LOCATION', 'length', 'mean of z over the spots; 0 in the plane'],
  ['TRACK_MEAN_SPEED', 'length/time', 'mean over all edges of length / duration, branches and gaps included'],
  ['TRACK_MAX_SPEED', 'length/time', 'largest of them'],
  ['TRACK_MIN_SPEED', 'length/time', 'smallest of them'],
  ['TRACK_MEDIAN_SPEED', 'length/time', 'median of them; of an even number, the upper middle one'],
  ['TRACK_STD_SPEED', 'length/time', 'their standard deviation, with N - 1', 'one edge'],
  ['TOTAL_DISTANCE_TRAVELED', 'length', 'sum of the lengths of all edges, branches included'],
  ['MAX_DISTANCE_TRAVELED', 'length', 'largest distance of a spot from the first'],
  ['CONFINEMENT_RATIO', 'none', 'TRACK_DISPLACEMENT / TOTAL_DISTANCE_TRAVELED', 'the track has no length'],
  ['MEAN_STRAIGHT_LINE_SPEED', 'length/time', 'TRACK_DISPLACEMENT / TRACK_DURATION', noDuration],
  [
    'LINEARITY_OF_FORWARD_PROGRESSION',
    'none',
    'MEAN_STRAIGHT_LINE_SPEED / TRACK_MEAN_SPEED',
    'the track has no length',
  ],
  [
    'MEAN_DIRECTIONAL_CHANGE_RATE',
    'radian/time',
    'mean over edges behind exactly one other of the angle between both / duration of the later one',
    'no edge behind another',
  ],
];

const trackMateDefinitions = trackMateRows.map(
  ([name, unit, formula, undefinedWhen]): MeasureDefinition => ({
    id: `trackmate.${name}`,
    version: 1,
    level: 'track',
    unit,
    title: name,
    formula,
    ...(undefinedWhen ? { undefinedWhen } : {}),
    source: 'TrackMate 8, feature analyzers of tracks',
  }),
);

const diagonal = measureDefinitions.get('bounding_diagonal')!;

/** What is measured in each mode that follows another program, by id: `trackmate.` or `trackpy.` and the name it has there. */
export const compatibleDefinitions: ReadonlyMap<string, MeasureDefinition> = new Map(
  [
    ...trackMateDefinitions,
    {
      ...diagonal,
      id: 'trackpy.diagonal_size',
      title: 'diagonal_size',
      source: 'trackpy.motion.diagonal_size, pos_columns x and y, and z where it varies',
    },
    {
      ...measureDefinitions.get('msd_trackpy')!,
      id: 'trackpy.emsd',
      title: 'emsd',
      source: 'trackpy.motion.emsd, max_lagtime 100; Qian, Sheetz, Elson 1991, eq. B4',
    },
  ].map((definition) => [definition.id, definition]),
);

/** What a program would say of a set. */
export interface CompatibleMeasures {
  mode: CompatibleMode;
  /** What a row of the columns is: a track with all of its branches (TrackMate), or a path (trackpy's particle). */
  level: 'track' | 'path';
  /** Rows of the columns. */
  count: number;
  /** Of each row: the track it lies in, as `buildTrackGraph` counts them. */
  track: Int32Array;
  /** Of each row: its earliest object, as a row of the object table. */
  first: Uint32Array;
  /** Ids are those of `compatibleDefinitions`; NaN stands for undefined. */
  columns: PathMeasureColumn[];
  /** `trackpy.emsd`, lag 1 first, up to its 100 frames; empty in other modes. `n` counts particles. */
  msd: MsdPoint[];
  units: { length: string; time: string };
}

/**
 * Measures a set as another program defines them (motility-measures, sections 2 and 3), to hold its numbers against those already at hand.
 * Not for comparing sets: tracks with branches are taken as one path there.
 */
export function compatibleMeasures(set: TrackSet, mode: CompatibleMode, options: PathOptions = {}): CompatibleMeasures {
  const paths = pathsOf(set, options);
  const units = { length: paths.lengthUnit, time: paths.timeUnit };
  return mode === 'trackmate' ? asTrackMate(set, paths, units) : asTrackpy(paths, units);
}

function asTrackMate(set: TrackSet, paths: Paths, units: CompatibleMeasures['units']): CompatibleMeasures {
  const found = trackMateTracks(set, paths.time);
  const columns = trackMateDefinitions.map(({ id, title, version, unit }) => ({
    id,
    version,
    unit: spellUnit(unit, units.length, units.time),
    values: Float64Array.from(found, ({ features }) => finite(features[title as keyof TrackMateFeatures])),
  }));
  const first = Uint32Array.from(found, ({ firstRow }) => firstRow);
  const track = Int32Array.from(found.keys());
  return { mode: 'trackmate', level: 'track', count: found.length, track, first, columns, msd: [], units };
}

function asTrackpy(paths: Paths, units: CompatibleMeasures['units']): CompatibleMeasures {
  const [sizes] = measurePaths(paths, { ids: ['bounding_diagonal'] });
  const longest = longestLag(paths);
  const msd = longest === 0 ? [] : trackpyMsd(paths, lagSums(paths, Math.min(trackpyMaxLag, longest)));
  return {
    mode: 'trackpy',
    level: 'path',
    count: paths.count,
    track: paths.track,
    first: Uint32Array.from({ length: paths.count }, (_, path) => paths.rows[paths.offsets[path]!]!),
    columns: [{ ...sizes!, id: 'trackpy.diagonal_size' }],
    msd,
    units,
  };
}

/** Frames between the ends of the path over the most frames. */
function longestLag({ count, offsets, rows, frame }: Paths): number {
  let longest = 0;
  for (let path = 0; path < count; path++)
    longest = Math.max(longest, frame[rows[offsets[path + 1]! - 1]!]! - frame[rows[offsets[path]!]!]!);
  return longest;
}

const finite = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);
