import {
  findItems,
  type Item,
  type LabelFilm,
  openParquet,
  outlineFolder,
  type ParquetTable,
} from '@micrarium/formats';
import {
  type ClassificationScores,
  type Dataset,
  type FramePoints,
  type ParticleTrack,
  partialTruthReason,
  scoreClassification,
  scoreLocalisations,
  scoreParticles,
  SegmentationScorer,
  type StudyItem,
  type StudyVersion,
  type TrackSet,
  type TruthCoverage,
} from '@micrarium/model';
import type { ChallengeMetric } from '@micrarium/standards';
import { formKeys, mappingOf } from './forms.ts';
import { type FormPorts, openStoredImage, readStoredSet } from './open-forms.ts';
import type { StudyStore } from './ports/study-store.ts';
import { type StoredFile, treeOfBlobs } from './recognise.ts';
import {
  eachLabelFrame,
  labelFilmOf,
  NotComparable,
  particlesOf,
  pointsOf,
  scoreCells,
  sharedUnit,
} from './score-results.ts';

/** A published data set that is ground truth, or a result. */
export interface ScoredDataset {
  version: Pick<StudyVersion, 'accession' | 'version' | 'items'>;
  dataset: Dataset;
}

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

/** What scoring reads. */
export type ScorePorts = FormPorts & { studies: StudyStore };

type Score = Omit<DatasetScore, 'main'>;

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

interface Asked {
  gate: number;
  coverage: TruthCoverage;
  truth: ScoredDataset;
  result: ScoredDataset;
  signal: AbortSignal | undefined;
}

const families: Readonly<Record<ChallengeMetric, (ports: ScorePorts, asked: Asked) => Promise<Score>>> = {
  'cell tracking': scoreLabelFilms,
  'particle tracking': scorePaths,
  'instance segmentation': scoreLabels,
  localisation: scorePositions,
  classification: scoreClasses,
};

const nameOf = ({ version, dataset }: ScoredDataset) => `“${dataset.title}” of ${version.accession}`;

function itemsOf({ version, dataset }: ScoredDataset, kind: 'quantitativeItems' | 'imageItems'): StudyItem[] {
  return version.items.filter(({ id }) => dataset[kind].includes(id));
}

/** Files of an item as they were deposited. */
async function storedFiles(ports: ScorePorts, { version }: ScoredDataset, item: StudyItem): Promise<StoredFile[]> {
  const files = await Promise.all(
    item.files.map((path) => ports.studies.getVersionFile(version.accession, version.version, path)),
  );
  return files.filter((file) => file !== undefined);
}

/** Opens the label images with a track table of a data set, and closes them when `use` is done. */
async function withLabelItem<Result>(
  ports: ScorePorts,
  place: ScoredDataset,
  use: (item: Item) => Promise<Result>,
): Promise<Result> {
  const item = labelItem(place);
  if (!item) throw new NotComparable(`${nameOf(place)} holds no label images with a track table`);
  const tree = treeOfBlobs(ports.blobs, await storedFiles(ports, place, item));
  try {
    const found = (await findItems(tree)).find(({ format }) => format === 'ctc');
    if (!found) throw new NotComparable(`${nameOf(place)}: ${item.path} could not be read again`);
    return await use(found);
  } finally {
    for (const entry of tree.entries) await entry.close?.();
  }
}

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

const labelItem = (place: ScoredDataset) =>
  [...itemsOf(place, 'quantitativeItems'), ...itemsOf(place, 'imageItems')].find(({ format }) => format === 'ctc');

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
  const splits = reference.edges.source.length - new Set(reference.edges.source).size;
  const [particles, candidates] = inAnnotatedFrames(coverage, particlesOf(reference), particlesOf(found));
  const { version, alpha, beta, JSC, JSC_theta, RMSE, TP, FN, FP } = scoreParticles(particles, candidates, gate);
  const reasons = splits > 0 ? ['The ground truth divides: each path between divisions is scored by itself.'] : [];
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
  const scores = wideGate(() => scoreLocalisations(pointsOf(reference), found, { gate }));
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

