import type { ImageDescription, PlaneIndex, Quantity } from '@micrarium/model';
import type { ImageSource } from './sources.ts';
import type { ViewState } from './view-state.ts';

/** A straight line in image pixels (0 = centre of the first pixel). */
export type MeasuredLine = NonNullable<ViewState['line']>;

/** Values along a line. */
export interface LineProfile {
  /** Distance of every sample from the start of the line, in pixels of the full size. */
  distance: Float64Array;
  /** Value of every sample, interpolated between the four nearest pixels; NaN outside the image. */
  values: Float64Array;
}

/** Most samples of a profile. */
const mostSamples = 2048;
/** Most pixels read for a profile; longer lines are read from a coarser level. */
const mostPixels = 4 * 2 ** 20;

/** Length of a line, in the unit of the image where it gives one pixel size for both axes in the same unit, else in pixels. */
export function lineLength(line: MeasuredLine, { voxelSize }: Pick<ImageDescription, 'voxelSize'>): Quantity {
  const [dx, dy] = [line.x2 - line.x1, line.y2 - line.y1];
  const { x, y } = voxelSize ?? {};
  if (!x || !y || x.unit !== y.unit) return { value: Math.hypot(dx, dy), unit: 'pixel' };
  return { value: Math.hypot(dx * x.value, dy * y.value), unit: x.unit };
}

/**
 * Values of a plane along a line. Only the rectangle around the line is read, from the finest level at which it is not too
 * large; at most two thousand samples are taken.
 */
export async function lineProfile(
  source: ImageSource,
  plane: PlaneIndex,
  line: MeasuredLine,
  signal?: AbortSignal,
): Promise<LineProfile> {
  const full = source.levels[0]!;
  const boxes = source.levels.map((level) =>
    boxAround(line, level.width / full.width, level.height / full.height, level),
  );
  const fits = boxes.findIndex((box) => box.width * box.height <= mostPixels);
  const level = fits < 0 ? boxes.length - 1 : fits;
  const box = boxes[level]!;
  const length = Math.hypot(line.x2 - line.x1, line.y2 - line.y1);
  const count = Math.min(mostSamples, Math.ceil(length * box.scaleX) + 1);
  const distance = Float64Array.from({ length: count }, (_, at) => (count > 1 ? (length * at) / (count - 1) : 0));
  const values = new Float64Array(count).fill(Number.NaN);
  if (box.width < 1 || box.height < 1) return { distance, values };
  const block = await source.readRegion(plane, box, level, signal);
  for (let at = 0; at < count; at++) {
    const share = count > 1 ? at / (count - 1) : 0;
    const x = levelPlace(line.x1 + share * (line.x2 - line.x1), box.scaleX) - box.x;
    const y = levelPlace(line.y1 + share * (line.y2 - line.y1), box.scaleY) - box.y;
    values[at] = interpolated(block.data as ArrayLike<number>, block.width, block.height, x, y);
  }
  return { distance, values };
}

/** A place of the full size on a coarser level: corners of pixels fall together, not their centres. */
function levelPlace(place: number, scale: number): number {
  return (place + 0.5) * scale - 0.5;
}

function boxAround(line: MeasuredLine, scaleX: number, scaleY: number, level: { width: number; height: number }) {
  const range = (a: number, b: number, scale: number, size: number): [number, number] => {
    const [low, high] = [levelPlace(Math.min(a, b), scale), levelPlace(Math.max(a, b), scale)];
    const from = Math.max(0, Math.floor(low));
    return [from, Math.min(size, Math.ceil(high) + 1) - from];
  };
  const [x, width] = range(line.x1, line.x2, scaleX, level.width);
  const [y, height] = range(line.y1, line.y2, scaleY, level.height);
  return { x, y, width, height, scaleX, scaleY };
}

/** The value between the four pixels around a place; within half a pixel of the border that of the border, beyond it NaN. */
function interpolated(values: ArrayLike<number>, width: number, height: number, x: number, y: number): number {
  if (!(x >= -0.5 && y >= -0.5 && x <= width - 0.5 && y <= height - 0.5)) return Number.NaN;
  const [cx, cy] = [Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y))];
  const [x0, y0] = [Math.floor(cx), Math.floor(cy)];
  const [x1, y1] = [Math.min(width - 1, x0 + 1), Math.min(height - 1, y0 + 1)];
  const [fx, fy] = [cx - x0, cy - y0];
  const at = (column: number, row: number) => Number(values[row * width + column]);
  return (at(x0, y0) * (1 - fx) + at(x1, y0) * fx) * (1 - fy) + (at(x0, y1) * (1 - fx) + at(x1, y1) * fx) * fy;
}
