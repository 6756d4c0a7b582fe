import { type Dataset, type StudyItem, type StudyVersion, type TruthCoverage, truthCoverages } from '@micrarium/model';
import { type ChallengeMetric, challengeMetrics, type SplitPart, splitPartOf, valueFor } from '@micrarium/standards';
import { mainMeasureOf } from './score-datasets.ts';
import { isLabelItem } from './score-label-images.ts';

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

/** Do the items of a data set hold what a family of measures compares? */
function holdsTruth(metric: ChallengeMetric, held: readonly StudyItem[]): boolean {
  switch (metric) {
    case 'cell tracking':
      return held.some(({ format }) => format === 'ctc');
    case 'instance segmentation':
      return held.some((item) => item.format === 'ctc' || isLabelItem(item));
    case 'particle tracking':
    case 'localisation':
      return held.some(({ trackSets }) => trackSets.length > 0);
    case 'classification':
      return held.some(({ tables }) => (tables ?? []).length > 0);
  }
}

/**
 * Data sets of a version that are declared ground truth. Where the study is split, results are scored on the test part; the rest is
 * for training.
 */
export function challengeReferences({
  metadata,
  datasets,
  items,
}: Pick<StudyVersion, 'metadata' | 'datasets' | 'items'>): {
  scored: ChallengeReference[];
  /** Ground truth that is given away for training. */
  training: ChallengeReference[];
} {
  const { values } = metadata;
  const known = new Map(items.map((item) => [item.id, item]));
  const held = ({ quantitativeItems, imageItems }: Dataset) =>
    [...quantitativeItems, ...imageItems].flatMap((id) => known.get(id) ?? []);
  const possible = new Map<ChallengeMetric, ReadonlySet<Dataset>>();
  const canBe = (metric: ChallengeMetric) => {
    const found = possible.get(metric) ?? new Set(datasets.filter((dataset) => holdsTruth(metric, held(dataset))));
    possible.set(metric, found);
    return found;
  };
  const all = datasets.flatMap((dataset): ChallengeReference[] => {
    const { id, title } = dataset;
    const metric = challengeMetrics.find((one) => one === valueFor(values, 'challengeMetric', id));
    if (!metric) return [];
    // Said of the whole study, it is said of the data sets that can be ground truth: not of the images beside their masks.
    const isOwn = values[`challengeMetric@${id}`] !== undefined;
    if (!isOwn && canBe(metric).size > 0 && !canBe(metric).has(dataset)) return [];
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
