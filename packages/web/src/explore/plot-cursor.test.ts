import { expect, test } from 'vitest';
import { dotNearest, dotsWithin, type DrawnPlot } from './drawn-plot.ts';
import { cursorMove, noCursor, type PlotCursor } from './plot-cursor.ts';

const area = { left: 50, right: 550, top: 20, bottom: 220 };
const pressed = (keys: readonly string[], isLarge = false) => {
  let cursor: PlotCursor = noCursor;
  let chosen: unknown;
  for (const key of keys) {
    const move = cursorMove(cursor, key, isLarge, area);
    if (!move) throw new Error(`${key} means nothing here`);
    ({ cursor } = move);
    chosen = move.chosen;
  }
  return { cursor, chosen };
};

test('arrows move the cursor from the middle, and never out of the plot', () => {
  expect(pressed(['ArrowRight', 'ArrowUp']).cursor.at).toEqual({ x: 310, y: 116 });
  expect(pressed(['ArrowLeft', 'ArrowDown'], true).cursor.at).toEqual({ x: 250, y: 140 });
  expect(
    pressed(
      Array.from({ length: 9 }, () => 'ArrowLeft'),
      true,
    ).cursor.at,
  ).toEqual({ x: 50, y: 120 });
});

test('Space sets one corner and then the other, Enter takes what is nearest', () => {
  const begun = pressed([' ', 'ArrowRight']);
  expect(begun.cursor).toEqual({ at: { x: 310, y: 120 }, corner: { x: 300, y: 120 } });
  expect(begun.chosen).toBeUndefined();
  const ended = pressed([' ', 'ArrowRight', 'ArrowDown', ' ']);
  expect(ended.chosen).toEqual({ from: { x: 300, y: 120 }, to: { x: 310, y: 124 } });
  expect(ended.cursor).toEqual({ at: { x: 310, y: 124 }, corner: undefined });
  expect(pressed(['ArrowUp', 'Enter']).chosen).toEqual({ nearest: { x: 300, y: 116 } });
});

test('Escape lets go of the corner and then of the cursor; other keys are left to the page', () => {
  expect(pressed([' ', 'Escape']).cursor).toEqual({ at: { x: 300, y: 120 }, corner: undefined });
  expect(pressed([' ', 'Escape', 'Escape']).cursor).toEqual(noCursor);
  for (const key of ['Escape', 'Enter', 'Tab', 'a', 'PageDown'])
    expect(cursorMove(noCursor, key, false, area)).toBeUndefined();
});

test('the dots of a rectangle and the nearest one are found by the scales of the plot, whichever corner came first', () => {
  // Ten pixels for one across; upwards from 200, ten for one.
  const scales = {
    x: { apply: (value: number) => value * 10, invert: (pixel: number) => pixel / 10 },
    y: { apply: (value: number) => 200 - value * 10, invert: (pixel: number) => (200 - pixel) / 10 },
  };
  const plot = { scale: (name: 'x' | 'y') => scales[name] } as unknown as DrawnPlot;
  const dots = [
    { x: 1, y: 1 },
    { x: 2, y: 3 },
    { x: 9, y: 9 },
  ];
  for (const corners of [
    [0, 200, 25, 165],
    [25, 165, 0, 200],
    [25, 200, 0, 165],
  ] as const)
    expect(dotsWithin(dots, plot, { x: corners[0], y: corners[1] }, { x: corners[2], y: corners[3] })).toEqual([
      dots[0],
      dots[1],
    ]);
  expect(dotNearest(dots, plot, { x: 50, y: 150 })).toBe(dots[1]);
  expect(dotNearest([], plot, { x: 50, y: 150 })).toBeUndefined();
});
