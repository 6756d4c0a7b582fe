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
 * Groups of pixels (touching by a side or a corner, as the strokes of small digits do) of exactly the largest value of a plane; with `part` below 1, of at least that part of
 * it, where one of the group has nearly it, as letters with soft edges have. `undefined` where that value is no mark: it covers more
 * than a tenth of the plane, or stands alone in more groups than marks would.
 */
export function marksOf({ width, height, values }: GreyPlane, part = 1): Mark[] | undefined {
  let top = -Infinity;
  for (const value of values) if (value > top) top = value;
  const least = top * part;
  const bright = part < 1 ? top * 0.9 : top;
  let count = 0;
  for (const value of values) if (value >= least) count++;
  if (count > values.length / 10 || top <= 0) return undefined;
  const seen = new Uint8Array(values.length);
  const marks: Mark[] = [];
  const stack: number[] = [];
  for (let start = 0; start < values.length; start++) {
    if (values[start]! < least || seen[start]) continue;
    if (marks.length >= mostMarks) return undefined;
    let [left, right, upper, lower, pixels] = [width, 0, height, 0, 0];
    let hasTop = false;
    stack.push(start);
    seen[start] = 1;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const [x, y] = [at % width, Math.floor(at / width)];
      pixels++;
      hasTop ||= values[at]! >= bright;
      left = Math.min(left, x);
      right = Math.max(right, x);
      upper = Math.min(upper, y);
      lower = Math.max(lower, y);
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++)
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
          const next = row * width + column;
          if (seen[next] || values[next]! < least) continue;
          seen[next] = 1;
          stack.push(next);
        }
    }
    if (hasTop) marks.push({ x: left, y: upper, width: right - left + 1, height: lower - upper + 1, pixels });
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
 * at most 1.6 times as wide as high (two digits may touch), each thinner than its box as strokes are (10 hundredths of it to `mostFilled`).
 */
export function letters(marks: readonly Mark[], plane: GreyPlane, mostFilled = 0.85): Mark[] | undefined {
  const glyphs = marks
    .filter(
      (mark) =>
        mark.height >= 6 &&
        mark.height <= Math.min(80, plane.height / 6) &&
        mark.width <= mark.height * 1.6 &&
        mark.pixels <= mark.width * mark.height * (mark.width <= mark.height / 3 ? 1 : mostFilled) &&
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
    const count = row.length + (row.length === 3 && hasColon(row, marks) ? 1 : 0);
    if (count >= 4 && row.some(({ width, height }) => width > height / 3)) return row;
  }
  return undefined;
}

/** Do two dots of one size stand one above the other between letters of a row, as in a time? Two of its digits may touch. */
function hasColon(row: readonly Mark[], marks: readonly Mark[]): boolean {
  const [first, last] = [row[0]!, row.at(-1)!];
  const dots = marks.filter(
    (mark) =>
      mark.pixels === mark.width * mark.height &&
      Math.max(mark.width, mark.height) <= Math.max(2, first.height / 3) &&
      mark.x > first.x + first.width &&
      mark.x + mark.width < last.x &&
      mark.y > first.y &&
      mark.y + mark.height <= first.y + first.height,
  );
  return dots.some((dot) =>
    dots.some(({ x, y, width, height }) => y > dot.y && x === dot.x && width === dot.width && height === dot.height),
  );
}

/**
 * How much larger steps are at every eighth column, and at every eighth row, than elsewhere; the smaller of the two, 1 where
 * there is no grid. JPEG leaves 1.25 and more at usual qualities. `undefined` for planes too small or too flat to tell.
 */
export function gridOfEight({ width, height, values }: GreyPlane): number | undefined {
  if (width < 64 || height < 64) return undefined;
  const across = new Float64Array(8);
  const down = new Float64Array(8);
  for (let y = 1; y < height; y++)
    for (let x = 1; x < width; x++) {
      const at = y * width + x;
      across[x % 8]! += Math.abs(values[at]! - values[at - 1]!);
      down[y % 8]! += Math.abs(values[at]! - values[at - width]!);
    }
  const ratios = [across, down].map((sums) => {
    const means = [...sums].map((sum) => (sum * 8) / ((width - 1) * (height - 1)));
    const others = means.slice(1);
    const elsewhere = others.reduce((sum, mean) => sum + mean, 0) / 7;
    // Steps below half a grey level say nothing, and an edge of the object at one column is no grid.
    if (elsewhere < 0.3) return undefined;
    const ratio = means[0]! / elsewhere;
    return Math.max(...others) * 1.15 > means[0]! ? Math.min(1, ratio) : ratio;
  });
  return ratios[0] === undefined || ratios[1] === undefined ? undefined : Math.min(ratios[0], ratios[1]);
}
