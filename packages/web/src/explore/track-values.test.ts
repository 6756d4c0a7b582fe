import { expect, test } from 'vitest';
import type { ExploredSet } from './explore-answer.ts';
import { medians, sharesOf, trackDots } from './track-values.ts';

const set = (id: string) => ({ id }) as ExploredSet;
const range = (count: number) => Array.from({ length: count }, (_, at) => at);

test('each set gives an equal part of the dots; tracks without a value are counted, not drawn', async () => {
  const sizes = new Map([
    ['A', 10_000],
    ['B', 10],
  ]);
  const read = ({ id }: ExploredSet) => {
    const rows = range(sizes.get(id)!);
    const values = [rows.map((at) => (at % 10 === 0 ? Number.NaN : at)), rows];
    return { track: rows, object: rows.map((at) => at * 2), frame: rows, detections: rows, values };
  };
  const of = [...sizes.keys()].map((id) => ({ set: set(id), group: id }));
  const { dots, paths, unsaid, leftOut } = await trackDots(of, ['mean_speed', 'straightness'], read);
  expect([paths, unsaid, leftOut]).toEqual([10_010, 1001, 0]);
  const ofA = dots.filter(({ group }) => group === 'A');
  expect(ofA.length).toBeGreaterThan(2000);
  expect(ofA.length).toBeLessThanOrEqual(3000);
  expect(dots.filter(({ group }) => group === 'B')).toHaveLength(9);
  expect(dots.at(-1)).toMatchObject({ track: 9, object: 18, x: 9, y: 9 });
  const one = await trackDots(of, ['mean_speed'], (asked) => ({ ...read(asked), values: [read(asked).values[0]!] }));
  expect(one.dots[0]!.y).toBeNaN();
});

test('shares of each group add up to one, over bins that all groups have', () => {
  const dots = [0, 1, 2, 40].map((x, at) => ({ x, group: at === 3 ? 'B' : 'A' }));
  const shares = sharesOf(dots, ['A', 'B', 'C']);
  expect(shares.filter(({ group }) => group === 'A').map(({ from, share }) => [from, share])).toEqual([
    [0, 1 / 3],
    [1, 1 / 3],
    [2, 1 / 3],
  ]);
  expect(shares.at(-1)).toEqual({ group: 'B', from: 39, to: 40, share: 1 });
  expect(medians(dots, ['A', 'B', 'C'])).toEqual([
    { group: 'A', median: 1 },
    { group: 'B', median: 40 },
  ]);
});
