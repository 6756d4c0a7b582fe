/** The outline of one piece of a mask and of the holes in it: x and y of each corner in turn, in pixels of the mask. */
export interface MaskPiece {
  path: number[];
  holes: number[][];
}

/** Pixels a mask may have: its pieces are numbered in memory. */
export const mostMaskPixels = 2 ** 24;

/** East, south, west, north. */
const steps = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/**
 * The outlines of a mask, along the edges of its pixels: pieces are joined where pixels share an edge, and a corner is only
 * where a line turns, so that the outline is the mask itself.
 * @param mask not 0 for each pixel that belongs to it, row after row
 * @param mostCorners corners of all outlines together
 * @returns `undefined` where there are more corners than that
 */
export function maskOutlines(
  mask: Uint8Array,
  width: number,
  height: number,
  mostCorners: number,
): MaskPiece[] | undefined {
  const isIn = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] !== 0;
  const pieceOf = numberPieces(mask, width, height);
  /** Pixels whose upper edge has been walked along. */
  const walked = new Uint8Array(mask.length);
  const pieces = new Map<number, MaskPiece>();
  let corners = 0;
  for (let at = 0; at < mask.length; at++) {
    const [startX, startY] = [at % width, Math.floor(at / width)];
    if (mask[at] === 0 || walked[at] === 1 || isIn(startX, startY - 1)) continue;
    const path: number[] = [];
    let [x, y, way, area] = [startX, startY, 0, 0];
    // With the mask on the right hand: around a piece the way of the clock, around a hole against it.
    do {
      if (way === 0) walked[y * width + x] = 1;
      const [dx, dy] = steps[way]!;
      area += x * dy - y * dx;
      [x, y] = [x + dx, y + dy];
      const turn = turnAt(isIn, x, y, way);
      if (turn === 0) continue;
      if (++corners > mostCorners) return undefined;
      path.push(x, y);
      way = (way + turn + 4) % 4;
    } while (x !== startX || y !== startY || way !== 0);
    const piece = pieces.get(pieceOf[at]!) ?? { path: [], holes: [] };
    if (area > 0) piece.path = path;
    else piece.holes.push(path);
    pieces.set(pieceOf[at]!, piece);
  }
  return [...pieces.values()];
}

/** At a corner of pixels: 1 = to the right, -1 = to the left, 0 = straight on. Pixels that only touch at a corner are apart. */
function turnAt(isIn: (x: number, y: number) => boolean, x: number, y: number, way: number): 1 | -1 | 0 {
  // The pixels ahead on the right and on the left, by the way one comes.
  const [right, left] = (
    [
      [
        [x, y],
        [x, y - 1],
      ],
      [
        [x - 1, y],
        [x, y],
      ],
      [
        [x - 1, y - 1],
        [x - 1, y],
      ],
      [
        [x, y - 1],
        [x - 1, y - 1],
      ],
    ] as const
  )[way]!;
  if (!isIn(right[0], right[1])) return 1;
  return isIn(left[0], left[1]) ? -1 : 0;
}

/** For each pixel of a mask the piece it belongs to, from 1; 0 outside. */
function numberPieces(mask: Uint8Array, width: number, height: number): Int32Array {
  const pieceOf = new Int32Array(mask.length);
  const waiting: number[] = [];
  let pieces = 0;
  for (let first = 0; first < mask.length; first++) {
    if (mask[first] === 0 || pieceOf[first] !== 0) continue;
    pieceOf[first] = ++pieces;
    waiting.push(first);
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const x = at % width;
      for (const [next, isThere] of [
        [at + 1, x + 1 < width],
        [at - 1, x > 0],
        [at + width, at + width < width * height],
        [at - width, at >= width],
      ] as const)
        if (isThere && mask[next] !== 0 && pieceOf[next] === 0) {
          pieceOf[next] = pieces;
          waiting.push(next);
        }
    }
  }
  return pieceOf;
}
