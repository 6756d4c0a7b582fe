import { type FileEntry, type Item, type LabelFilm, openLabelFilm, outlineImages } from '@micrarium/formats';
import {
  biologicalScore,
  buildTrackGraph,
  type CellTrackingScores,
  CellTrackingScorer,
  checkLabelTracks,
  type FramePoints,
  overlapsOf,
  type ParticleTrack,
  SegmentationScorer,
  type TrackSet,
  type TruthCoverage,
} from '@micrarium/model';

/** A reference and a result cannot be compared; the message says why, in words for people. */
export class NotComparable extends Error {
  override readonly name = 'NotComparable';
}

/** Opens label images with their track table for scoring. @throws NotComparable where there are none, or the table is damaged */
export async function labelFilmOf(item: Item): Promise<LabelFilm> {
  const film = await openLabelFilm(item);
  if (!film || film.frames.length === 0)
    throw new NotComparable(`${item.path}: there are no label images beside the track table`);
  // The reader goes on without a broken line; a score must not.
  const [issue] = film.issues;
  if (issue) throw new NotComparable(`${item.path}: ${issue.message} A table with such lines has no score.`);
  return film;
}

/** Two label films frame by frame. @param take gets the labels of both. @throws NotComparable where a frame is missing or of another size */
export async function eachLabelFrame(
  truth: Pick<LabelFilm, 'frames' | 'labels'>,
  found: Pick<LabelFilm, 'frames' | 'labels'>,
  take: (frame: number, reference: ArrayLike<number>, result: ArrayLike<number>) => void,
  {
    signal,
    onFrame,
  }: { signal?: AbortSignal | undefined; onFrame?(done: number, of: number, frame: number): void } = {},
): Promise<void> {
  const missing = truth.frames.filter((frame) => !found.frames.includes(frame));
  if (missing.length > 0)
    throw new NotComparable(
      `The result has no label image of frame ${missing.slice(0, 5).join(', ')}; every frame of the reference is needed.`,
    );
  for (const [done, frame] of truth.frames.entries()) {
    signal?.throwIfAborted();
    onFrame?.(done, truth.frames.length, frame);
    const [r, s] = await Promise.all([truth.labels(frame, signal), found.labels(frame, signal)]).catch(
      (cause: unknown) => {
        signal?.throwIfAborted();
        throw new NotComparable(cause instanceof Error ? cause.message : String(cause), { cause });
      },
    );
    if (r.shape.join('×') !== s.shape.join('×'))
      throw new NotComparable(
        `Frame ${frame} is ${r.shape.join(' × ')} in the reference and ${s.shape.join(' × ')} in the result.`,
      );
    take(frame, r.pixels, s.pixels);
  }
}

/** Scores of the Cell Tracking Challenge, with those that need the outlines and those that join others. */
export type CellScores = CellTrackingScores & {
  BIO: number | null;
  /** Mean Jaccard index of the reference outlines. */
  SEG: number | null;
  /** Of the segmentation, tracking and linking benchmark. */
  OP_CSB: number | null;
  OP_CTB: number | null;
  OP_CLB: number | null;
};

/**
 * Scores of the Cell Tracking Challenge of two items of label images.
 * @param options `outlines`: files of the reference among which `man_seg…` images are looked for; without any, SEG is that of the labels
 * of the tracks, and said to be
 * @throws NotComparable
 */
export async function scoreCells(
  reference: Item,
  result: Item,
  options: {
    /** Where left out: unless only some objects are annotated. */
    penalizesExtra?: boolean;
    coverage?: TruthCoverage;
    outlines?: readonly FileEntry[];
    signal?: AbortSignal | undefined;
    onFrame?(done: number, of: number, frame: number): void;
  } = {},
): Promise<CellScores> {
  const [truth, found] = [await labelFilmOf(reference), await labelFilmOf(result)];
  const refuse = (message: string) =>
    new NotComparable(`${result.path}: ${message} A result with such a table has no score.`);
  const [fault] = checkLabelTracks(found.tracks);
  if (fault) throw refuse(fault.message);
  const { coverage = 'all objects' } = options;
  const scorer = new CellTrackingScorer(truth.tracks, found.tracks);
  const segments = new SegmentationScorer([]);
  const outlines = outlineImages(options.outlines ?? []);
  await eachLabelFrame(
    truth,
    found,
    (frame, r, s) => {
      const overlaps = overlapsOf(r, s);
      if (coverage === 'some frames' && overlaps.referenceSizes.size === 0) return;
      scorer.addOverlaps(frame, overlaps);
      if (outlines.length === 0) segments.addOverlaps(overlaps);
    },
    options,
  );
  const [misfit] = scorer.resultMisfits();
  if (misfit) throw refuse(misfit.message);
  await addOutlines(segments, outlines, found, options.signal);
  const scores = scorer.finish(options.penalizesExtra ?? coverage !== 'some objects', coverage);
  if (outlines.length === 0)
    scores.reasons.push(
      'No outlines (SEG/man_seg…tif) lie beside the reference: SEG is that of the labels of its tracks.',
    );
  // Of the biological measures TF alone is left of a partial truth: no mean of several.
  const [BIO, SEG] = [coverage === 'all objects' ? biologicalScore(scores) : null, segments.seg];
  const mean = (a: number | null, b: number | null) => (a === null || b === null ? null : (a + b) / 2);
  const { DET, TRA, LNK } = scores;
  return { ...scores, BIO, SEG, OP_CSB: mean(DET, SEG), OP_CTB: mean(SEG, TRA), OP_CLB: mean(LNK, BIO) };
}

