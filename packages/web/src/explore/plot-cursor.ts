import type { Spot } from './drawn-plot.ts';

/** Where the axes of a picture lie, in its pixels. */
export interface PlotArea {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A cursor moved with keys, and the corner of a rectangle that was set. */
export interface PlotCursor {
  at: Spot | undefined;
  corner: Spot | undefined;
}

/** What a key did: the cursor after it, and what was chosen by it. */
export interface CursorMove {
  cursor: PlotCursor;
  chosen?: { from: Spot; to: Spot } | { nearest: Spot };
}

/** No cursor is shown. */
export const noCursor: PlotCursor = { at: undefined, corner: undefined };

/** Steps from one end of an axis to the other, and larger ones with Shift. */
const [steps, largeSteps] = [50, 10];

const directions = new Map<string, readonly [across: number, down: number]>([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
]);

/**
 * What a key does to the cursor of a plot: arrows move it, Space sets one corner of a rectangle and then the other, Enter means what
 * lies nearest, Escape lets go of the corner and then of the cursor.
 * @param key as in `KeyboardEvent.key`
 * @returns nothing where the key is none of these
 */
export function cursorMove(cursor: PlotCursor, key: string, isLarge: boolean, area: PlotArea): CursorMove | undefined {
  const at = cursor.at ?? { x: (area.left + area.right) / 2, y: (area.top + area.bottom) / 2 };
  const direction = directions.get(key);
  if (direction) {
    const share = 1 / (isLarge ? largeSteps : steps);
    const x = within(at.x + direction[0] * (area.right - area.left) * share, area.left, area.right);
    const y = within(at.y + direction[1] * (area.bottom - area.top) * share, area.top, area.bottom);
    return { cursor: { at: { x, y }, corner: cursor.corner } };
  }
  if (key === ' ')
    return cursor.corner
      ? { cursor: { at, corner: undefined }, chosen: { from: cursor.corner, to: at } }
      : { cursor: { at, corner: at } };
  if (!cursor.at) return undefined;
  if (key === 'Enter') return { cursor: { at, corner: undefined }, chosen: { nearest: at } };
  if (key === 'Escape') return { cursor: cursor.corner ? { at, corner: undefined } : noCursor };
  return undefined;
}

const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
