import type { Paths } from './paths.ts';

/** Steps over one frame, path by path: displacement, and the frame they begin at. */
export interface UnitSteps {
  /** Steps of path `p`: `offsets[p] .. offsets[p + 1] - 1`. */
  offsets: Uint32Array;
  frame: Int32Array;
  x: Float64Array;
  y: Float64Array;
  z: Float64Array;
  duration: Float64Array;
}

/** Takes the steps over one frame out of paths. */
export function unitSteps(paths: Paths): UnitSteps {
  const { offsets, rows, frame, x, y, z, time } = paths;
  const most = Math.max(0, rows.length - paths.count);
  const steps: UnitSteps = {
    offsets: new Uint32Array(paths.count + 1),
    frame: new Int32Array(most),
    x: new Float64Array(most),
    y: new Float64Array(most),
    z: new Float64Array(most),
    duration: new Float64Array(most),
  };
  let at = 0;
  for (let path = 0; path < paths.count; path++) {
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const a = rows[i - 1]!;
      const b = rows[i]!;
      if (frame[b]! - frame[a]! !== 1) continue;
      steps.frame[at] = frame[a]!;
      steps.x[at] = x[b]! - x[a]!;
      steps.y[at] = y[b]! - y[a]!;
      steps.z[at] = z[b]! - z[a]!;
      steps.duration[at++] = time[b]! - time[a]!;
    }
    steps.offsets[path + 1] = at;
  }
  return steps;
}

/**
 * Calls back for every run of steps that follow each other without a gap, path by path: what happened in a gap is not
 * known, so no pair of steps reaches across.
 */
export function eachRun({ offsets, frame }: UnitSteps, run: (from: number, to: number) => void): void {
  for (let path = 0; path + 1 < offsets.length; path++) {
    const end = offsets[path + 1]!;
    for (let from = offsets[path]!, to = from + 1; from < end; from = to++) {
      while (to < end && frame[to]! - frame[to - 1]! === 1) to++;
      run(from, to);
    }
  }
}
