import { describe, expect, it } from 'vitest';
import { CellTrackingScorer, type LabelTrack } from './cell-tracking-challenge.ts';
import { scoreLocalisations } from './localisation.ts';
import { SegmentationScorer } from './segmentation.ts';

/** An object of the reference and the one of the result that lies on it, by their labels; 0 for none. */
type Pair = readonly [reference: number, result: number];

const table = (text: string): LabelTrack[] =>
  text.split('/').map((line) => {
    const [label, begin, end, parent] = line.trim().split(' ').map(Number) as [number, number, number, number];
    return { label, begin, end, parent };
  });

/** NS, FN, FP, ED, EA, EC of a film, given frame by frame. */
function faultsOf(reference: string, result: string, film: readonly (readonly Pair[])[]): number[] {
  const scorer = new CellTrackingScorer(table(reference), table(result));
  film.forEach((pairs, frame) =>
    scorer.addFrame(
      frame,
      pairs.map(([label]) => label),
      pairs.map(([, label]) => label),
    ),
  );
  expect(scorer.resultMisfits()).toEqual([]);
  const { NS, FN, FP, ED, EA, EC } = scorer.finish().faults;
  return [NS, FN, FP, ED, EA, EC];
}

const one = '1 0 2 0';
const division = '1 0 1 0 / 2 2 2 1 / 3 2 2 1';

/**
 * The cases of traccuracy (live-image-tracking-tools/traccuracy, tests/track_errors/test_ctc_errors.py on the graphs of
 * tests/examples/graphs.py), as tables and frames: which objects and edges they expect to be at fault, counted.
 */
const cases: Record<string, [reference: string, result: string, film: Pair[][], faults: number[]]> = {
  'an object missed at the beginning': [one, '4 1 2 0', [[[1, 0]], [[1, 4]], [[1, 4]]], [0, 1, 0, 0, 1, 0]],
  'an object missed in the middle': [one, '4 0 0 0 / 5 2 2 0', [[[1, 4]], [[1, 0]], [[1, 5]]], [0, 1, 0, 0, 2, 0]],
  'an edge missed': [one, '4 0 0 0 / 5 1 2 0', [[[1, 4]], [[1, 5]], [[1, 5]]], [0, 0, 0, 0, 1, 0]],
  'an object too many': [
    one,
    '4 0 2 0 / 7 1 1 0',
    [
      [[1, 4]],
      [
        [1, 4],
        [0, 7],
      ],
      [[1, 4]],
    ],
    [0, 0, 1, 0, 0, 0],
  ],
  'an edge between objects that are too many is not counted': [
    one,
    '4 0 2 0 / 7 0 1 0',
    [
      [
        [1, 4],
        [0, 7],
      ],
      [
        [1, 4],
        [0, 7],
      ],
      [[1, 4]],
    ],
    [0, 0, 2, 0, 0, 0],
  ],
  'a track that crosses over': [
    '1 0 2 0 / 2 0 2 0',
    '7 0 2 0',
    [
      [
        [1, 0],
        [2, 7],
      ],
      [
        [1, 7],
        [2, 0],
      ],
      [
        [1, 7],
        [2, 0],
      ],
    ],
    [0, 3, 0, 1, 3, 0],
  ],
  'one object over two at the beginning': [
    '1 0 2 0 / 2 0 0 0',
    '4 0 2 0',
    [
      [
        [1, 4],
        [2, 4],
      ],
      [[1, 4]],
      [[1, 4]],
    ],
    [1, 0, 0, 0, 1, 0],
  ],
  'one object over two in the middle': [
    '1 0 1 0 / 2 1 2 0',
    '4 0 2 0',
    [
      [[1, 4]],
      [
        [1, 4],
        [2, 4],
      ],
      [[2, 4]],
    ],
    [1, 0, 0, 0, 2, 0],
  ],
  'one edge over two': [
    '1 0 2 0 / 2 0 2 0',
    '7 0 2 0',
    [
      [
        [1, 7],
        [2, 7],
      ],
      [
        [1, 7],
        [2, 7],
      ],
      [
        [1, 7],
        [2, 0],
      ],
    ],
    [2, 1, 0, 0, 4, 0],
  ],
  'one edge over two, and nothing behind it': [
    '1 0 2 0 / 2 0 2 0',
    '5 0 1 0',
    [
      [
        [1, 5],
        [2, 5],
      ],
      [
        [1, 5],
        [2, 5],
      ],
      [
        [1, 0],
        [2, 0],
      ],
    ],
    [2, 2, 0, 0, 4, 0],
  ],
  'a division into one that is there and one that is not': [
    '1 0 3 0',
    '5 0 2 0 / 6 3 3 5 / 7 3 3 5',
    [
      [[1, 5]],
      [[1, 5]],
      [[1, 5]],
      [
        [1, 6],
        [0, 7],
      ],
    ],
    [0, 0, 1, 0, 0, 1],
  ],
  'a division that is none': [
    '1 0 2 0 / 2 2 2 0',
    '5 0 1 0 / 6 2 2 5 / 7 2 2 5',
    [
      [[1, 5]],
      [[1, 5]],
      [
        [2, 6],
        [1, 7],
      ],
    ],
    [0, 0, 0, 1, 0, 1],
  ],
  'a division with one child': [
    division,
    '5 0 2 0 / 6 2 2 0',
    [
      [[1, 5]],
      [[1, 5]],
      [
        [2, 6],
        [3, 5],
      ],
    ],
    [0, 0, 0, 0, 1, 1],
  ],
  'a division without children': [
    division,
    '5 0 1 0 / 6 2 2 0 / 7 2 2 0',
    [
      [[1, 5]],
      [[1, 5]],
      [
        [2, 6],
        [3, 7],
      ],
    ],
    [0, 0, 0, 0, 2, 0],
  ],
  'a division with a wrong child': [
    `${division} / 4 2 2 0`,
    '5 0 1 0 / 6 2 2 5 / 7 2 2 5',
    [
      [[1, 5]],
      [[1, 5]],
      [
        [2, 6],
        [3, 0],
        [4, 7],
      ],
    ],
    [0, 1, 0, 1, 1, 0],
  ],
  'a gap of the reference that the result fills': [
    '1 0 0 0 / 2 2 3 1',
    '5 0 3 0',
    [[[1, 5]], [[0, 5]], [[2, 5]], [[2, 5]]],
    [0, 0, 1, 0, 1, 0],
  ],
  'a gap of the result': ['1 0 3 0', '5 0 1 0 / 6 3 3 5', [[[1, 5]], [[1, 5]], [[1, 0]], [[1, 6]]], [0, 1, 0, 1, 2, 0]],
  'the same gap in both': [
    '1 0 0 0 / 2 2 3 1',
    '5 0 0 0 / 6 2 3 5',
    [[[1, 5]], [], [[2, 6]], [[2, 6]]],
    [0, 0, 0, 0, 0, 0],
  ],
};

