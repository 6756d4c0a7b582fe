/** A face of a hull: its corners, outwards counter-clockwise, and its plane. */
interface Face {
  a: number;
  b: number;
  c: number;
  nx: number;
  ny: number;
  nz: number;
  offset: number;
}

/** Points of which a hull is taken; each is held against every face there is. */
const mostPoints = 20_000;

/**
 * Volume of the convex hull of points in space: a tetrahedron that grows by one point after the other. 0 where all lie in
 * one plane; NaN for fewer than four points and for more than 20,000.
 */
export function hullVolume(x: ArrayLike<number>, y: ArrayLike<number>, z: ArrayLike<number>, count: number): number {
  if (count < 4 || count > mostPoints) return Number.NaN;
  const points = new Points(x, y, z, count);
  const first = points.tetrahedron();
  if (!first) return 0;
  let faces = first.faces;
  for (let p = 0; p < count; p++) {
    if (first.corners.includes(p)) continue;
    const seen = faces.filter((face) => points.above(face, p) > points.tolerance);
    if (seen.length === 0) continue;
    const edges = new Set(seen.flatMap(({ a, b, c }) => [a * count + b, b * count + c, c * count + a]));
    const isSeen = new Set(seen);
    faces = faces.filter((face) => !isSeen.has(face));
    // Where the seen faces end, new ones lead to the point.
    for (const edge of edges) {
      const from = Math.floor(edge / count);
      const to = edge % count;
      if (!edges.has(to * count + from)) faces.push(points.face(from, to, p));
    }
  }
  return points.volume(faces);
}

class Points {
  readonly tolerance: number;
  private readonly x: Float64Array;
  private readonly y: Float64Array;
  private readonly z: Float64Array;

  /** Moves the points to their first one, so that volumes of far-off hulls keep their digits. */
  constructor(x: ArrayLike<number>, y: ArrayLike<number>, z: ArrayLike<number>, count: number) {
    const moved = (values: ArrayLike<number>) =>
      Float64Array.from({ length: count }, (_, i) => values[i]! - values[0]!);
    [this.x, this.y, this.z] = [moved(x), moved(y), moved(z)];
    let reach = 0;
    for (let i = 0; i < count; i++)
      reach = Math.max(reach, Math.abs(this.x[i]!), Math.abs(this.y[i]!), Math.abs(this.z[i]!));
    this.tolerance = 1e-12 * reach;
  }

  face(a: number, b: number, c: number): Face {
    const { x, y, z } = this;
    const [ux, uy, uz] = [x[b]! - x[a]!, y[b]! - y[a]!, z[b]! - z[a]!];
    const [vx, vy, vz] = [x[c]! - x[a]!, y[c]! - y[a]!, z[c]! - z[a]!];
    const [nx, ny, nz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
    const unit = { nx: nx / length, ny: ny / length, nz: nz / length };
    return { a, b, c, ...unit, offset: unit.nx * x[a]! + unit.ny * y[a]! + unit.nz * z[a]! };
  }

  /** Distance of a point from the plane of a face, positive outside. */
  above({ nx, ny, nz, offset }: Face, p: number): number {
    return nx * this.x[p]! + ny * this.y[p]! + nz * this.z[p]! - offset;
  }

  /** Four points that do not lie in one plane, far from each other. */
  tetrahedron(): { corners: number[]; faces: Face[] } | undefined {
    const { x, y, z } = this;
    const b = this.farthest((i) => Math.hypot(x[i]!, y[i]!, z[i]!));
    // The first point is the origin.
    const [ex, ey, ez] = [x[b]!, y[b]!, z[b]!];
    const c = this.farthest((i) =>
      Math.hypot(ey * z[i]! - ez * y[i]!, ez * x[i]! - ex * z[i]!, ex * y[i]! - ey * x[i]!),
    );
    const base = this.face(0, b, c);
    const d = this.farthest((i) => Math.abs(this.above(base, i)));
    if (Math.abs(this.above(base, d)) <= this.tolerance) return undefined;
    const [p, q] = this.above(base, d) > 0 ? [c, b] : [b, c];
    return {
      corners: [0, b, c, d],
      faces: [this.face(0, p, q), this.face(0, q, d), this.face(q, p, d), this.face(p, 0, d)],
    };
  }

  private farthest(distance: (point: number) => number): number {
    let [best, most] = [0, -1];
    for (let i = 0; i < this.x.length; i++) {
      const at = distance(i);
      if (at > most) [best, most] = [i, at];
    }
    return best;
  }

  volume(faces: readonly Face[]): number {
    const { x, y, z } = this;
    let six = 0;
    for (const { a, b, c } of faces)
      six +=
        x[a]! * (y[b]! * z[c]! - z[b]! * y[c]!) +
        y[a]! * (z[b]! * x[c]! - x[b]! * z[c]!) +
        z[a]! * (x[b]! * y[c]! - y[b]! * x[c]!);
    return Math.abs(six) / 6;
  }
}
