import type { Connectivity } from './pieces.ts';

/** East, south, west, north: steps along the edges between pixels. */
const steps = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/**
 * Outline of a piece along the outer edges of its pixels: vertices x, y interleaved, clockwise (y down), closed (the
 * first is repeated), in coordinates where the centre of the first pixel is (0, 0), so that edges lie at halves. The
 * area it encloses is that of the pixels and holes. Only corners are kept.
 * @param inside is the pixel of the piece? Asked for pixels outside the plane too
 * @param x, y the first pixel of the piece in reading order
 */
export function traceOutline(
  inside: (x: number, y: number) => boolean,
  x: number,
  y: number,
  connectivity: Connectivity = 8,
): number[] {
  const outline: number[] = [];
  let [cornerX, cornerY, direction] = [x, y, 0];
  do {
    const [dx, dy] = steps[direction]!;
    outline.push(cornerX - 0.5, cornerY - 0.5);
    let turned = 0;
    while (turned === 0) {
      cornerX += dx;
      cornerY += dy;
      turned = turnAt(inside, cornerX, cornerY, direction, connectivity);
    }
    direction = (direction + turned + 4) % 4;
  } while (cornerX !== x || cornerY !== y || direction !== 0);
  outline.push(outline[0]!, outline[1]!);
  return outline;
}

/** -1: left, 0: straight on, 1: right. The piece lies on the right hand. */
function turnAt(
  inside: (x: number, y: number) => boolean,
  cornerX: number,
  cornerY: number,
  direction: number,
  connectivity: Connectivity,
): number {
  // Pixels ahead of the corner, to the left and to the right of the way.
  const leftX = direction === 0 || direction === 1 ? cornerX : cornerX - 1;
  const leftY = direction === 1 || direction === 2 ? cornerY : cornerY - 1;
  const rightX = direction === 0 || direction === 3 ? cornerX : cornerX - 1;
  const rightY = direction === 0 || direction === 1 ? cornerY : cornerY - 1;
  const left = inside(leftX, leftY);
  const right = inside(rightX, rightY);
  if (left && (right || connectivity === 8)) return -1;
  return right ? 0 : 1;
}

/** Area, and centre, of the polygon of a closed outline, by Green's formula. The area is never negative. */
export function polygonMoments(outline: readonly number[]): { area: number; x: number; y: number } {
  let [twice, x, y] = [0, 0, 0];
  for (let i = 0; i + 3 < outline.length; i += 2) {
    const [x0, y0, x1, y1] = [outline[i]!, outline[i + 1]!, outline[i + 2]!, outline[i + 3]!];
    const cross = x0 * y1 - x1 * y0;
    twice += cross;
    x += (x0 + x1) * cross;
    y += (y0 + y1) * cross;
  }
  return { area: Math.abs(twice) / 2, x: x / (3 * twice), y: y / (3 * twice) };
}

/**
 * Outline of a piece through the centres of its border pixels, as OpenCV's `findContours` and the BD5 notebooks draw
 * it: vertices x, y interleaved, closed. It encloses less than the pixels; a piece one pixel wide has no area.
 * @param inside is the pixel of the piece?
 * @param x, y the first pixel of the piece in reading order
 */
export function traceBorderCentres(inside: (x: number, y: number) => boolean, x: number, y: number): number[] {
  // Moore's neighbours, clockwise from the west.
  const around = [
    [-1, 0],
    [-1, -1],
    [0, -1],
    [1, -1],
    [1, 0],
    [1, 1],
    [0, 1],
    [-1, 1],
  ] as const;
  const outline = [x, y];
  let [atX, atY, back] = [x, y, 0];
  let firstStep = -1;
  for (;;) {
    let step = -1;
    for (let turn = 1; turn <= 8 && step < 0; turn++) {
      const one = (back + turn) % 8;
      if (inside(atX + around[one]![0], atY + around[one]![1])) step = one;
    }
    if (step < 0) break;
    if (atX === x && atY === y) {
      if (step === firstStep) break;
      if (firstStep < 0) firstStep = step;
    }
    atX += around[step]![0];
    atY += around[step]![1];
    // Where the search goes on: the pixel before, seen from the new one.
    back = (step + 4) % 8;
    outline.push(atX, atY);
  }
  if (outline.length === 2) outline.push(x, y);
  return outline;
}
