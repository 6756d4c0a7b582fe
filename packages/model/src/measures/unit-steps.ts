import type { Paths } from './paths.ts';

/** Steps over one frame, path by path: displacement, and the frame they begin at. */
export interface UnitSteps {
  /** Steps of path `p`: `offsets[p] .. offsets[p + 1] - 1`. */
  offsets: Uint32Array;
  frame: Int32Array;
  x: Float64Array;
  y: Float64Array;
  /** Zeros in the plane. */
  z: Float64Array;
  duration: Float64Array;
  length: Float64Array;
  /** False where z is to be left out of sums: it is 0 everywhere. */
  isDeep: boolean;
}

/** Takes the steps over one frame out of paths. */
export function unitSteps(paths: Paths): UnitSteps {
  const { offsets, rows, frame, x, y, z, time } = paths;
  const most = Math.max(0, rows.length - paths.count);
  const stepOffsets = new Uint32Array(paths.count + 1);
  const frames = new Int32Array(most);
  const across = new Float64Array(most);
  const down = new Float64Array(most);
  const deep = new Float64Array(most);
  const duration = new Float64Array(most);
  const length = new Float64Array(most);
  let at = 0;
  for (let path = 0; path < paths.count; path++) {
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const a = rows[i - 1]!;
      const b = rows[i]!;
      if (frame[b]! - frame[a]! !== 1) continue;
      const dx = x[b]! - x[a]!;
      const dy = y[b]! - y[a]!;
      const dz = z[b]! - z[a]!;
      frames[at] = frame[a]!;
      across[at] = dx;
      down[at] = dy;
      deep[at] = dz;
      length[at] = Math.sqrt(dx * dx + dy * dy + dz * dz);
      duration[at++] = time[b]! - time[a]!;
    }
    stepOffsets[path + 1] = at;
  }
  return {
    offsets: stepOffsets,
    frame: frames.subarray(0, at),
    x: across.subarray(0, at),
    y: down.subarray(0, at),
    z: deep.subarray(0, at),
    duration: duration.subarray(0, at),
    length: length.subarray(0, at),
    isDeep: paths.dimensions === 3,
  };
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
