import { indexFrames } from './frames.ts';
import type { PathSums } from './path-draws.ts';
import type { Paths } from './paths.ts';
import { type UnitSteps, unitSteps } from './unit-steps.ts';

/** Mean velocity by place, all frames together: where the population flows. */
export interface VelocityField {
  /** Width and height of a cell, in length units. */
  cell: number;
  /** Cells that hold steps; x and y are their centres, vx and vy means over their steps, in length by time. */
  cells: { x: number; y: number; vx: number; vy: number; n: number }[];
}

/** Cells along the longer side. */
const cellsAlong = 24;

/** `velocity field` in the plane: steps over one frame by the cell they begin in. `null` where nothing extends. */
export function velocityField(paths: Paths, steps = unitSteps(paths)): VelocityField | null {
  const { rows, offsets, frame, x, y } = paths;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const row of rows) {
    left = Math.min(left, x[row]!);
    right = Math.max(right, x[row]!);
    top = Math.min(top, y[row]!);
    bottom = Math.max(bottom, y[row]!);
  }
  const cell = Math.max(right - left, bottom - top) / cellsAlong;
  if (!(cell > 0 && Number.isFinite(cell))) return null;
  const sums = new Float64Array((cellsAlong + 1) ** 2 * 3);
  for (let path = 0, step = 0; path < paths.count; path++)
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const row = rows[i - 1]!;
      if (frame[rows[i]!]! - frame[row]! !== 1) continue;
      const duration = steps.duration[step]!;
      const at = (Math.floor((y[row]! - top) / cell) * (cellsAlong + 1) + Math.floor((x[row]! - left) / cell)) * 3;
      if (duration > 0) {
        sums[at]! += steps.x[step]! / duration;
        sums[at + 1]! += steps.y[step]! / duration;
        sums[at + 2]!++;
      }
      step++;
    }
  const cells: VelocityField['cells'] = [];
  for (let at = 0; at < sums.length / 3; at++) {
    const n = sums[at * 3 + 2]!;
    if (n === 0) continue;
    const column = at % (cellsAlong + 1);
    const line = (at - column) / (cellsAlong + 1);
    cells.push({
      x: left + (column + 0.5) * cell,
      y: top + (line + 0.5) * cell,
      vx: sums[at * 3]! / n,
      vy: sums[at * 3 + 1]! / n,
      n,
    });
  }
  return { cell, cells };
}

/** `velocity_fluctuation`: root mean square of the velocities of steps without the mean velocity of their frame. `null` of nothing. */
export function velocityFluctuation(steps: UnitSteps): number | null {
  const { sum, count } = fluctuationSums(steps);
  let [squares, n] = [0, 0];
  for (let i = 0; i < sum.length; i++) {
    squares += sum[i]!;
    n += count[i]!;
  }
  return n === 0 ? null : Math.sqrt(squares / n);
}

/** What each path adds to the mean square under `velocity_fluctuation`; the mean velocity of a frame is that of all paths. */
export function fluctuationSums({ offsets, frame, x, y, z, duration }: UnitSteps): PathSums {
  const { frames, placeOf } = indexFrames(frame);
  const means = new Float64Array(frames.length * 4);
  const isTimed = (i: number) => duration[i]! > 0;
  for (let i = 0; i < x.length; i++) {
    if (!isTimed(i)) continue;
    const at = placeOf[i]! * 4;
    means[at]! += x[i]! / duration[i]!;
    means[at + 1]! += y[i]! / duration[i]!;
    means[at + 2]! += z[i]! / duration[i]!;
    means[at + 3]!++;
  }
  for (let at = 0; at < means.length; at += 4) for (let axis = 0; axis < 3; axis++) means[at + axis]! /= means[at + 3]!;
  const sum = new Float64Array(x.length);
  const count = new Uint8Array(x.length);
  for (let i = 0; i < x.length; i++) {
    if (!isTimed(i)) continue;
    const at = placeOf[i]! * 4;
    const dt = duration[i]!;
    sum[i] = (x[i]! / dt - means[at]!) ** 2 + (y[i]! / dt - means[at + 1]!) ** 2 + (z[i]! / dt - means[at + 2]!) ** 2;
    count[i] = 1;
  }
  return { slots: 1, sum, count, offsets, slot: new Uint32Array(x.length) };
}
