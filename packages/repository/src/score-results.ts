import { type Item, type LabelFilm, openLabelFilm } from '@micrarium/formats';
import {
  biologicalScore,
  type CellTrackingScores,
  CellTrackingScorer,
  checkLabelTracks,
  type FramePoints,
  type ParticleTrack,
  pathsOf,
  type TrackSet,
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

/** Scores of the Cell Tracking Challenge of two items of label images. @throws NotComparable */
export async function scoreCells(
  reference: Item,
  result: Item,
  options: {
    penalizesExtra?: boolean;
    signal?: AbortSignal | undefined;
    onFrame?(done: number, of: number, frame: number): void;
  } = {},
): Promise<CellTrackingScores & { BIO: number | null }> {
  const [truth, found] = [await labelFilmOf(reference), await labelFilmOf(result)];
  const [fault] = checkLabelTracks(found.tracks);
  if (fault) throw new NotComparable(`${result.path}: ${fault.message} A result with such a table has no score.`);
  const scorer = new CellTrackingScorer(truth.tracks, found.tracks);
  await eachLabelFrame(truth, found, (frame, r, s) => scorer.addFrame(frame, r, s), options);
  const scores = scorer.finish(options.penalizesExtra ?? true);
  return { ...scores, BIO: biologicalScore(scores) };
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
