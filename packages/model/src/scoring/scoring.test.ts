import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assign,
  biologicalScore,
  type CellTrackingScores,
  CellTrackingScorer,
  checkLabelTracks,
  type LabelTrack,
  type ParticleTrack,
  scoreClassification,
  scoreParticles,
  SegmentationScorer,
} from './index.ts';

/** Blocks of one row of pixels: label, first column, last column. */
type Block = [label: number, from: number, to: number];
type Film = Block[][];

const width = 30;
const slot = (label: number, k: number): Block => [label, 6 * k, 6 * k + 3];
const plane = (blocks: readonly Block[]) => {
  const pixels = new Uint16Array(width * 3);
  for (const [label, from, to] of blocks)
    for (let row = 0; row < 3; row++) for (let x = from; x <= to; x++) pixels[row * width + x] = label;
  return pixels;
};
const table = (text: string): LabelTrack[] =>
  text.split('/').map((line) => {
    const [label, begin, end, parent] = line.trim().split(' ').map(Number) as [number, number, number, number];
    return { label, begin, end, parent };
  });

function score(
  reference: Film,
  referenceTable: string,
  result: Film,
  resultTable: string,
): CellTrackingScores & { SEG: number | null } {
  const scorer = new CellTrackingScorer(table(referenceTable), table(resultTable));
  const segmentation = new SegmentationScorer();
  reference.forEach((blocks, frame) => {
    scorer.addFrame(frame, plane(blocks), plane(result[frame]!));
    segmentation.addFrame(plane(blocks), plane(result[frame]!));
  });
  return { ...scorer.finish(), SEG: segmentation.seg };
}

const R: Film = [
  [slot(1, 0), slot(2, 2)],
  [slot(1, 0), slot(3, 2), slot(4, 3)],
  [slot(1, 0), slot(3, 2), slot(4, 3)],
];
const Rt = '1 0 2 0 / 2 0 0 0 / 3 1 2 2 / 4 1 2 2';
const shifted = (by: number): Film => R.map((blocks) => blocks.map(([label, from, to]) => [label, from + by, to + by]));
const with9 = (film: Film, label: number, frames: number[]) =>
  film.map((blocks, frame) => (frames.includes(frame) ? [...blocks, [label, 24, 27] as Block] : blocks));

/** Section 5 of the note on challenge metrics, computed by the challenge's own programs. */
const cases: Record<string, [Film, string, number[], (number | null)[]]> = {
  A: [R, Rt, [0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1, 1, 1]],
  B: [
    [R[0]!, R[1]!, R[2]!.slice(0, 2)],
    '1 0 2 0 / 2 0 0 0 / 3 1 2 2 / 4 1 1 2',
    [0, 1, 0, 0, 1, 0],
    [0.875, 0.833333, 0.870787, 0.875, 0.75, 0.875, 1, 1],
  ],
  C: [with9(R, 9, [1]), `${Rt} / 9 1 1 0`, [0, 0, 1, 0, 0, 0], [0.9875, 1, 0.988764, 1, 0.888889, 1, 1, 1]],
  D: [
    [R[0]!, [slot(1, 0), [5, 12, 21]], R[2]!],
    '1 0 2 0 / 2 0 0 0 / 5 1 1 2 / 3 2 2 5 / 4 2 2 5',
    [1, 0, 0, 0, 4, 0],
    [0.9375, 0.333333, 0.876404, 0.85, 0.444444, 0.75, 0, 0],
  ],
  E: [
    [R[0]!, [slot(1, 0), slot(2, 2), slot(4, 3)], [slot(1, 0), slot(2, 2), slot(4, 3)]],
    '1 0 2 0 / 2 0 2 0 / 4 1 2 0',
    [0, 0, 0, 0, 1, 1],
    [1, 0.722222, 0.97191, 1, 0.571429, 1, 0, 0],
  ],
  F: [
    [R[0]!, R[1]!, [slot(3, 0), slot(1, 2), slot(4, 3)]],
    Rt,
    [0, 0, 0, 2, 2, 0],
    [1, 0.444444, 0.94382, 1, 0.5, 0.791667, 1, 1],
  ],
  G: [with9([[], [], []], 1, [0, 1, 2]), '1 0 2 0', [0, 8, 3, 0, 6, 0], [0, 0, 0, 0, 0, null, 0, 0]],
  H: [shifted(1), Rt, [0, 0, 0, 0, 0, 0], [1, 1, 1, 0.6, 1, 1, 1, 1]],
  I: [shifted(2), Rt, [0, 8, 8, 0, 6, 0], [0, 0, 0, 0, 0, null, 0, 0]],
  J: [
    [R[0]!, [slot(1, 0), slot(2, 2)], R[2]!],
    '1 0 2 0 / 2 0 1 0 / 3 2 2 2 / 4 2 2 2',
    [0, 1, 0, 1, 2, 2],
    [0.875, 0.333333, 0.820225, 0.875, 0.25, 0.75, 0, 1],
  ],
};

