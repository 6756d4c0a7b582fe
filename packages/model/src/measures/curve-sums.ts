import { lengthOf } from './hull.ts';
import type { LagSums } from './msd.ts';
import type { PathSums } from './path-draws.ts';
import type { Paths } from './paths.ts';
import { correlateSteps } from './step-correlations.ts';
import type { UnitSteps } from './unit-steps.ts';

/** What each path adds to `msd_pooled`: lag 1 first. */
export const pooledMsdSums = ({ maxLag, sum, pairs }: LagSums): PathSums => ({ slots: maxLag, sum, count: pairs });

/** What each path adds to `msd_pathmean`: its own time average, once. */
export function pathMeanMsdSums({ maxLag, sum, pairs }: LagSums): PathSums {
  return {
    slots: maxLag,
    sum: sum.map((total, at) => (pairs[at] === 0 ? 0 : total / pairs[at]!)),
    count: Uint8Array.from(pairs, (n) => (n === 0 ? 0 : 1)),
  };
}

/** What each path adds to the correlations of steps, lag 0 first; lag 0 of directions is left empty. */
export function correlationSums(
  paths: Paths,
  steps: UnitSteps,
  maxLag: number,
): { direction: PathSums; velocity: PathSums } {
  const slots = maxLag + 1;
  const empty = () => ({
    slots,
    sum: new Float64Array(paths.count * slots),
    count: new Uint32Array(paths.count * slots),
  });
  const found = { direction: empty(), velocity: empty() };
  for (let path = 0; path < paths.count; path++) {
    const [from, to] = [steps.offsets[path]!, steps.offsets[path + 1]!];
    if (from === to) continue;
    const own = correlateSteps({ ...steps, offsets: Uint32Array.of(from, to) }, Math.min(maxLag, to - from));
    for (const kind of ['direction', 'velocity'] as const) {
      found[kind].sum.set(own[kind].sum, path * slots);
      found[kind].count.set(own[kind].pairs, path * slots);
    }
  }
  return found;
}

/** What each path adds to the directionality ratio, lag 1 first. */
export function directionalitySums({ count, offsets, rows, frame, x, y, z }: Paths, maxLag: number): PathSums {
  const sum = new Float64Array(count * maxLag);
  const seen = new Uint8Array(count * maxLag);
  for (let path = 0; path < count; path++) {
    const first = rows[offsets[path]!]!;
    let length = 0;
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const [a, b] = [rows[i - 1]!, rows[i]!];
      length += lengthOf(x[b]! - x[a]!, y[b]! - y[a]!, z[b]! - z[a]!);
      const lag = frame[b]! - frame[first]!;
      if (lag < 1 || lag > maxLag || length === 0) continue;
      sum[path * maxLag + lag - 1]! += lengthOf(x[b]! - x[first]!, y[b]! - y[first]!, z[b]! - z[first]!) / length;
      seen[path * maxLag + lag - 1]!++;
    }
  }
  return { slots: maxLag, sum, count: seen };
}

/** What each path adds to the mean speed of each frame; `slots` in the order of `frames`. */
export function speedSums({ offsets, frame, length, duration }: UnitSteps, frames: readonly number[]): PathSums {
  const placeOf = new Map(frames.map((at, place) => [at, place]));
  const sum = new Float64Array(length.length);
  const count = new Uint8Array(length.length);
  const slot = Uint32Array.from(frame, (at) => placeOf.get(at) ?? 0);
  for (let step = 0; step < length.length; step++) {
    if (!(duration[step]! > 0) || !placeOf.has(frame[step]!)) continue;
    sum[step] = length[step]! / duration[step]!;
    count[step] = 1;
  }
  return { slots: frames.length, sum, count, offsets, slot };
}

/** What each path adds to the share of steps with a component along y: `biased_step_fraction`. */
export function biasedStepSums({ offsets, y }: UnitSteps): PathSums {
  return {
    slots: 1,
    sum: Float64Array.from(y, (along) => (along > 0 ? 1 : 0)),
    count: new Uint8Array(y.length).fill(1),
    offsets,
    slot: new Uint32Array(y.length),
  };
}

/** What each path adds to the shares of `overlap`, lag 1 first. */
export function overlapSums(
  { count, offsets, rows, frame, x, y, z }: Paths,
  distance: number,
  maxLag: number,
): PathSums {
  const sum = new Float64Array(count * maxLag);
  const all = new Uint32Array(count * maxLag);
  for (let path = 0; path < count; path++)
    for (let i = offsets[path]!; i < offsets[path + 1]!; i++)
      for (let j = i + 1; j < offsets[path + 1]!; j++) {
        const [a, b] = [rows[i]!, rows[j]!];
        const lag = frame[b]! - frame[a]!;
        if (lag > maxLag) break;
        if (lag < 1) continue;
        const at = path * maxLag + lag - 1;
        all[at]!++;
        const square = (x[b]! - x[a]!) ** 2 + (y[b]! - y[a]!) ** 2 + (z[b]! - z[a]!) ** 2;
        if (square < distance * distance) sum[at]!++;
      }
  return { slots: maxLag, sum, count: all };
}

/** Displacement from the first to the last detection of each path of two or more; NaN of others. */
export function netDisplacements({ count, offsets, rows, x, y }: Paths): { x: Float64Array; y: Float64Array } {
  const found = { x: new Float64Array(count).fill(Number.NaN), y: new Float64Array(count).fill(Number.NaN) };
  for (let path = 0; path < count; path++) {
    if (offsets[path + 1]! - offsets[path]! < 2) continue;
    const [first, last] = [rows[offsets[path]!]!, rows[offsets[path + 1]! - 1]!];
    found.x[path] = x[last]! - x[first]!;
    found.y[path] = y[last]! - y[first]!;
  }
  return found;
}
