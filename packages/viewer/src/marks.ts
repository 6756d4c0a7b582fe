import type { ImageDescription, Quantity } from '@micrarium/model';

/** A place in the image, in pixels of the full size (0 = centre of the first pixel). */
export interface ImagePoint {
  x: number;
  y: number;
}

/** What can be measured by points: an angle (end, apex, end) or an area (the corners of a polygon). */
export const markKinds = ['angle', 'area'] as const;

/** A measured angle or area. */
export interface Mark {
  kind: (typeof markKinds)[number];
  /** Of an angle: one end, the apex, the other end. Of an area: the corners in order; the last is joined to the first. */
  points: readonly ImagePoint[];
}

/** Most marks a view holds: more than that is work for a table, and no address is longer than this makes it. */
export const mostMarks = 50;
/** Most corners of an area. */
export const mostCorners = 100;

/** Has a mark all points that it needs? */
export function isWhole({ kind, points }: Mark): boolean {
  return kind === 'angle' ? points.length === 3 : points.length >= 3 && points.length <= mostCorners;
}

/** What is measured of a mark. */
export interface MarkMeasure {
  /** The angle in degrees (0 to 180), or the area. */
  value: Quantity;
  /** Length of the outline of an area. */
  perimeter?: Quantity;
  /** Where it lies: of an angle the apex, of an area the centre of mass, in image pixels. */
  at: ImagePoint;
}

/** Size of a pixel along both axes where the image gives both in one unit, else a pixel is one pixel. */
function pixelSize({ voxelSize }: Pick<ImageDescription, 'voxelSize'>): { x: number; y: number; unit: string } {
  const { x, y } = voxelSize ?? {};
  return x && y && x.unit === y.unit ? { x: x.value, y: y.value, unit: x.unit } : { x: 1, y: 1, unit: 'pixel' };
}

/**
 * Measures an angle in degrees, or an area with its outline, in the unit of the image where it gives the size of a pixel for
 * both axes in one unit, else in pixels. Pixels that are not square are allowed for. An area whose outline crosses itself is what
 * its parts give with their signs.
 */
export function measureMark({ kind, points }: Mark, image: Pick<ImageDescription, 'voxelSize'>): MarkMeasure {
  const size = pixelSize(image);
  const places = points.map(({ x, y }) => ({ x: x * size.x, y: y * size.y }));
  if (kind === 'angle') {
    const [one, apex, other] = places as [ImagePoint, ImagePoint, ImagePoint];
    return { value: { value: degreesBetween(one, apex, other), unit: 'degree' }, at: points[1]! };
  }
  let [twice, alongX, alongY, length] = [0, 0, 0, 0];
  for (const [at, here] of places.entries()) {
    const next = places[(at + 1) % places.length]!;
    const cross = here.x * next.y - next.x * here.y;
    twice += cross;
    alongX += (here.x + next.x) * cross;
    alongY += (here.y + next.y) * cross;
    length += Math.hypot(next.x - here.x, next.y - here.y);
  }
  const middle = twice === 0 ? places[0]! : { x: alongX / (3 * twice), y: alongY / (3 * twice) };
  return {
    value: { value: Math.abs(twice) / 2, unit: `${size.unit}^2` },
    perimeter: { value: length, unit: size.unit },
    at: { x: middle.x / size.x, y: middle.y / size.y },
  };
}

function degreesBetween(one: ImagePoint, apex: ImagePoint, other: ImagePoint): number {
  const [ax, ay, bx, by] = [one.x - apex.x, one.y - apex.y, other.x - apex.x, other.y - apex.y];
  // Of cross and dot product: exact near 0 and 180 degrees, where the arc cosine is not.
  return (Math.atan2(Math.abs(ax * by - ay * bx), ax * bx + ay * by) * 180) / Math.PI;
}

/** A mark as the address has it: `angle:x1,y1,x2,y2,x3,y3`. */
export function writeMark({ kind, points }: Mark): string {
  const short = (value: number) => Number(value.toPrecision(6));
  return `${kind}:${points.flatMap(({ x, y }) => [short(x), short(y)]).join(',')}`;
}

/** The mark an address names; `undefined` where it is malformed. */
export function readMark(text: string): Mark | undefined {
  const [, name, listed = ''] = /^(\w+):(.*)$/s.exec(text) ?? [];
  const kind = markKinds.find((one) => one === name);
  const numbers = listed.split(',').map((part) => (part === '' ? Number.NaN : Number(part)));
  if (!kind || numbers.length % 2 === 1 || !numbers.every(Number.isFinite)) return undefined;
  const points = Array.from({ length: numbers.length / 2 }, (_, at) => ({
    x: numbers[2 * at]!,
    y: numbers[2 * at + 1]!,
  }));
  const mark: Mark = { kind, points };
  return isWhole(mark) ? mark : undefined;
}
