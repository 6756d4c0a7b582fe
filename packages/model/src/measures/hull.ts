import { fewPoints, largestSquare, PlanarHull } from './planar-hull.ts';

/** Length of a vector. `Math.hypot` guards against overflow that positions never come near, at ten times the price. */
export function lengthOf(dx: number, dy: number, dz: number): number {
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}

/** Angle between two steps, 0 to pi; stable for nearly straight paths, where an arc cosine is not. */
export function angleBetween(ax: number, ay: number, az: number, bx: number, by: number, bz: number): number {
  const cross = lengthOf(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx);
  return Math.atan2(cross, ax * bx + ay * by + az * bz);
}

/** Corners of the convex hull of points in the plane, counter-clockwise with y up (Andrew's monotone chain, 1979). */
export function convexHull(x: ArrayLike<number>, y: ArrayLike<number>): { x: number; y: number }[] {
  const hull = new PlanarHull();
  hull.take(x, y, x.length);
  return Array.from({ length: hull.corners }, (_, i) => ({ x: hull.x[i]!, y: hull.y[i]! }));
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

/**
 * Largest distance between two of the points; in the plane between corners of the convex hull, which hold it.
 * NaN where too many points would have to be compared.
 */
export function largestDistance(x: Float64Array, y: Float64Array, z: Float64Array, isPlanar: boolean): number {
  if (!isPlanar || x.length <= fewPoints) return Math.sqrt(largestSquare(x, y, z, x.length));
  const hull = new PlanarHull();
  hull.take(x, y, x.length);
  return Math.sqrt(largestSquare(hull.x, hull.y, undefined, hull.corners));
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
