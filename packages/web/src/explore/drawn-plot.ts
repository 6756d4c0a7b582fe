/** A place in a picture, in its pixels. */
export interface Spot {
  x: number;
  y: number;
}

/** A linear axis of a drawn plot. */
export interface DrawnScale {
  range?: readonly number[];
  apply?: (value: number) => number;
  invert?: (pixel: number) => number;
}

/** A drawn plot: Observable Plot hangs its scales and the value under the pointer on the picture. */
export interface DrawnPlot extends Element {
  value?: unknown;
  scale?: (name: string) => DrawnScale | undefined;
}

/** The dots within two corners of a plot with linear scales `x` and `y`. */
export function dotsWithin<Dot extends Spot>(dots: readonly Dot[], plot: DrawnPlot, a: Spot, b: Spot): Dot[] {
  const [across, up] = [plot.scale?.('x')?.invert, plot.scale?.('y')?.invert];
  if (!across || !up) return [];
  const [x0, x1] = [across(Math.min(a.x, b.x)), across(Math.max(a.x, b.x))];
  const [y0, y1] = [up(Math.max(a.y, b.y)), up(Math.min(a.y, b.y))];
  return dots.filter(({ x, y }) => x >= x0 && x <= x1 && y >= y0 && y <= y1);
}

/** The dot that is drawn nearest to a place of a plot. */
export function dotNearest<Dot extends Spot>(dots: readonly Dot[], plot: DrawnPlot, at: Spot): Dot | undefined {
  const [across, up] = [plot.scale?.('x')?.apply, plot.scale?.('y')?.apply];
  if (!across || !up) return undefined;
  let [nearest, least]: [Dot | undefined, number] = [undefined, Infinity];
  for (const dot of dots) {
    const square = (across(dot.x) - at.x) ** 2 + (up(dot.y) - at.y) ** 2;
    if (square < least) [nearest, least] = [dot, square];
  }
  return nearest;
}