describe('Cell Tracking Challenge', () => {
  it('a table and label images that differ are no result', () => {
    const misfits = (resultTable: string) => {
      const scorer = new CellTrackingScorer(table(Rt), table(resultTable));
      R.forEach((blocks, frame) => scorer.addFrame(frame, plane(blocks), plane(blocks)));
      return scorer.resultMisfits().map(({ label }) => label);
    };
    expect(misfits(Rt)).toEqual([]);
    expect(misfits('1 0 2 0 / 2 0 0 0 / 3 1 2 2')).toEqual([4, 4]);
    expect(misfits('1 0 1 0 / 2 0 0 0 / 3 0 2 0 / 4 1 2 2')).toEqual([3, 1]);
  });

  it.each(Object.keys(cases))('case %s is what the challenge computes', (name) => {
    const [film, resultTable, faults, golden] = cases[name]!;
    const found = score(R, Rt, film, resultTable);
    const { NS, FN, FP, ED, EA, EC } = found.faults;
    expect([NS, FN, FP, ED, EA, EC]).toEqual(faults);
    const numbers = [found.DET, found.LNK, found.TRA, found.SEG, found.CT, found.TF, found.BC[0]!, found.BC[1]!];
    numbers.forEach((one, i) => {
      if (golden[i] === null) expect(one).toBeNull();
      else expect(one).toBeCloseTo(golden[i]!, 5.9);
    });
  });

  it('K: a label that changes without division', () => {
    const found = score(
      [[slot(1, 0)], [slot(1, 0)], [slot(2, 0)], [slot(2, 0)]],
      '1 0 1 0 / 2 2 3 1',
      Array.from({ length: 4 }, () => [slot(1, 0)]),
      '1 0 3 0',
    );
    expect(found).toMatchObject({ faults: { EC: 1 }, DET: 1, CT: 0 });
    expect([found.LNK, found.TRA]).toEqual([expect.closeTo(0.777778, 5), expect.closeTo(0.977528, 5)]);
    expect(found.BC[0]).toBeNull();
    expect(found.CCA).toBeNull();
    expect(biologicalScore(found)).toBe(0.5);
  });

  it('L: a gap closed by a parent, and the same without', () => {
    const film: Film = [[slot(1, 0)], [slot(1, 0), slot(7, 4)], [slot(7, 4)], [slot(2, 0)], [slot(2, 0)]];
    const found = score(film, '1 0 1 0 / 2 3 4 1 / 7 1 2 0', film, '1 0 1 0 / 2 3 4 0 / 7 1 2 0');
    expect(found).toMatchObject({ faults: { EA: 1 }, LNK: 0.75, CT: 1 });
    expect(found.TRA).toBeCloseTo(0.977273, 5);
  });

  it('cell cycle accuracy compares lengths alone', () => {
    const reference = '1 0 1 0 / 2 2 5 1 / 3 2 7 1 / 4 6 9 2 / 5 6 9 2 / 6 8 9 3 / 7 8 9 3';
    const result = '1 0 1 0 / 2 2 5 1 / 3 2 8 1 / 4 6 9 2 / 5 6 9 2 / 6 9 9 3 / 7 9 9 3';
    expect(new CellTrackingScorer(table(reference), table(result)).finish().CCA).toBe(0.5);
  });

  it('a reference of nothing scores nothing, with a reason; one of some cells may leave extra objects unpunished', () => {
    const empty = score([[]], '1 0 0 0', [[slot(1, 0)]], '1 0 0 0');
    expect(empty).toMatchObject({ DET: null, TRA: null });
    expect(empty.reasons.join(' ')).toContain('no object');
    const scorer = new CellTrackingScorer(table('1 0 0 0'), table('1 0 0 0 / 2 0 0 0'));
    scorer.addFrame(0, plane([slot(1, 0)]), plane([slot(1, 0), slot(2, 1)]));
    expect([scorer.finish().DET, scorer.finish(false).DET]).toEqual([0.9, 1]);
    expect(() => scorer.addFrame(1, new Uint8Array(4), new Uint8Array(5))).toThrow(RangeError);
  });

  it('any film against itself is perfect; new labels change nothing; an object far away costs a tenth of a vertex', () => {
    const film = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1 }), {
      minLength: 2,
      maxLength: 6,
    });
    fc.assert(
      fc.property(film, fc.integer({ min: 1, max: 500 }), (slots, rename) => {
        // A track for every unbroken run of a slot.
        const tracks: LabelTrack[] = [];
        const frames = slots.map((present, frame) =>
          present.map((k): Block => {
            const going = tracks.find((one) => one.end === frame - 1 && one.label % 10 === k);
            if (going) going.end = frame;
            else tracks.push({ label: 10 * (tracks.length + 1) + k, begin: frame, end: frame, parent: 0 });
            return slot((going ?? tracks.at(-1)!).label, k);
          }),
        );
        const renamed = tracks.map((one) => ({ ...one, label: one.label + rename }));
        const against = (result: LabelTrack[], extra: Block[]) => {
          const scorer = new CellTrackingScorer(tracks, result);
          frames.forEach((blocks, frame) => {
            const mine = blocks.map(([label, from, to]): Block => [label + rename, from, to]);
            scorer.addFrame(frame, plane(blocks), plane(frame === 0 ? [...mine, ...extra] : mine));
          });
          return scorer.finish();
        };
        const same = against(renamed, []);
        expect([same.DET, same.TRA, same.CT, same.TF]).toEqual([1, 1, 1, 1]);
        const objects = frames.flat().length;
        expect(against(renamed, [[9999, 26, 28]]).DET).toBeCloseTo(1 - 0.1 / objects, 12);
      }),
      { numRuns: 60 },
    );
  });

  it('faults of a track table are named', () => {
    expect(checkLabelTracks(table(Rt))).toEqual([]);
    const faults = checkLabelTracks(table('1 3 2 0 / 1 0 1 0 / 2 0 1 7 / 3 1 2 2'));
    expect(faults.map(({ label }) => label)).toEqual([1, 1, 2, 3]);
  });
});