/** Says a gate that is too wide for the data as what it is: no fault of the program. */
export function wideGate<Result>(compute: () => Result): Result {
  try {
    return compute();
  } catch (cause) {
    if (cause instanceof RangeError) throw new NotComparable(cause.message, { cause });
    throw cause;
  }
}

type LabelFrames = Pick<LabelFilm, 'frames' | 'labels'>;

/** Most voxels of a frame that are compared at once. */
const mostVoxels = 2 ** 27;

/** Gives the labels of a data set frame by frame: label images with a track table, or an image whose values are names of objects. */
async function withLabels<Result>(
  ports: ScorePorts,
  place: ScoredDataset,
  use: (labels: LabelFrames) => Promise<Result>,
): Promise<Result> {
  if (labelItem(place)) return await withLabelItem(ports, place, async (item) => use(await labelFilmOf(item)));
  const candidates = [...itemsOf(place, 'quantitativeItems'), ...itemsOf(place, 'imageItems')].filter(
    ({ images }) => images.length === 1 && /^uint(8|16|32)$/.test(images[0]!.type) && images[0]!.sizes.c === 1,
  );
  const named = candidates.filter(({ path }) => /mask|label|seg|annot|truth|gt/i.test(path));
  const item = candidates.length === 1 ? candidates[0] : named.length === 1 ? named[0] : undefined;
  if (!item)
    throw new NotComparable(
      `${nameOf(place)} holds ${candidates.length} images that could be label images; leave one, or name one “mask”`,
    );
  const { image, close } = await openStoredImage(ports, item, await storedFiles(ports, place, item), 0);
  const { t, z, y, x } = image.description.sizes;
  try {
    if (z * y * x > mostVoxels)
      throw new NotComparable(`${nameOf(place)}: a frame of ${z * y * x} voxels is too large`);
    return await use({
      frames: Array.from({ length: t }, (_, frame) => frame),
      async labels(frame, signal) {
        const pixels = new Float64Array(z * y * x);
        for (let slice = 0; slice < z; slice++) {
          const { data } = await image.readRegion({ t: frame, c: 0, z: slice }, undefined, 0, signal);
          pixels.set(data as ArrayLike<number>, slice * y * x);
        }
        return { pixels, shape: [z, y, x] };
      },
    });
  } finally {
    await close();
  }
}

const partialLabels: Readonly<Record<TruthCoverage, string[]>> = {
  'all objects': [],
  'some objects': [
    'Only some objects are annotated: objects of the result that touch none of them do not count, neither for nor against it.',
  ],
  'some frames': ['Only some frames are annotated: frames of the ground truth without an object are not looked at.'],
};

async function scoreLabels(ports: ScorePorts, { coverage, truth, result, signal }: Asked): Promise<Score> {
  return await withLabels(ports, truth, (reference) =>
    withLabels(ports, result, async (found) => {
      const scorer = new SegmentationScorer(undefined, coverage);
      await eachLabelFrame(reference, found, (_frame, r, s) => scorer.addFrame(r, s), { signal });
      const all = scorer.instances;
      const half = all[0]!;
      const defined = all.flatMap(({ averagePrecision }) => averagePrecision ?? []);
      const AP = defined.length === 0 ? null : defined.reduce((sum, one) => sum + one, 0) / defined.length;
      const F1 = Object.fromEntries(
        [0.5, 0.75, 0.9].map((at) => [
          `F1@${at}`,
          all.find(({ threshold }) => Math.abs(threshold - at) < 1e-9)?.F1 ?? null,
        ]),
      );
      const { TP, FP, FN } = half;
      return {
        version: 1,
        values: { AP, ...F1, SEG: scorer.seg },
        counts: { TP, FP, FN },
        reasons: partialLabels[coverage],
      };
    }),
  );
}

