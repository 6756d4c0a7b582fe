/** A plane as the rules look at it: one number a pixel. */
export interface GreyPlane {
  width: number;
  height: number;
  values: Float32Array;
}

/** A connected group of pixels of the largest value. */
export interface Mark {
  x: number;
  y: number;
  width: number;
  height: number;
  pixels: number;
}

/** More groups than this are grain, not marks. */
const mostMarks = 20_000;

/**
 * Groups of pixels (touching by a side) of exactly the largest value of a plane. `undefined` where that value is no mark:
 * it covers more than a tenth of the plane, or stands alone in more groups than marks would.
 */
export function marksOf({ width, height, values }: GreyPlane): Mark[] | undefined {
  let top = -Infinity;
  for (const value of values) if (value > top) top = value;
  let count = 0;
  for (const value of values) if (value === top) count++;
  if (count > values.length / 10 || top <= 0) return undefined;
  const seen = new Uint8Array(values.length);
  const marks: Mark[] = [];
  const stack: number[] = [];
  for (let start = 0; start < values.length; start++) {
    if (values[start] !== top || seen[start]) continue;
    if (marks.length >= mostMarks) return undefined;
    let [left, right, upper, lower, pixels] = [width, 0, height, 0, 0];
    stack.push(start);
    seen[start] = 1;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const [x, y] = [at % width, Math.floor(at / width)];
      pixels++;
      left = Math.min(left, x);
      right = Math.max(right, x);
      upper = Math.min(upper, y);
      lower = Math.max(lower, y);
      for (const [next, inside] of [
        [at - 1, x > 0],
        [at + 1, x + 1 < width],
        [at - width, y > 0],
        [at + width, y + 1 < height],
      ] as const) {
        if (!inside || seen[next] || values[next] !== top) continue;
        seen[next] = 1;
        stack.push(next);
      }
    }
    marks.push({ x: left, y: upper, width: right - left + 1, height: lower - upper + 1, pixels });
  }
  return marks;
}

/** Does a mark lie within the outer fifth of the plane, where people put scale bars and times? */
function isNearEdge(mark: Mark, { width, height }: GreyPlane): boolean {
  const [x, y] = [mark.x + mark.width / 2, mark.y + mark.height / 2];
  return (
    y < height / 5 || y > (height * 4) / 5 || ((x < width / 5 || x > (width * 4) / 5) && mark.height < height / 10)
  );
}

/**
 * A scale bar: a full rectangle of exactly the largest value near an edge, at least 5 times as wide as high, between 3
 * and 60 hundredths of the width long and at least 2 pixels high.
 */
export function scaleBar(marks: readonly Mark[], plane: GreyPlane): Mark | undefined {
  return marks.find(
    (mark) =>
      mark.pixels === mark.width * mark.height &&
      mark.height >= 2 &&
      mark.height <= Math.max(4, plane.height / 15) &&
      mark.width >= Math.max(12, 5 * mark.height, plane.width * 0.03) &&
      mark.width <= plane.width * 0.6 &&
      isNearEdge(mark, plane),
  );
}

/**
 * A row of letters near an edge: at least 4 groups of 6 to 80 pixels height that stand on one line (tops and bottoms
 * within a tenth of the height), one beside the other without touching, none farther from the next than two heights,
 * each thinner than its box as strokes are (10 to 85 hundredths of it).
 */
export function letters(marks: readonly Mark[], plane: GreyPlane): Mark[] | undefined {
  const glyphs = marks
    .filter(
      (mark) =>
        mark.height >= 6 &&
        mark.height <= Math.min(80, plane.height / 6) &&
        mark.width <= mark.height * 1.5 &&
        mark.pixels <= mark.width * mark.height * (mark.width <= mark.height / 3 ? 1 : 0.85) &&
        mark.pixels >= mark.width * mark.height * 0.1 &&
        isNearEdge(mark, plane),
    )
    .toSorted((a, b) => a.x - b.x);
  for (const first of glyphs) {
    const slack = Math.max(1, Math.round(first.height / 10));
    const row = [first];
    for (const next of glyphs) {
      const last = row.at(-1)!;
      const gap = next.x - (last.x + last.width);
      const isLevel =
        Math.abs(next.y - first.y) <= slack && Math.abs(next.y + next.height - first.y - first.height) <= slack;
      if (isLevel && gap >= 1 && gap <= 2 * first.height) row.push(next);
    }
    if (row.length >= 4 && row.some(({ width, height }) => width > height / 3)) return row;
  }
  return undefined;
}

/**
 * How much larger steps are at every eighth column and row than elsewhere: 1 where there is no grid. JPEG leaves 1.3 and
 * more at usual qualities. `undefined` for planes too small or too flat to tell.
 */
export function gridOfEight({ width, height, values }: GreyPlane): number | undefined {
  if (width < 64 || height < 64) return undefined;
  const sums = new Float64Array(8);
  const counts = new Float64Array(8);
  for (let y = 0; y < height; y++)
    for (let x = 1; x < width; x++) {
      const at = y * width + x;
      sums[x % 8]! += Math.abs(values[at]! - values[at - 1]!);
      counts[x % 8]!++;
    }
  for (let y = 1; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      sums[y % 8]! += Math.abs(values[at]! - values[at - width]!);
      counts[y % 8]!++;
    }
  const means = [...sums].map((sum, n) => sum / counts[n]!);
  const others = means.slice(1);
  const elsewhere = others.reduce((sum, mean) => sum + mean, 0) / 7;
  // Steps below half a grey level say nothing, and an edge of the object at one column is no grid.
  if (elsewhere < 0.3 || Math.max(...others) > elsewhere * 1.15) return undefined;
  return means[0]! / elsewhere;
}
