/** Points up to which they are sorted by insertion, and taking their hull to find their largest distance does not pay. */
export const fewPoints = 64;

/** Most points between which every distance is looked at. */
const mostPairs = 20_000;

/** Convex hulls of points in the plane, one after the other, in buffers that are used again (Andrew's monotone chain, 1979). */
export class PlanarHull {
  /** Corners of the last hull, counter-clockwise with y up; only the first `corners` count. */
  x = new Float64Array(fewPoints);
  y = new Float64Array(fewPoints);
  corners = 0;
  private order = new Uint32Array(fewPoints);

  /** Takes the hull of the first `count` points. */
  take(x: ArrayLike<number>, y: ArrayLike<number>, count: number): void {
    if (this.order.length < count) this.order = new Uint32Array(count * 2);
    // Both chains hold every point of a straight line.
    if (this.x.length < 2 * count) [this.x, this.y] = [new Float64Array(count * 4), new Float64Array(count * 4)];
    this.corners = 0;
    if (count === 0) return;
    const order = sorted(this.order.subarray(0, count), x, y);
    for (let n = 0, start = 0; n < count; n++) this.add(x[order[n]!]!, y[order[n]!]!, start);
    this.corners--;
    const start = this.corners;
    for (let n = count - 1; n >= 0; n--) this.add(x[order[n]!]!, y[order[n]!]!, start);
    this.corners--;
    // Of a single point each chain is only its own end.
    if (this.corners === 0) this.corners = 1;
  }

  /** Adds a point to the chain that begins at a corner; corners that would lie inside go. */
  private add(px: number, py: number, start: number): void {
    const { x, y } = this;
    let n = this.corners;
    for (; n - start > 1; n--) {
      const ox = x[n - 2]!;
      const oy = y[n - 2]!;
      if (!((x[n - 1]! - ox) * (py - oy) - (y[n - 1]! - oy) * (px - ox) <= 0)) break;
    }
    x[n] = px;
    y[n] = py;
    this.corners = n + 1;
  }

  /** Area of the last hull (shoelace formula), never negative. */
  area(): number {
    const { x, y, corners } = this;
    let twice = 0;
    for (let i = 0; i < corners; i++) {
      const next = i + 1 === corners ? 0 : i + 1;
      twice += x[i]! * y[next]! - x[next]! * y[i]!;
    }
    return Math.abs(twice) / 2;
  }
}

/** Fills `order` with its own places, by x, then by y. */
function sorted(order: Uint32Array, x: ArrayLike<number>, y: ArrayLike<number>): Uint32Array {
  if (order.length > fewPoints) {
    for (let n = 0; n < order.length; n++) order[n] = n;
    return order.sort((a, b) => x[a]! - x[b]! || y[a]! - y[b]!);
  }
  for (let n = 0; n < order.length; n++) {
    const px = x[n]!;
    const py = y[n]!;
    let at = n;
    for (; at > 0; at--) {
      const before = order[at - 1]!;
      if (!((x[before]! - px || y[before]! - py) > 0)) break;
      order[at] = before;
    }
    order[at] = n;
  }
  return order;
}

/** Largest squared distance between two of the first `count` points; z is 0 where left out. NaN as in `largestDistance`. */
export function largestSquare(x: Float64Array, y: Float64Array, z: Float64Array | undefined, count: number): number {
  if (count > mostPairs) return Number.NaN;
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const px = x[i]!;
    const py = y[i]!;
    const pz = z ? z[i]! : 0;
    for (let j = i + 1; j < count; j++) {
      let square = (px - x[j]!) ** 2 + (py - y[j]!) ** 2;
      if (z) square += (pz - z[j]!) ** 2;
      if (square > largest) largest = square;
    }
  }
  return largest;
}