/** `[a..b] y + dx`: points (t + dx, y) for t = a..b. */
const line = (a: number, b: number, y: number, without: number[] = []): ParticleTrack => {
  const frame = Array.from({ length: b - a + 1 }, (_, i) => a + i).filter((t) => !without.includes(t));
  return { frame, x: frame, y: frame.map(() => y) };
};
const along = (ys: number[]): ParticleTrack => ({ frame: [...ys.keys()], x: [...ys.keys()], y: ys });
const R2 = [line(0, 4, 0), line(0, 3, 10)];

/** Section 8 of the note: alpha, beta, TP, FN, FP, JSC, JSC_theta, RMSE. */
const particleCases: Record<string, [ParticleTrack[], ParticleTrack[], (number | null)[]]> = {
  P0: [R2, R2, [1, 1, 9, 0, 0, 1, 1, 0]],
  P1: [
    R2,
    [line(0, 4, 1), line(1, 3, 10), { frame: [0, 1], x: [50, 50], y: [50, 50] }],
    [0.777778, 0.636364, 8, 1, 2, 0.727273, 0.666667, 0.790569],
  ],
  P2: [R2, [line(0, 4, 1, [2]), line(0, 3, 10)], [0.8, 0.8, 8, 1, 0, 0.888889, 1, 0.707107]],
  P3: [[line(0, 4, 0)], [line(0, 19, 0)], [0, 0, 0, 5, 20, 0, 0, null]],
  P4: [[line(0, 4, 0)], [line(0, 4, 5)], [0, 0, 0, 5, 5, 0, 0, null]],
  P5: [[line(0, 9, 0)], [line(0, 5, 0), line(6, 9, 0)], [0.6, 0.428571, 6, 4, 4, 0.428571, 0.5, 0]],
  P6: [R2, [along([0, 0, 10, 10]), along([10, 10, 0, 0, 0])], [0.555556, 0.555556, 5, 4, 4, 0.384615, 1, 0]],
  P7: [[line(0, 4, 0, [2])], [line(0, 4, 0)], [1, 1, 5, 0, 0, 1, 1, 0]],
  P8: [[line(0, 4, 0, [2])], [line(0, 4, 0, [2])], [0.8, 0.8, 4, 1, 0, 0.8, 1, 0]],
  P9: [[line(0, 4, 0)], [along([0, 0, 7, 0, 3])], [0.68, 0.68, 4, 1, 1, 0.666667, 1, 1.5]],
};

