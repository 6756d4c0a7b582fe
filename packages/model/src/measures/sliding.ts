import { type PathMeasureColumn, type PathMeasureOptions, measurePaths } from './path-measures.ts';
import type { Paths } from './paths.ts';

/**
 * `sliding_<measure>(w)`: a measure of paths over every window of `steps` steps (steps + 1 detections) of a path, then the mean over
 * its windows (celltrackR staggered, CellTracksColab rolling): what makes paths of different lengths comparable. NaN where a path is
 * shorter than a window or no window has a value.
 * @throws RangeError where `steps` is no whole number above 0, or the id names no measure of paths
 */
export function slidingMeasure(
  paths: Paths,
  id: string,
  steps: number,
  options: Omit<PathMeasureOptions, 'ids'> = {},
): PathMeasureColumn {
  if (!Number.isSafeInteger(steps) || steps < 1) throw new RangeError('A window is a whole number of steps above 0.');
  const values = new Float64Array(paths.count).fill(Number.NaN);
  let about: Omit<PathMeasureColumn, 'values'> | undefined;
  // One path after the other: all windows of all paths at once would be as many rows as there are steps.
  for (let path = 0; path < paths.count; path++) {
    const [from, to] = [paths.offsets[path]!, paths.offsets[path + 1]!];
    const windows = Math.max(0, to - from - steps);
    if (windows === 0 && about) continue;
    const { values: found, ...rest } = measurePaths(windowsOf(paths, path, windows, steps), {
      ...options,
      ids: [id],
    })[0]!;
    about ??= rest;
    let [sum, n] = [0, 0];
    for (const value of found)
      if (!Number.isNaN(value)) {
        sum += value;
        n++;
      }
    if (n > 0) values[path] = sum / n;
  }
  about ??= withoutValues(measurePaths(paths, { ...options, ids: [id] })[0]!);
  return { ...about, id: `sliding_${id}(${steps})`, values };
}

function withoutValues({ values: _values, ...about }: PathMeasureColumn): Omit<PathMeasureColumn, 'values'> {
  return about;
}

function windowsOf(paths: Paths, path: number, windows: number, steps: number): Paths {
  const from = paths.offsets[path]!;
  const rows = new Uint32Array(windows * (steps + 1));
  for (let window = 0; window < windows; window++)
    rows.set(paths.rows.subarray(from + window, from + window + steps + 1), window * (steps + 1));
  return {
    ...paths,
    count: windows,
    offsets: Uint32Array.from({ length: windows + 1 }, (_, window) => window * (steps + 1)),
    rows,
    track: new Int32Array(windows).fill(paths.track[path]!),
  };
}