describe('cases that other scorers publish', () => {
  it.each(Object.keys(cases))('faults of traccuracy: %s', (name) => {
    const [reference, result, film, faults] = cases[name]!;
    expect(faultsOf(reference, result, film)).toEqual(faults);
  });

  it('a square moved by half its side is no match at 0.5, as StarDist counts', () => {
    // stardist/stardist, stardist/matching.py, the example of `matching`: fp=1, tp=0, fn=1.
    const square = (top: number) =>
      Uint8Array.from({ length: 10_000 }, (_, at) => {
        const [row, column] = [Math.floor(at / 100), at % 100];
        return row >= top && row < top + 10 && column >= 10 && column < 20 ? 1 : 0;
      });
    const scorer = new SegmentationScorer([0.5]);
    scorer.addFrame(square(10), square(15));
    expect(scorer.instances[0]).toMatchObject({ TP: 0, FP: 1, FN: 1, precision: 0, recall: 0, F1: 0 });
  });

  it('two of three localisations within one unit: Jaccard of SMLMMetrics', () => {
    // JuliaSMLM/SMLMMetrics.jl, test/runtests.jl: 2 / (2 + 1 + 1), with a far third point or a farther one.
    const frame = [0, 0, 0];
    const truth = { frame, x: [1, 2, 3], y: [4, 5, 6] };
    for (const [x, y] of [
      [4, 7],
      [8, 10],
    ] as const)
      expect(scoreLocalisations(truth, { frame, x: [1, 2, x], y: [4, 5, y] }, { gate: 1 })).toMatchObject({
        TP: 2,
        FP: 1,
        FN: 1,
        jaccard: 0.5,
      });
  });
});