/** Holds outlines to the result's labels of their frame, or of the one slice that is drawn. */
async function addOutlines(
  segments: SegmentationScorer,
  outlines: ReturnType<typeof outlineImages>,
  found: LabelFilm,
  signal?: AbortSignal,
): Promise<void> {
  for (const { frame, slice, labels } of outlines) {
    signal?.throwIfAborted();
    const [r, s] = await Promise.all([labels(signal), found.labels(frame, signal)]).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw new NotComparable(cause instanceof Error ? cause.message : String(cause), { cause });
    });
    const [slices, rows, columns] = s.shape;
    const drawn = slice === undefined ? [slices, rows, columns] : [1, rows, columns];
    if (r.shape.join('×') !== drawn.join('×') || (slice ?? 0) >= slices)
      throw new NotComparable(
        `The outlines of frame ${frame} are ${r.shape.join(' × ')}, the result there ${s.shape.join(' × ')}.`,
      );
    const plane = rows * columns;
    const labelled =
      slice === undefined ? s.pixels : Array.prototype.slice.call(s.pixels, slice * plane, (slice + 1) * plane);
    segments.addFrame(r.pixels, labelled);
  }
}

/** The unit both sets are in; `unknown` where either does not say. @throws NotComparable where they differ */
export function sharedUnit(truth: Pick<TrackSet, 'spaceUnit'>, found: Pick<TrackSet, 'spaceUnit'>): string {
  const units = [truth, found].map(({ spaceUnit }) => spaceUnit ?? 'unknown');
  if (units[0] !== units[1] && !units.includes('unknown'))
    throw new NotComparable(`The reference is in ${units[0]}, the result in ${units[1]}: convert one of them.`);
  return units[0]!;
}

/** Particles of a set, and how many were left out because an object inside of them has no position. */
export interface ParticlesOfSet {
  particles: ParticleTrack[];
  leftOut: number;
}

/**
 * The particles of a set, as the challenge reads its files: each unbranched chain is one, so that every object counts once. An object
 * without edges, or one from which chains only part, is a particle of one frame; not so where its program names tracks and this one lies in
 * none, or hid it by a filter. Objects without a position are cut off at both ends of a particle; one with such an object inside is left out whole.
 */
export function readParticles(set: Pick<TrackSet, 'objects' | 'edges' | 'sourceTracks'>): ParticlesOfSet {
  const { objects } = set;
  const { frame, x, y, z } = objects;
  const { linkOfObject, linkCount, inDegree, outDegree } = buildTrackGraph(objects.count, set.edges);
  const visible = objects.columns.find(({ name, type }) => name === 'visible' && type === 'bool');
  const named = objects.columns.find(({ role }) => role === 'track');
  const isResult = (row: number) =>
    (visible?.values[row] !== 0 || visible.missing?.[row] === 1) &&
    (named ? named.missing?.[row] !== 1 : set.sourceTracks === undefined);
  const chains = Array.from({ length: linkCount }, (): number[] => []);
  for (let row = 0; row < objects.count; row++) {
    const link = linkOfObject[row]!;
    if (link >= 0) chains[link]!.push(row);
    else if (inDegree[row]! + outDegree[row]! > 0 || isResult(row)) chains.push([row]);
  }
  const hasPlace = (row: number) =>
    Number.isFinite(x[row]) && Number.isFinite(y[row]) && (z === undefined || Number.isFinite(z[row]));
  const particles: ParticleTrack[] = [];
  let leftOut = 0;
  for (const chain of chains) {
    chain.sort((a, b) => frame[a]! - frame[b]! || a - b);
    const rows = chain.slice(chain.findIndex(hasPlace), chain.findLastIndex(hasPlace) + 1);
    if (rows.length === 0) continue;
    if (!rows.every(hasPlace)) {
      leftOut++;
      continue;
    }
    const of = (axis: ArrayLike<number>) => rows.map((row) => axis[row]!);
    particles.push({ frame: of(frame), x: of(x), y: of(y), ...(z ? { z: of(z) } : {}) });
  }
  return { particles, leftOut };
}

/** The particles of a set; see `readParticles`. */
export const particlesOf = (set: Pick<TrackSet, 'objects' | 'edges' | 'sourceTracks'>): ParticleTrack[] =>
  readParticles(set).particles;

/** What is to be known of particles beside their score. @param set the ground truth */
export function particleReasons(set: Pick<TrackSet, 'edges'>, truth: ParticlesOfSet, found: ParticlesOfSet): string[] {
  const reasons: string[] = [];
  const { source } = set.edges;
  if (source.length > new Set(source).size)
    reasons.push('The ground truth divides: each path between divisions is scored by itself.');
  for (const [name, { particles, leftOut }] of [
    ['ground truth', truth],
    ['result', found],
  ] as const) {
    const single = particles.filter(({ frame }) => frame.length === 1).length;
    const said = (count: number, words: string) =>
      count > 0 && reasons.push(`${count} ${count === 1 ? 'particle' : 'particles'} of the ${name} ${words}.`);
    said(single, 'seen in one frame only');
    said(leftOut, 'left out, for a position inside is missing');
  }
  return reasons;
}

/** Objects of a set as points in frames. */
export const pointsOf = ({ objects: { frame, x, y, z } }: Pick<TrackSet, 'objects'>): FramePoints => ({
  frame,
  x,
  y,
  ...(z ? { z } : {}),
});
