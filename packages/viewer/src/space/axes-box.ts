/** Extent along the three axes. */
export type SpaceExtent = readonly (readonly [number, number])[];

/**
 * The extent of what is drawn, from that of the middles of the objects: widened by the largest radius and by outlines. One
 * object without a size gets a box of one unit. Planar sets stay flat.
 * @param outlines smallest and largest coordinate of vertices along each axis, where known
 */
export function drawnExtent(
  middles: SpaceExtent,
  radius: number,
  outlines: readonly (readonly [number, number] | undefined)[],
  isPlanar: boolean,
): SpaceExtent {
  const size = radius > 0 && Number.isFinite(radius) ? radius : 0;
  const sides = middles.map(([low, high], axis): [number, number] => {
    if (isPlanar && axis === 2) return [0, 0];
    const [from, to] = outlines[axis] ?? [low, high];
    return [Math.min(low - size, from), Math.max(high + size, to)];
  });
  if (sides.some(([low, high]) => high > low)) return sides;
  return sides.map(([low, high], axis) => (isPlanar && axis === 2 ? [0, 0] : [low - 0.5, high + 0.5]));
}

/** The box around everything: its edges, its marks and what is written at them, in the coordinates of the set. */
export interface AxesBox {
  lines: { from: [number, number, number]; to: [number, number, number]; isGrid: boolean }[];
  labels: { at: [number, number, number]; words: string; axis: 0 | 1 | 2 }[];
}

/** Round steps of marks: 1, 2 or 5 times a power of ten, about `wanted` of them over a length. */
export function roundStep(length: number, wanted = 5): number {
  if (!(length > 0)) return 1;
  const rough = length / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

/** Marks at round values within a range. */
export function marksOf([low, high]: readonly [number, number], step: number): number[] {
  const marks: number[] = [];
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // A hundred marks are never wanted: a step that small comes from an absurd extent.
  for (let at = first; at <= Math.min(last, first + 100); at++) marks.push(Number((at * step).toPrecision(12)));
  return marks;
}

/**
 * The box around an extent with marks on a grid of round steps: one step for all axes that are of like length, so that squares of
 * the grid are squares. A flat extent has a floor and no walls.
 * @param write writes a number in the reader's way
 */
export function axesBox(extent: SpaceExtent, unit: string, write: (value: number) => string): AxesBox {
  const box: AxesBox = { lines: [], labels: [] };
  const [x, y, z] = extent as [readonly [number, number], readonly [number, number], readonly [number, number]];
  const longest = Math.max(x[1] - x[0], y[1] - y[0], z[1] - z[0]);
  const step = roundStep(longest);
  const line = (from: [number, number, number], to: [number, number, number], isGrid = false) =>
    box.lines.push({ from, to, isGrid });
  const floor = z[1];
  const corners: [number, number][] = [
    [x[0], y[0]],
    [x[1], y[0]],
    [x[1], y[1]],
    [x[0], y[1]],
  ];
  for (const [at, corner] of corners.entries()) {
    const next = corners[(at + 1) % 4]!;
    line([...corner, floor], [...next, floor]);
    if (z[1] > z[0]) {
      line([...corner, z[0]], [...next, z[0]], true);
      line([...corner, z[0]], [...corner, z[1]], true);
    }
  }
  const gap = longest * 0.04;
  const marks = [marksOf(x, step), marksOf(y, step)] as const;
  for (const mark of marks[0]) {
    line([mark, y[0], floor], [mark, y[1], floor], true);
    box.labels.push({ at: [mark, y[1] + gap, floor], words: write(mark), axis: 0 });
  }
  for (const mark of marks[1]) {
    line([x[0], mark, floor], [x[1], mark, floor], true);
    box.labels.push({ at: [x[0] - gap, mark, floor], words: write(mark), axis: 1 });
  }
  const name = (axis: string) => (unit === '' ? axis : `${axis} (${unit})`);
  box.labels.push({ at: [nameBetween(x, marks[0]), y[1] + gap * 2.4, floor], words: name('x'), axis: 0 });
  box.labels.push({ at: [x[0] - gap * 3, nameBetween(y, marks[1]), floor], words: name('y'), axis: 1 });
  if (z[1] > z[0]) {
    const zMarks = marksOf(z, z[1] - z[0] < step ? roundStep(z[1] - z[0], 2) : step);
    for (const mark of zMarks) box.labels.push({ at: [x[0] - gap, y[0] - gap, mark], words: write(mark), axis: 2 });
    const at = nameBetween(z, zMarks);
    box.labels.push({ at: [x[0] - gap * 2.4, y[0] - gap * 2.4, at], words: name('z'), axis: 2 });
  }
  return box;
}

/** How far beyond the box its marks and names reach, as a share of its longest side. */
export const nameMargin = 0.14;

/** Where the name of an axis does not run into a mark: halfway between the two neighbours that are farthest apart, near the middle. */
function nameBetween([low, high]: readonly [number, number], marks: readonly number[]): number {
  const middle = (low + high) / 2;
  const stops = [low, ...marks, high];
  let [best, room] = [middle, 0];
  for (let i = 1; i < stops.length; i++) {
    const [wide, at] = [stops[i]! - stops[i - 1]!, (stops[i]! + stops[i - 1]!) / 2];
    const isWider = wide > room * (1 + 1e-6);
    if (isWider || (wide > room * (1 - 1e-6) && Math.abs(at - middle) < Math.abs(best - middle)))
      [best, room] = [at, wide];
  }
  return best;
}
