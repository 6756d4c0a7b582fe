import { measureDefinitions, spellUnit } from './definitions.ts';
import { angleBetween, lengthOf } from './hull.ts';
import type { PathMeasureColumn } from './path-measures.ts';
import type { Paths } from './paths.ts';

/** Objects up to which every step and every life of a set has a row of a stored table: of more, the tables would be as large as the set. */
export const mostTabledObjects = 5_000_000;

/** Measures of single steps, in the order tables show them. */
export const stepMeasureIds = [
  'speed',
  'heading',
  'turning_angle',
  'signed_turning_angle',
  'relative_turning_rate',
] as const;

/** The steps of some paths, one after the other, with their measures. */
export interface MeasuredSteps {
  count: number;
  /** Per step: the path it lies on. */
  path: Uint32Array;
  /** Rows of the objects it begins and ends at. */
  from: Uint32Array;
  to: Uint32Array;
  /** Frames it spans: over more than one it is a gap. */
  frames: Uint32Array;
  /** Ids are `stepMeasureIds`; NaN stands for undefined, also of every step over a gap. */
  columns: PathMeasureColumn[];
}

/**
 * Measures every step: `speed`, `heading`, and the turn from the step before it (`turning_angle`, in the plane `signed_turning_angle`, and
 * `relative_turning_rate`). Steps over a gap are there, and have none.
 * @param range first path and the one after the last; all where left out
 */
export function measureSteps(paths: Paths, [first, end]: readonly [number, number] = [0, paths.count]): MeasuredSteps {
  const { offsets, rows, frame, x, y, z, time, dimensions } = paths;
  const count = offsets[end]! - offsets[first]! - (end - first);
  const [path, from, to, frames] = [0, 0, 0, 0].map(() => new Uint32Array(count)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const values = stepMeasureIds.map(() => new Float64Array(count).fill(Number.NaN));
  const [speed, heading, turn, signed, rate] = values as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let at = 0;
  for (let one = first; one < end; one++) {
    let before: readonly [number, number, number] | undefined;
    for (let i = offsets[one]! + 1; i < offsets[one + 1]!; i++, at++) {
      const [a, b] = [rows[i - 1]!, rows[i]!];
      const step = [x[b]! - x[a]!, y[b]! - y[a]!, z[b]! - z[a]!] as const;
      const span = frame[b]! - frame[a]!;
      path[at] = one;
      from[at] = a;
      to[at] = b;
      frames[at] = Math.max(0, span);
      const length = lengthOf(...step);
      const dt = time[b]! - time[a]!;
      if (span === 1) {
        if (dt > 0) speed[at] = length / dt;
        if (step[0] !== 0 || step[1] !== 0) heading[at] = Math.atan2(step[1], step[0]);
      }
      if (span !== 1 || length === 0) {
        before = undefined;
        continue;
      }
      if (before) {
        turn[at] = angleBetween(...before, ...step);
        if (dimensions === 2)
          signed[at] = Math.atan2(before[0] * step[1] - before[1] * step[0], before[0] * step[0] + before[1] * step[1]);
        if (dt > 0) rate[at] = turn[at]! / dt;
      }
      before = step;
    }
  }
  const columns = stepMeasureIds.map((id, column): PathMeasureColumn => {
    const { version, unit, gapPolicy } = measureDefinitions.get(id)!;
    const spelt = spellUnit(unit, paths.lengthUnit, paths.timeUnit);
    return { id, version, unit: spelt, ...(gapPolicy ? { gapPolicy } : {}), values: values[column]! };
  });
  return { count, path, from, to, frames, columns };
}
