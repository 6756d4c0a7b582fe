import { outlineFolder } from '@micrarium/formats';
import {
  type FramePoints,
  type ParticleTrack,
  partialTruthReason,
  scoreLocalisations,
  scoreParticles,
  type TrackSet,
  type TruthCoverage,
} from '@micrarium/model';
import type { ChallengeMetric } from '@micrarium/standards';
import { readStoredSet } from './open-forms.ts';
import { type StoredFile, treeOfBlobs } from './recognise.ts';
import { scoreClasses } from './score-classes.ts';
import { scoreLabels } from './score-label-images.ts';
import { NotComparable, particleReasons, pointsOf, readParticles, scoreCells, sharedUnit } from './score-results.ts';
import {
  type Asked,
  itemsOf,
  labelItem,
  nameOf,
  type ScoredDataset,
  type ScorePorts,
  withLabelItem,
} from './scored-dataset.ts';

/** The measures of a result against ground truth. */
export interface DatasetScore {
  /** Version of the definitions. */
  version: number;
  /** The measure that results are ranked by; higher is better. */
  main: string;
  /** Measures by id; `null` where undefined. */
  values: Record<string, number | null>;
  counts: Record<string, number>;
  /** Gate in the unit of the positions, where there is one. */
  gate?: { value: number; unit: string };
  /** Why something is undefined or was left out, in English. */
  reasons: string[];
}

/** The measure that each family ranks by. */
export const mainMeasure: Readonly<Record<ChallengeMetric, string>> = {
  'cell tracking': 'TRA',
  'particle tracking': 'alpha',
  'instance segmentation': 'AP',
  localisation: 'jaccard',
  classification: 'balancedAccuracy',
};

/** The measure that results are ranked by: where only some objects are annotated, none that counts what lies beside them. */
export const mainMeasureOf = (metric: ChallengeMetric, coverage: TruthCoverage): string =>
  metric === 'localisation' && coverage === 'some objects' ? 'recall' : mainMeasure[metric];

/** How a ground truth is scored. */
export interface ScoredBy {
  metric: ChallengeMetric;
  /** Of points, in the unit of their positions. */
  gate: number;
  coverage: TruthCoverage;
}

/** A score without the measure it is ranked by. */
export type Score = Omit<DatasetScore, 'main'>;

/**
 * Scores a result against ground truth by a family of measures.
 * @throws NotComparable where they cannot be compared, FormNotMade where stored forms were dropped
 */
export async function scoreDataset(
  ports: ScorePorts,
  { metric, gate, coverage }: ScoredBy,
  truth: ScoredDataset,
  result: ScoredDataset,
  signal?: AbortSignal,
): Promise<DatasetScore> {
  const score = await families[metric](ports, { gate, coverage, truth, result, signal });
  return { main: mainMeasureOf(metric, coverage), ...score };
}

const families: Readonly<Record<ChallengeMetric, (ports: ScorePorts, asked: Asked) => Promise<Score>>> = {
  'cell tracking': scoreLabelFilms,
  'particle tracking': scorePaths,
  'instance segmentation': scoreLabels,
  localisation: scorePositions,
  classification: scoreClasses,
};

/** Files of outlines that lie beside the label images of a ground truth, in whichever item of its study. */
async function outlineFiles(ports: ScorePorts, place: ScoredDataset): Promise<StoredFile[]> {
  const table = labelItem(place)?.files.find((path) => /(^|\/)man_track\.txt$/.test(path));
  if (table === undefined) return [];
  const folder = `${outlineFolder(table.split('/').slice(0, -1).join('/'))}/`;
  const { accession, version, items } = place.version;
  const paths = new Set(items.flatMap(({ files }) => files).filter((path) => path.startsWith(folder)));
  const files = await Promise.all([...paths].map((path) => ports.studies.getVersionFile(accession, version, path)));
  return files.filter((file) => file !== undefined);
}

async function scoreLabelFilms(ports: ScorePorts, { coverage, truth, result, signal }: Asked): Promise<Score> {
  return await withLabelItem(ports, truth, (reference) =>
    withLabelItem(ports, result, async (found) => {
      const outlines = treeOfBlobs(ports.blobs, await outlineFiles(ports, truth));
      try {
        const scores = await scoreCells(reference, found, { signal, coverage, outlines: outlines.entries });
        const { version, DET, SEG, TRA, LNK, CT, TF, BC, CCA, BIO, OP_CSB, OP_CTB, OP_CLB, faults, counts, reasons } =
          scores;
        const biological = { CT, TF, 'BC(0)': BC[0] ?? null, 'BC(1)': BC[1] ?? null, CCA, BIO };
        const values = { TRA, DET, SEG, LNK, ...biological, OP_CSB, OP_CTB, OP_CLB };
        return { version, values, counts: { ...faults, objects: counts.referenceObjects }, reasons };
      } finally {
        for (const entry of outlines.entries) await entry.close?.();
      }
    }),
  );
}

