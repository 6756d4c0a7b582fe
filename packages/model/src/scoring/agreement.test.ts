import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agreementOf, type ComparedSet } from './agreement.ts';
import { scoreLocalisations } from './localisation.ts';
import { type FramePoints, matchPoints } from './point-matching.ts';

/** Rows of frame, x, y and perhaps z. */
const points = (...rows: number[][]): FramePoints => {
  const column = (at: number) => rows.map((row) => row[at]!);
  return { frame: column(0), x: column(1), y: column(2), ...(rows[0]?.length === 4 ? { z: column(3) } : {}) };
};
const set = (of: FramePoints, ...edges: [number, number][]): ComparedSet => ({
  points: of,
  edges: { source: Uint32Array.from(edges, ([a]) => a), target: Uint32Array.from(edges, ([, b]) => b) },
});

test('as many pairs as there can be come before short distances', () => {
  // Nearest first would pair 1 with 0 and leave the other two alone.
  expect([...matchPoints(points([0, 0, 0], [0, 2, 0]), points([0, 2.5, 0], [0, 4.4, 0]), { gate: 3 })]).toEqual([0, 1]);
  expect([...matchPoints(points([0, 0, 0]), points([1, 0, 0]), { gate: 3 })]).toEqual([-1]);
  // Exactly at the gate is outside; a point without a position is nowhere.
  expect([...matchPoints(points([0, 0, 0], [0, Number.NaN, 0]), points([0, 3, 0]), { gate: 3 })]).toEqual([-1, -1]);
  expect(() => matchPoints(points(), points(), { gate: 0 })).toThrow(RangeError);
});

test('localisations: three of four found, one invented, errors 3 and 4 and 0', () => {
  const truth = points([0, 0, 0], [0, 100, 0], [1, 0, 0], [1, 50, 50]);
  const given = points([0, 3, 0], [0, 100, 4], [1, 0, 0], [1, 500, 500]);
  const scores = scoreLocalisations(truth, given, { gate: 10 });
  expect(scores).toMatchObject({ TP: 3, FP: 1, FN: 1, precision: 0.75, recall: 0.75, jaccard: 0.6 });
  expect(scores.RMSE).toBeCloseTo(Math.sqrt(25 / 3), 12);
  expect('RMSE_axial' in scores).toBe(false);
});

test('localisations in depth: z is judged by its own gate and its own error', () => {
  const truth = points([0, 0, 0, 0], [0, 50, 0, 0]);
  const given = points([0, 3, 4, 6], [0, 50, 0, 40]);
  expect(scoreLocalisations(truth, given, { gate: 10, axial: 20 })).toMatchObject({ TP: 1, RMSE: 5, RMSE_axial: 6 });
  expect(scoreLocalisations(truth, given, { gate: 10 })).toMatchObject({
    TP: 2,
    RMSE_axial: Math.sqrt((36 + 1600) / 2),
  });
  expect(scoreLocalisations(points(), points(), { gate: 1 })).toMatchObject({ jaccard: null, RMSE: null });
});

test('two results agree on two of three objects of a division, and on no division', () => {
  const mother = [0, 10, 10];
  const first = set(points(mother, [1, 8, 10], [1, 12, 10]), [0, 1], [0, 2]);
  const second = set(points(mother, [1, 8, 11], [1, 30, 10]), [0, 1], [0, 2]);
  expect(agreementOf(first, second, 2)).toEqual({
    version: 1,
    gate: 2,
    objects: { both: 2, onlyFirst: 1, onlySecond: 1, jaccard: 0.5 },
    edges: { both: 1, onlyFirst: 1, onlySecond: 1, jaccard: 1 / 3 },
    divisions: { both: 0, onlyFirst: 1, onlySecond: 1, jaccard: 0 },
    medianDistance: 0.5,
  });
  expect(agreementOf(first, first, 2).divisions).toMatchObject({ both: 1, jaccard: 1 });
  expect(agreementOf(set(points()), set(points()), 2).objects.jaccard).toBeNull();
});

test('exchanging two results exchanges what only one of them says', () => {
  const row = fc.tuple(
    fc.integer({ min: 0, max: 2 }),
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: 0, max: 20 }),
  );
  const any = fc.array(row, { maxLength: 12 }).map((rows) => set(points(...rows)));
  fc.assert(
    fc.property(any, any, (a, b) => {
      const [there, back] = [agreementOf(a, b, 4).objects, agreementOf(b, a, 4).objects];
      expect(back).toEqual({ ...there, onlyFirst: there.onlySecond, onlySecond: there.onlyFirst });
      expect(agreementOf(a, a, 4).objects.onlyFirst).toBe(0);
    }),
    { numRuns: 60 },
  );
});
