import type { TrackSet } from '@micrarium/model';

/** Radius of an object whose size is not known, in pixels. */
const usualRadius = 3;
/** Most pixels of one label image. */
export const mostPixels = 2 ** 28;

/** Where objects lie in the label images: whole pixels, and the size of the images. */
export interface PixelPlan {
  width: number;
  height: number;
  depth: number;
  frames: number;
  /** Pixel of each object; -1 where it has no position. */
  x: Int32Array;
  y: Int32Array;
  z: Int32Array;
  radius: Float64Array;
  /** What was added to positions (in pixels) and frames so that nothing is below 0. */
  shift: { x: number; y: number; z: number; frame: number };
}

/** Places the objects of a set; `undefined` where the images would be too large. */
export function planPixels(set: TrackSet): PixelPlan | undefined {
  const { objects, provenance } = set;
  const { count } = objects;
  const isPixels = set.spaceUnit === undefined || set.spaceUnit === 'pixel';
  const size = isPixels ? {} : (provenance.pixelSize ?? {});
  const scale = { x: size.x ?? 1, y: size.y ?? size.x ?? 1, z: size.z ?? 1 };
  const plan: PixelPlan = {
    width: 0,
    height: 0,
    depth: 1,
    frames: 0,
    x: new Int32Array(count).fill(-1),
    y: new Int32Array(count).fill(-1),
    z: new Int32Array(count).fill(-1),
    radius: new Float64Array(count),
    shift: { x: 0, y: 0, z: 0, frame: 0 },
  };
  const radii = objects.columns.find(({ name, type }) => name.toLowerCase() === 'radius' && type !== 'string');
  const low = { x: 0, y: 0, z: 0, frame: 0 };
  const high = { x: 0, y: 0, z: 0, frame: 0 };
  const isPlaced = (row: number) =>
    Number.isFinite(objects.x[row]!) && Number.isFinite(objects.y[row]!) && Number.isFinite(objects.z?.[row] ?? 0);
  const pixel = (row: number, axis: 'x' | 'y' | 'z') => (objects[axis]?.[row] ?? 0) / scale[axis];
  for (let row = 0; row < count; row++) {
    const given = radii && radii.missing?.[row] !== 1 ? Number(radii.values[row]) / scale.x : Number.NaN;
    plan.radius[row] = given > 0 && given < 1000 ? given : usualRadius;
    low.frame = Math.min(low.frame, objects.frame[row]!);
    high.frame = Math.max(high.frame, objects.frame[row]!);
    if (!isPlaced(row)) continue;
    for (const axis of ['x', 'y', 'z'] as const) {
      const exact = pixel(row, axis);
      low[axis] = Math.min(low[axis], Math.round(exact));
      high[axis] = Math.max(high[axis], Math.round(exact));
    }
  }
  for (const axis of ['x', 'y', 'z', 'frame'] as const) plan.shift[axis] = low[axis] < 0 ? -low[axis] : 0;
  const known = provenance.imageSizes ?? {};
  plan.width = Math.max(high.x + plan.shift.x + 1, known.x ?? high.x + plan.shift.x + 1 + usualRadius);
  plan.height = Math.max(high.y + plan.shift.y + 1, known.y ?? high.y + plan.shift.y + 1 + usualRadius);
  plan.depth = objects.z ? Math.max(high.z + plan.shift.z + 1, known.z ?? 1) : 1;
  plan.frames = Math.max(high.frame + plan.shift.frame + 1, Math.min(known.t ?? 0, 100_000));
  if (!(plan.width * plan.height * plan.depth <= mostPixels) || plan.frames > 100_000) return undefined;
  for (let row = 0; row < count; row++) {
    if (!isPlaced(row)) continue;
    plan.x[row] = Math.round(pixel(row, 'x')) + plan.shift.x;
    plan.y[row] = Math.round(pixel(row, 'y')) + plan.shift.y;
    plan.z[row] = Math.round(pixel(row, 'z')) + plan.shift.z;
  }
  return plan;
}

/**
 * Draws the objects of one frame: discs that give way to each other, and for every object at least one pixel of its own.
 * @param pixels of the whole image, all 0 when given
 * @param onPixel told of every pixel that gets a label; of one that gets two, of the last
 */
export function drawLabels(
  plan: PixelPlan,
  rows: readonly number[],
  labelOf: Uint32Array,
  pixels: Uint16Array | Uint32Array,
  onPixel?: (at: number, row: number) => void,
): void {
  const { width, height, depth } = plan;
  const placed = rows.filter((row) => plan.x[row]! >= 0);
  const centres = new Map<number, number>();
  for (const row of placed) {
    let at = (plan.z[row]! * height + plan.y[row]!) * width + plan.x[row]!;
    // Objects in the same pixel: the later takes the next free one.
    for (let step = 0; centres.has(at) && step < pixels.length; step++) at = (at + 1) % (width * height * depth);
    centres.set(at, row);
    pixels[at] = labelOf[row]!;
  }
  for (const [at, row] of centres) {
    onPixel?.(at, row);
    const x = at % width;
    const y = Math.floor(at / width) % height;
    const plane = at - y * width - x;
    const radius = plan.radius[row]!;
    const reach = Math.floor(radius);
    for (let dy = -Math.min(reach, y); dy <= reach && y + dy < height; dy++)
      for (let dx = -Math.min(reach, x); dx <= reach && x + dx < width; dx++) {
        const target = plane + (y + dy) * width + x + dx;
        if (dx * dx + dy * dy > radius * radius || pixels[target] !== 0) continue;
        pixels[target] = labelOf[row]!;
        onPixel?.(target, row);
      }
  }
}
