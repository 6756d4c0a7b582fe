import type { Paths } from './paths.ts';

/** Positions put in, at most: a gap as long as frame numbers allow would fill the memory. */
const mostFilled = 20_000_000;

/** Positions that `interpolateGaps` would put in: frames that steps of paths pass over. */
export function missedFrames({ count, offsets, rows, frame }: Paths): number {
  let missed = 0;
  for (let path = 0; path < count; path++)
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++)
      missed += Math.max(0, frame[rows[i]!]! - frame[rows[i - 1]!]! - 1);
  return missed;
}

/**
 * The gap policy `interpolate`: the same paths with a position in every frame, those that were missed on the straight line between the
 * detections around them, at times evenly between theirs. Never done unless asked for: it makes paths straighter and speeds more even
 * than they were, so say it with the numbers. Rows of detections stay what they are; those put in come behind them.
 * @throws RangeError where more than 20 million positions would be put in
 */
export function interpolateGaps(paths: Paths): Paths {
  const missed = missedFrames(paths);
  if (missed === 0) return paths;
  if (missed > mostFilled)
    throw new RangeError(`${missed} positions are missing in gaps; no more than ${mostFilled} are put in.`);
  const known = paths.frame.length;
  const grown = (values: Float64Array) => {
    const all = new Float64Array(known + missed);
    all.set(values);
    return all;
  };
  const [x, y, z, time] = [grown(paths.x), grown(paths.y), grown(paths.z), grown(paths.time)];
  const frame = new Int32Array(known + missed);
  frame.set(paths.frame);
  const rows = new Uint32Array(paths.rows.length + missed);
  const offsets = new Uint32Array(paths.count + 1);
  let [at, next] = [0, known];
  for (let path = 0; path < paths.count; path++) {
    for (let i = paths.offsets[path]!; i < paths.offsets[path + 1]!; i++) {
      const b = paths.rows[i]!;
      const a = i > paths.offsets[path]! ? paths.rows[i - 1]! : b;
      const span = frame[b]! - frame[a]!;
      for (let step = 1; step < span; step++) {
        const share = step / span;
        for (const values of [x, y, z, time]) values[next] = values[a]! + (values[b]! - values[a]!) * share;
        frame[next] = frame[a]! + step;
        rows[at++] = next++;
      }
      rows[at++] = b;
    }
    offsets[path + 1] = at;
  }
  return { ...paths, offsets, rows, frame, x, y, z, time };
}
