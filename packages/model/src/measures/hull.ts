/** Length of a vector. `Math.hypot` guards against overflow that positions never come near, at ten times the price. */
export function lengthOf(dx: number, dy: number, dz: number): number {
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}

/** Corners of the convex hull of points in the plane, counter-clockwise with y up (Andrew's monotone chain, 1979). */
export function convexHull(x: ArrayLike<number>, y: ArrayLike<number>): { x: number; y: number }[] {
  const points = Array.from({ length: x.length }, (_, i) => ({ x: x[i]!, y: y[i]! }));
  points.sort((a, b) => a.x - b.x || a.y - b.y);
  const turn = (o: (typeof points)[0], a: (typeof points)[0], b: (typeof points)[0]) =>
    (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
  const half = (ordered: typeof points): typeof points => {
    const chain: typeof points = [];
    for (const point of ordered) {
      while (chain.length > 1 && turn(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop();
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  const lower = half(points);
  const upper = half(points.reverse());
  const hull = [...lower, ...upper];
  return hull.length > 0 ? hull : points.slice(0, 1);
}

/** Area of a polygon (shoelace formula), never negative. */
export function polygonArea(corners: readonly { x: number; y: number }[]): number {
  let twice = 0;
  for (let i = 0; i < corners.length; i++) {
    const [a, b] = [corners[i]!, corners[(i + 1) % corners.length]!];
    twice += a.x * b.y - b.x * a.y;
  }
  return Math.abs(twice) / 2;
}

/** Most points between which every distance is looked at. */
const mostPairs = 20_000;

/**
 * Largest distance between two of the points; in the plane between corners of the convex hull, which hold it.
 * NaN where too many points would have to be compared.
 */
export function largestDistance(x: Float64Array, y: Float64Array, z: Float64Array, isPlanar: boolean): number {
  let [px, py, pz] = [x, y, z];
  if (isPlanar && x.length > 64) {
    const hull = convexHull(x, y);
    px = Float64Array.from(hull, (corner) => corner.x);
    py = Float64Array.from(hull, (corner) => corner.y);
    pz = new Float64Array(hull.length);
  }
  if (px.length > mostPairs) return Number.NaN;
  let largest = 0;
  for (let i = 0; i < px.length; i++)
    for (let j = i + 1; j < px.length; j++) {
      const square = (px[i]! - px[j]!) ** 2 + (py[i]! - py[j]!) ** 2 + (pz[i]! - pz[j]!) ** 2;
      if (square > largest) largest = square;
    }
  return Math.sqrt(largest);
}

/** Eigenvalues of a symmetric 2 × 2 or 3 × 3 matrix, given as [xx, xy, yy] or [xx, xy, xz, yy, yz, zz] (3 × 3: Smith 1961, Commun. ACM 4:168). */
export function symmetricEigenvalues(matrix: readonly number[]): number[] {
  if (matrix.length === 3) {
    const [xx, xy, yy] = matrix as [number, number, number];
    const centre = (xx + yy) / 2;
    const reach = Math.hypot((xx - yy) / 2, xy);
    return [centre + reach, centre - reach];
  }
  const [xx, xy, xz, yy, yz, zz] = matrix as [number, number, number, number, number, number];
  const off = xy * xy + xz * xz + yz * yz;
  if (off === 0) return [xx, yy, zz].sort((a, b) => b - a);
  const q = (xx + yy + zz) / 3;
  const p = Math.sqrt(((xx - q) ** 2 + (yy - q) ** 2 + (zz - q) ** 2 + 2 * off) / 6);
  const [a, b, c] = [(xx - q) / p, (yy - q) / p, (zz - q) / p];
  const [d, e, f] = [xy / p, xz / p, yz / p];
  const determinant = a * (b * c - f * f) - d * (d * c - f * e) + e * (d * f - b * e);
  const angle = Math.acos(Math.min(1, Math.max(-1, determinant / 2))) / 3;
  const first = q + 2 * p * Math.cos(angle);
  const last = q + 2 * p * Math.cos(angle + (2 * Math.PI) / 3);
  return [first, 3 * q - first - last, last];
}