/** The first set of objects of a data set. */
async function setOf(ports: ScorePorts, place: ScoredDataset, signal?: AbortSignal): Promise<TrackSet> {
  const item = itemsOf(place, 'quantitativeItems').find(({ trackSets }) => trackSets.length > 0);
  if (!item) throw new NotComparable(`${nameOf(place)} holds no objects with positions`);
  if (item.trackSets.length > 1)
    throw new NotComparable(
      `${nameOf(place)}: ${item.path} holds ${item.trackSets.length} sets; scores compare one with one`,
    );
  return await readStoredSet(ports, item, item.trackSets[0]!.part, signal);
}

async function scorePaths(ports: ScorePorts, { gate, coverage, truth, result, signal }: Asked): Promise<Score> {
  const [reference, found] = [await setOf(ports, truth, signal), await setOf(ports, result, signal)];
  const unit = sharedUnit(reference, found);
  const [ofTruth, ofResult] = [readParticles(reference), readParticles(found)];
  const [particles, candidates] = inAnnotatedFrames(coverage, ofTruth.particles, ofResult.particles);
  const { version, alpha, beta, JSC, JSC_theta, RMSE, TP, FN, FP } = uncomputable(() =>
    scoreParticles(particles, candidates, gate),
  );
  const reasons = particleReasons(reference, ofTruth, ofResult);
  if (coverage === 'some frames')
    reasons.push('Only some frames are annotated: of both sides the others are left out.');
  if (coverage !== 'some objects')
    return {
      version,
      values: { alpha, beta, JSC, JSC_theta, RMSE },
      counts: { TP, FN, FP },
      gate: { value: gate, unit },
      reasons,
    };
  reasons.push(partialTruthReason(coverage, 'each of beta, JSC and JSC_theta'));
  const values = { alpha, beta: null, JSC: null, JSC_theta: null, RMSE };
  return { version, values, counts: { TP, FN }, gate: { value: gate, unit }, reasons };
}

/** Tracks of both in the frames that are annotated, counted anew without those that are not. */
function inAnnotatedFrames(
  coverage: TruthCoverage,
  truth: ParticleTrack[],
  found: ParticleTrack[],
): [truth: ParticleTrack[], found: ParticleTrack[]] {
  if (coverage !== 'some frames') return [truth, found];
  const annotated = [...new Set(truth.flatMap(({ frame }) => [...frame]))].sort((a, b) => a - b);
  const place = new Map(annotated.map((frame, at) => [frame, at]));
  const kept = ({ frame, x, y, z }: ParticleTrack): ParticleTrack => {
    const rows = [...frame.keys()].filter((row) => place.has(frame[row]!));
    const of = (axis: ArrayLike<number>) => rows.map((row) => axis[row]!);
    return { frame: rows.map((row) => place.get(frame[row]!)!), x: of(x), y: of(y), ...(z ? { z: of(z) } : {}) };
  };
  return [truth.map(kept), found.map(kept).filter(({ frame }) => frame.length > 0)];
}

async function scorePositions(ports: ScorePorts, { gate, coverage, truth, result, signal }: Asked): Promise<Score> {
  const [reference, all] = [await setOf(ports, truth, signal), await setOf(ports, result, signal)];
  const annotated = new Set(reference.objects.frame);
  const found = coverage === 'some frames' ? pointsIn(pointsOf(all), annotated) : pointsOf(all);
  const unit = sharedUnit(reference, all);
  const scores = uncomputable(() => scoreLocalisations(pointsOf(reference), found, { gate }));
  const { version, jaccard, precision, recall, RMSE, TP, FN, FP } = scores;
  const depth = 'RMSE_axial' in scores ? { RMSE_axial: scores.RMSE_axial ?? null } : {};
  if (coverage === 'some objects') {
    const values = { recall, jaccard: null, precision: null, RMSE, ...depth };
    const reasons = [partialTruthReason(coverage, 'each of jaccard and precision')];
    return { version, values, counts: { TP, FN }, gate: { value: gate, unit }, reasons };
  }
  const values = { jaccard, precision, recall, RMSE, ...depth };
  const reasons = coverage === 'some frames' ? ['Only some frames are annotated: the others are not looked at.'] : [];
  return { version, values, counts: { TP, FN, FP }, gate: { value: gate, unit }, reasons };
}

function pointsIn({ frame, x, y, z }: FramePoints, frames: ReadonlySet<number>): FramePoints {
  const rows = Array.from(frame, (_, row) => row).filter((row) => frames.has(frame[row]!));
  const of = (axis: ArrayLike<number>) => rows.map((row) => axis[row]!);
  return { frame: of(frame), x: of(x), y: of(y), ...(z ? { z: of(z) } : {}) };
}

/** Says data that cannot be scored (a gate too wide for them, frames out of order) as what they are: no fault of the program. */
export function uncomputable<Result>(compute: () => Result): Result {
  try {
    return compute();
  } catch (cause) {
    if (cause instanceof RangeError) throw new NotComparable(cause.message, { cause });
    throw cause;
  }
}
