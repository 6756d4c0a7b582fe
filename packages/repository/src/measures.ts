import {
  type CollectiveMotion,
  type CurveDefinition,
  curveDefinitions,
  type CurveName,
  type MotionCurves,
  type MotionSummary,
  type StudyItem,
} from '@micrarium/model';
import { readMotion, readPathColumns } from './motion.ts';
import type { DerivedStore } from './ports/derived-store.ts';

/** One path: an unbranched chain of detections (a link). Motility is measured per path, never over the branches of a track as if it were one. */
export interface PathMeasures {
  /** The computed track the path lies in. */
  track: number;
  /** Detections on the path. */
  objects: number;
  firstFrame: number;
  lastFrame: number;
  /** Time from the first to the last detection, in frames where no physical time is known; `null` where a time is missing. */
  duration: number | null;
  /** Sum of the lengths of all steps, gaps as one step. */
  pathLength: number | null;
  /** From the first position to the last. */
  netDisplacement: number | null;
  /** Mean over the steps over one frame of length by time; `null` where no step counts. */
  meanSpeed: number | null;
}

/** What the plots of a set draw. */
export interface Measures {
  frames: MotionCurves['objects'];
  tracks: PathMeasures[];
  units: { length: string; time: string; speed: string };
  summary: MotionSummary;
  curves: MotionCurves;
  collective: CollectiveMotion;
  /** What each curve and plot shows, by its name. */
  definitions: Record<CurveName, CurveDefinition>;
}

const columns = [
  'track_id',
  'n_detections',
  'first_frame',
  'last_frame',
  'duration',
  'path_length',
  'net_displacement',
  'mean_speed',
] as const;

/**
 * Measures of a set, as they were computed when it was taken in.
 * @param hasTracks false leaves the list of all paths empty: it is most of what a large set has to say
 * @throws NotThere, FormNotMade
 */
export async function measureItem(
  ports: { derived: DerivedStore },
  item: StudyItem,
  part = 0,
  hasTracks = true,
): Promise<Measures> {
  const { summary, curves, collective } = await readMotion(ports, item, part);
  const tracks = hasTracks ? await pathsOf(ports, item, part) : [];
  const { length, time } = summary.units;
  const units = { length, time, speed: `${length}/${time}` };
  const definitions = curveDefinitions(units);
  return { frames: curves.objects, tracks, units, summary, curves, collective, definitions };
}

async function pathsOf(ports: { derived: DerivedStore }, item: StudyItem, part: number): Promise<PathMeasures[]> {
  const path = await readPathColumns(ports, item, part, columns);
  const orNull = (value: number) => (Number.isFinite(value) ? value : null);
  return Array.from(
    path.track_id,
    (track, row): PathMeasures => ({
      track,
      objects: path.n_detections[row]!,
      firstFrame: path.first_frame[row]!,
      lastFrame: path.last_frame[row]!,
      duration: orNull(path.duration[row]!),
      pathLength: orNull(path.path_length[row]!),
      netDisplacement: orNull(path.net_displacement[row]!),
      meanSpeed: orNull(path.mean_speed[row]!),
    }),
  );
}
