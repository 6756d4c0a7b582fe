import type { TruthCoverage } from './truth-coverage.ts';
import { type LabelOverlaps, matchLabels, overlapsOf } from './label-matching.ts';

/** Instance segmentation at one threshold of overlap. */
export interface InstanceScore {
  /** Intersection over union that makes a pair. */
  threshold: number;
  TP: number;
  FP: number;
  FN: number;
  precision: number | null;
  recall: number | null;
  F1: number | null;
  /** TP / (TP + FP + FN), the average precision of the 2018 Data Science Bowl. */
  averagePrecision: number | null;
}

/** Scores instance segmentations frame by frame: SEG of the Cell Tracking Challenge, and F1 and average precision over thresholds. */
export class SegmentationScorer {
  private readonly thresholds: readonly number[];
  private readonly pairs: number[];
  private jaccard = 0;
  private references = 0;
  private results = 0;
  private readonly coverage: TruthCoverage;

  /**
   * @param thresholds of intersection over union, each at least 0.5 so that pairs are unique
   * @param coverage of `some objects`, result objects that touch no reference object do not count; of `some frames`, frames without one do not
   */
  constructor(
    thresholds: readonly number[] = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95],
    coverage: TruthCoverage = 'all objects',
  ) {
    if (thresholds.some((one) => !(one >= 0.5 && one <= 1))) throw new RangeError('Thresholds lie between 0.5 and 1.');
    this.thresholds = thresholds;
    this.coverage = coverage;
    this.pairs = thresholds.map(() => 0);
  }

  /** Takes one annotated frame of both. @throws RangeError where the sizes differ */
  addFrame(reference: ArrayLike<number>, result: ArrayLike<number>): void {
    this.addOverlaps(overlapsOf(reference, result));
  }

  /** Takes one annotated frame whose overlaps are counted already. */
  addOverlaps(overlaps: LabelOverlaps): void {
    if (this.coverage === 'some frames' && overlaps.referenceSizes.size === 0) return;
    this.references += overlaps.referenceSizes.size;
    this.results +=
      this.coverage === 'some objects'
        ? new Set([...overlaps.shared.values()].flatMap((of) => [...of.keys()])).size
        : overlaps.resultSizes.size;
    for (const [r, s] of matchLabels(overlaps).resultOf) this.jaccard += jaccardOf(overlaps, r, s);
    const seen = this.thresholds.map(() => new Set<number>());
    for (const [r, of] of overlaps.shared)
      for (const s of of.keys()) {
        const value = jaccardOf(overlaps, r, s);
        this.thresholds.forEach((threshold, i) => {
          // At exactly one half two objects may share a partner; each counts once.
          if (value < threshold || seen[i]!.has(s) || seen[i]!.has(-r)) return;
          seen[i]!.add(s).add(-r);
          this.pairs[i]!++;
        });
      }
  }

  /** `SEG`: mean Jaccard index of all reference objects with their match, 0 for those without; `null` without objects. Extra objects cost nothing. */
  get seg(): number | null {
    return this.references === 0 ? null : this.jaccard / this.references;
  }

  /** F1 and average precision at each threshold. */
  get instances(): InstanceScore[] {
    return this.thresholds.map((threshold, i) => {
      const TP = this.pairs[i]!;
      const [FP, FN] = [this.results - TP, this.references - TP];
      const share = (part: number, all: number) => (all === 0 ? null : part / all);
      return {
        threshold,
        TP,
        FP,
        FN,
        precision: share(TP, this.results),
        recall: share(TP, this.references),
        F1: share(2 * TP, this.results + this.references),
        averagePrecision: share(TP, TP + FP + FN),
      };
    });
  }
}

function jaccardOf({ referenceSizes, resultSizes, shared }: LabelOverlaps, r: number, s: number): number {
  const both = shared.get(r)?.get(s) ?? 0;
  return both / (referenceSizes.get(r)! + resultSizes.get(s)! - both);
}