/** The first feature table of a data set, and what closes it. */
async function tableOf(
  ports: ScorePorts,
  place: ScoredDataset,
): Promise<{ table: ParquetTable; keys: string[]; texts: string[]; close(): Promise<void> }> {
  const item = [...itemsOf(place, 'quantitativeItems'), ...itemsOf(place, 'imageItems')].find(
    ({ tables }) => tables?.[0],
  );
  const summary = item?.tables?.[0];
  if (!item || !summary) throw new NotComparable(`${nameOf(place)} holds no feature table`);
  const source = await ports.derived.open(formKeys(item.id, mappingOf(item)).tables, `table-${summary.part}.parquet`);
  if (!source) throw new NotComparable(`${nameOf(place)}: the table is being made; submit it again in a moment`);
  const keys = summary.columns.filter(({ keyedTo }) => keyedTo !== undefined).map(({ name }) => name);
  const texts = summary.columns.filter(({ keyedTo, type }) => keyedTo === undefined && type === 'string');
  return { table: await openParquet(source), keys, texts: texts.map(({ name }) => name), close: () => source.close() };
}

/** Values of columns as texts, row by row. */
async function textsOf(table: ParquetTable, columns: readonly string[]): Promise<string[][]> {
  const rows: string[][] = [];
  for (const { start, end } of table.runs) {
    const read = await Promise.all(columns.map((column) => table.read(column, start, end)));
    for (let at = 0; at < end - start; at++) rows.push(read.map(({ values }) => String(values[at])));
  }
  return rows;
}

/** Most rows of a table of classes. */
const mostRows = 2_000_000;

async function scoreClasses(ports: ScorePorts, { truth, result }: Asked): Promise<Score> {
  const reference = await tableOf(ports, truth);
  try {
    const found = await tableOf(ports, result);
    try {
      return await compareClasses(reference, found);
    } finally {
      await found.close();
    }
  } finally {
    await reference.close();
  }
}

type OpenTable = Awaited<ReturnType<typeof tableOf>>;

async function compareClasses(reference: OpenTable, found: OpenTable): Promise<Score> {
  if (Math.max(reference.table.rows, found.table.rows) > mostRows)
    throw new NotComparable(`Tables of classes may have ${mostRows} rows`);
  const keys = reference.keys.filter((name) => found.keys.includes(name));
  const shared = reference.texts.filter((name) => found.texts.includes(name));
  const named = shared.filter((name) => /class|label|type|phenotype/i.test(name));
  const column = shared.length === 1 ? shared[0] : named.length === 1 ? named[0] : undefined;
  if (keys.length === 0 || column === undefined)
    throw new NotComparable(
      'Both tables need a column that says what a row is about (object, image, well, sample) and one column of classes, under the same names',
    );
  const keyed = async ({ table }: OpenTable) =>
    new Map((await textsOf(table, [...keys, column])).map((row) => [row.slice(0, -1).join('\u0000'), row.at(-1)!]));
  const [truth, given] = [await keyed(reference), await keyed(found)];
  // What was not answered is answered wrongly: leaving out hard ones must not pay.
  const answers = [...truth.keys()].map((key) => given.get(key) ?? '(no answer)');
  const scores = scoreClassification([...truth.values()], answers);
  const missing = answers.filter((answer) => answer === '(no answer)').length;
  return {
    version: scores.version,
    values: { balancedAccuracy: scores.balancedAccuracy, accuracy: scores.accuracy, macroF1: scores.macroF1 },
    counts: { rows: scores.n, unanswered: missing, ...confusionCounts(scores) },
    reasons: missing > 0 ? [`${missing} rows of the ground truth have no answer, and count as wrong.`] : [],
  };
}

/** Cells of the confusion matrix that hold something, as `true → given`; only of matrices a person can read. */
function confusionCounts({ classes, confusion }: ClassificationScores): Record<string, number> {
  if (classes.length > 12) return {};
  return Object.fromEntries(
    confusion.flatMap((row, i) => row.flatMap((n, j) => (n > 0 ? [[`${classes[i]} → ${classes[j]}`, n]] : []))),
  );
}