describe('particle tracking challenge', () => {
  it.each(Object.keys(particleCases))('case %s', (name) => {
    const [reference, candidates, golden] = particleCases[name]!;
    const { alpha, beta, TP, FN, FP, JSC, JSC_theta, RMSE } = scoreParticles(reference, candidates, 5);
    [alpha, beta, TP, FN, FP, JSC, JSC_theta, RMSE].forEach((one, i) => {
      if (golden[i] === null) expect(one).toBeNull();
      else expect(one).toBeCloseTo(golden[i]!, 5.9);
    });
  });

  it('beta never exceeds alpha, and the order of tracks changes neither', () => {
    const track = fc.tuple(fc.nat(6), fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { minLength: 1, maxLength: 8 })).map(
      ([first, points]): ParticleTrack => ({
        frame: points.map((_, i) => first + i),
        x: points.map(([x]) => x),
        y: points.map(([, y]) => y),
      }),
    );
    fc.assert(
      fc.property(
        fc.array(track, { minLength: 1, maxLength: 8 }),
        fc.array(track, { maxLength: 8 }),
        (reference, candidates) => {
          const found = scoreParticles(reference, candidates, 6);
          expect(found.beta!).toBeLessThanOrEqual(found.alpha! + 1e-12);
          expect(found.alpha!).toBeGreaterThanOrEqual(-1e-12);
          const other = scoreParticles([...reference].reverse(), [...candidates].reverse(), 6);
          expect(other.alpha).toBeCloseTo(found.alpha!, 9);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('scores as many points as a long film has, and a hole in a position as no point', () => {
    const long = line(0, 149_999, 0);
    expect(scoreParticles([long], [long])).toMatchObject({ TP: 150_000, RMSE: 0, distances: { min: 0, max: 0 } });
    const holed = { ...line(0, 4, 0), x: [0, 1, Number.NaN, 3, 4] };
    // As a point outside of the gate: one missed, one invented, and the gate paid once.
    expect(scoreParticles([line(0, 4, 0)], [holed])).toMatchObject({ alpha: 0.8, TP: 4, FN: 1, FP: 1 });
  });

  it('refuses what would take all memory, or all day', () => {
    const far = { frame: [0, 2_000_000_000], x: [0, 0], y: [0, 0] };
    expect(() => scoreParticles([far], [far])).toThrow(/span \d+ frames/);
    const crowd = Array.from({ length: 1_100 }, () => ({ frame: [0], x: [1], y: [1] }));
    expect(() => scoreParticles(crowd, crowd)).toThrow(/too wide/);
    expect(
      assign(
        3,
        3,
        () => 1,
        () => 9,
        5,
      ),
    ).toBeUndefined();
  });

  it('refuses what is no track', () => {
    expect(() => scoreParticles([line(0, 1, 0)], [], 0)).toThrow(RangeError);
    expect(() => scoreParticles([{ frame: [1, 1], x: [0, 0], y: [0, 0] }], [])).toThrow(RangeError);
    expect(scoreParticles([], [], 5)).toMatchObject({ alpha: null, JSC: null });
  });
});

describe('assignment', () => {
  it('finds what trying everything finds', () => {
    const matrix = fc.integer({ min: 1, max: 5 }).chain((n) =>
      fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: n, maxLength: n }), {
        minLength: 1,
        maxLength: 5,
      }),
    );
    fc.assert(
      fc.property(matrix, fc.integer({ min: 0, max: 20 }), (cost, alone) => {
        const columns = cost[0]!.length;
        const best = (row: number, used: number): number => {
          if (row === cost.length) return 0;
          let least = alone + best(row + 1, used);
          for (let column = 0; column < columns; column++)
            if (!(used & (1 << column)))
              least = Math.min(least, cost[row]![column]! + best(row + 1, used | (1 << column)));
          return least;
        };
        const found = assign(
          cost.length,
          columns,
          (r, c) => cost[r]![c]!,
          () => alone,
        );
        const total = [...found].reduce((sum, column, row) => sum + (column < 0 ? alone : cost[row]![column]!), 0);
        expect(total).toBe(best(0, 0));
      }),
      { numRuns: 200 },
    );
  });
});

describe('instances and classes', () => {
  it('pairs by overlap at each threshold', () => {
    const scorer = new SegmentationScorer([0.5, 0.75]);
    // Overlaps of 3/5 and 4/4; one missed, one invented.
    scorer.addFrame(plane([slot(1, 0), slot(2, 1), slot(3, 2)]), plane([[1, 1, 4], slot(2, 1), slot(9, 4)]));
    expect(scorer.instances[0]).toMatchObject({ TP: 2, FP: 1, FN: 1, averagePrecision: 0.5 });
    expect(scorer.instances[1]).toMatchObject({ TP: 1, FP: 2, FN: 2, averagePrecision: 0.2 });
    expect(() => new SegmentationScorer([0.3])).toThrow(RangeError);
  });

  it('balanced accuracy is not moved by the commonest class', () => {
    const truth = ['a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'b', 'b'];
    const found = scoreClassification(
      truth,
      truth.map(() => 'a'),
    );
    expect(found).toMatchObject({
      accuracy: 0.8,
      balancedAccuracy: 0.5,
      confusion: [
        [8, 0],
        [2, 0],
      ],
    });
    expect(found.perClass[1]).toMatchObject({ precision: null, recall: 0, F1: 0 });
    expect(() => scoreClassification(['a'], [])).toThrow(RangeError);
  });
});
