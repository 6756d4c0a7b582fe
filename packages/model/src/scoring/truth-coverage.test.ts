import { describe, expect, it } from 'vitest';
import { CellTrackingScorer, type LabelTrack } from './cell-tracking-challenge.ts';
import { SegmentationScorer } from './segmentation.ts';

/** Labels in blocks of four pixels: `[1, 0, 2]` is label 1, nothing, label 2. */
const row = (...labels: number[]) => Uint16Array.from(labels.flatMap((label) => [label, label, label, label]));
const track = (label: number, begin: number, end: number, parent = 0): LabelTrack => ({ label, begin, end, parent });

describe('ground truth of a part of a film', () => {
  it('some objects: what lies beside them costs nothing, and measures that would count it are undefined', () => {
    const scorer = new CellTrackingScorer([track(1, 0, 2)], [track(5, 0, 2), track(6, 0, 2)]);
    for (const frame of [0, 1, 2]) scorer.addFrame(frame, row(1, 0), row(5, 6));
    expect(scorer.finish()).toMatchObject({ DET: 0.9, CT: 2 / 3, faults: { FP: 3 } });
    const partial = scorer.finish(false, 'some objects');
    expect(partial).toMatchObject({ DET: 1, TRA: 1, LNK: 1, TF: 1, CT: null, CCA: null, BC: [null, null, null, null] });
    expect(partial.reasons.join(' ')).toContain('CT, BC, CCA and BIO');
  });

  it('some frames: edges between frames that were not given are nobody’s fault', () => {
    // The table tells of frames 0 to 5; label images are there of 0, 1 and 4.
    const scorer = new CellTrackingScorer([track(1, 0, 5)], [track(7, 0, 1), track(8, 2, 5, 7)]);
    for (const [frame, label] of [
      [0, 7],
      [1, 7],
      [4, 8],
    ] as const)
      scorer.addFrame(frame, row(1, 0), row(label, 0));
    const found = scorer.finish(true, 'some frames');
    expect(found).toMatchObject({ DET: 1, LNK: 1, TRA: 1, counts: { referenceObjects: 3, referenceEdges: 1 } });
    // Two of three frames by one label.
    expect(found.TF).toBeCloseTo(2 / 3, 12);
    expect(found.reasons.join(' ')).toContain('4 edges of the reference');
  });

  it('instances: of some objects only those that touch one count, of some frames only those with one', () => {
    const score = (coverage: 'all objects' | 'some objects' | 'some frames') => {
      const scorer = new SegmentationScorer([0.5], coverage);
      scorer.addFrame(row(1, 0, 0), row(5, 6, 0));
      scorer.addFrame(row(0, 0, 0), row(7, 7, 0));
      const { TP, FP, FN } = scorer.instances[0]!;
      return [TP, FP, FN];
    };
    expect(score('all objects')).toEqual([1, 2, 0]);
    expect(score('some objects')).toEqual([1, 0, 0]);
    expect(score('some frames')).toEqual([1, 1, 0]);
  });
});
