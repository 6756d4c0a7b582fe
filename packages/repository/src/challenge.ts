import { type StudyVersion, type TruthCoverage, truthCoverages } from '@micrarium/model';
import { type ChallengeMetric, challengeMetrics, type SplitPart, splitPartOf, valueFor } from '@micrarium/standards';
import { mainMeasureOf } from './score-datasets.ts';

/** Ground truth that results are scored against. */
export interface ChallengeReference {
  /** Id of the data set. */
  dataset: string;
  title: string;
  metric: ChallengeMetric;
  /** The measure that results are ranked by. */
  main: string;
  /** Distance under which two points are the same, in the unit of the positions. */
  gate: number;
  /** How much of the film it covers; what lies outside is not held against a result. */
  coverage: TruthCoverage;
  part?: SplitPart;
}

/** Gate of the particle tracking challenge, in pixels. */
const usualGate = 5;

/**
 * Data sets of a version that are declared ground truth. Where the study is split, results are scored on the test part; the rest is
 * for training.
 */
export function challengeReferences({ metadata, datasets }: Pick<StudyVersion, 'metadata' | 'datasets'>): {
  scored: ChallengeReference[];
  /** Ground truth that is given away for training. */
  training: ChallengeReference[];
} {
  const { values } = metadata;
  const all = datasets.flatMap(({ id, title }): ChallengeReference[] => {
    const metric = challengeMetrics.find((one) => one === valueFor(values, 'challengeMetric', id));
    if (!metric) return [];
    const gate = Number(valueFor(values, 'challengeGate', id));
    const coverage = truthCoverages.find((one) => one === valueFor(values, 'challengeCoverage', id)) ?? 'all objects';
    const part = splitPartOf(values, id);
    return [
      {
        dataset: id,
        title,
        metric,
        main: mainMeasureOf(metric, coverage),
        gate: gate > 0 && Number.isFinite(gate) ? gate : usualGate,
        coverage,
        ...(part ? { part } : {}),
      },
    ];
  });
  const isTraining = ({ part }: ChallengeReference) => part === 'train' || part === 'validation';
  return { scored: all.filter((one) => !isTraining(one)), training: all.filter(isTraining) };
}
