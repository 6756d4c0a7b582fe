/** How times become frames. */
export interface FrameNumbering {
  /** Frame of each time that occurs, from 0. */
  frameOf: ReadonlyMap<number, number>;
  /** Usual step between times; `undefined` where there are fewer than two. */
  step: number | undefined;
  /** False where the times are not multiples of one step: frames then just count the times. */
  regular: boolean;
}

/**
 * Numbers times as frames: `round((t - first) / step)` with the median step, so that a missing time leaves a gap.
 * Times that do not lie on such a grid (a tenth or more of them off by a quarter step, or two on one frame) are
 * numbered in their order.
 */
export function numberTimes(times: ReadonlySet<number>): FrameNumbering {
  const sorted = Float64Array.from(times).sort();
  const first = sorted[0] ?? 0;
  const steps = sorted
    .subarray(1)
    .map((time, i) => time - sorted[i]!)
    .sort();
  // Differences of decimal fractions carry the rounding of both: 0.005 comes out as 0.0050000000000000044.
  const step = steps.length > 0 ? Number(steps[Math.floor(steps.length / 2)]!.toPrecision(12)) : undefined;
  const frameOf = new Map<number, number>();
  let off = 0;
  let last = -1;
  let regular = true;
  for (const time of sorted) {
    const exact = step ? (time - first) / step : 0;
    const frame = Math.round(exact);
    if (Math.abs(exact - frame) > 0.25) off++;
    if (frame === last || frame > 2 ** 31 - 1) regular = false;
    last = frame;
    frameOf.set(time, frame);
  }
  if (regular && off <= 0.1 * sorted.length) return { frameOf, step, regular: true };
  return { frameOf: new Map(Array.from(sorted, (time, i) => [time, i])), step, regular: false };
}
