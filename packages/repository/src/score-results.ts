import { type FileEntry, type Item, type LabelFilm, openLabelFilm, outlineImages } from '@micrarium/formats';
import {
  biologicalScore,
  type CellTrackingScores,
  CellTrackingScorer,
  checkLabelTracks,
  type FramePoints,
  overlapsOf,
  type ParticleTrack,
  pathsOf,
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

/** Paths as particles; a branching object ends one path and begins others, as the measures take them. */
export function particlesOf(set: TrackSet): ParticleTrack[] {
  const paths = pathsOf(set);
  return Array.from({ length: paths.count }, (_, path): ParticleTrack => {
    const rows = [...paths.rows.subarray(paths.offsets[path]!, paths.offsets[path + 1]!)];
    const of = (axis: ArrayLike<number>) => rows.map((row) => axis[row]!);
    return {
      frame: of(paths.frame),
      x: of(paths.x),
      y: of(paths.y),
      ...(paths.dimensions === 3 ? { z: of(paths.z) } : {}),
    };
  });
}

/** Objects of a set as points in frames. */
export const pointsOf = ({ objects: { frame, x, y, z } }: Pick<TrackSet, 'objects'>): FramePoints => ({
  frame,
  x,
  y,
  ...(z ? { z } : {}),
});
