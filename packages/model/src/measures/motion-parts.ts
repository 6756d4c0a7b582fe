import type { TrackSet } from '../track-set.ts';
import { type Lineages, lineagesOf } from './lineage.ts';
import { defaultMaxLag } from './msd.ts';
import type { PathDraws } from './path-draws.ts';
import type { Paths } from './paths.ts';
import { correlateSteps, type StepCorrelations } from './step-correlations.ts';
import { type UnitSteps, unitSteps } from './unit-steps.ts';

/** What both the summary and the curves of a set rest on, made once for both. */
export interface MotionParts {
  /** Longest lag of curves, in frames. */
  maxLag: number;
  steps: UnitSteps;
  correlations: StepCorrelations;
  lineages: Lineages;
  /** Draws of paths for intervals of means; absent where none are wanted. */
  draws?: PathDraws;
}

/** Longest lag of curves, in frames: beyond it a table is no longer read. */
const mostLags = 200;

/** Makes the parts of a set. @param paths as `pathsOf` gives them for the set */
export function motionParts(set: TrackSet, paths: Paths): MotionParts {
  const { count, frame } = set.objects;
  const { time, frameInterval } = paths;
  const maxLag = Math.min(mostLags, defaultMaxLag(paths));
  const steps = unitSteps(paths);
  return {
    maxLag,
    steps,
    correlations: correlateSteps(steps, maxLag),
    lineages: lineagesOf({ count, frame, edges: set.edges, time, frameInterval }),
  };
}
