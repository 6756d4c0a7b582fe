import { type Item, type LabelFilm, openLabelFilm, readTrackSets } from '@micrarium/formats';
import {
  biologicalScore,
  type CellTrackingScores,
  CellTrackingScorer,
  checkLabelTracks,
  type ParticleScores,
  type ParticleTrack,
  pathsOf,
  scoreParticles,
  type TrackSet,
} from '@micrarium/model';
import { parseCommand } from '../arguments.ts';
import { itemsOfPath } from '../items-of-path.ts';
import { type Progress, progressOn } from '../progress.ts';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';

/** The two cannot be compared; the message says why. */
class NotComparable extends Error {
  override readonly name = 'NotComparable';
}

/** `score REFERENCE RESULT`: how well a result agrees with a reference, by the measures of the tracking challenges. */
export async function score(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    json: { type: 'boolean' },
    gate: { type: 'string' },
    'ignore-extra': { type: 'boolean' },
  });
  if (paths.length !== 2) throw new UsageError('score needs two paths: the reference, then the result');
  const gate = values.gate === undefined ? 5 : Number(values.gate);
  if (!(gate > 0 && Number.isFinite(gate)))
    throw new UsageError(`--gate "${String(values.gate)}" is no distance above 0`);
  const progress = progressOn(terminal);
  try {
    const [reference, result] = [await itemOf(paths[0]!), await itemOf(paths[1]!)];
    const found =
      reference.format === 'ctc' && result.format === 'ctc'
        ? await scoreCells(reference, result, values['ignore-extra'] !== true, progress)
        : await scorePoints(reference, result, gate);
    progress.clear();
    const answer = { reference: paths[0], result: paths[1], ...found };
    await writeLine(terminal.out, values.json ? JSON.stringify(answer) : prose(answer));
    return exitCode.good;
  } catch (error) {
    progress.clear();
    if (!(error instanceof NotComparable)) throw error;
    await writeLine(terminal.err, `micrarium: ${error.message}`);
    return exitCode.faulty;
  }
}

async function itemOf(path: string): Promise<Item> {
  const asked = await itemsOfPath(path);
  if (asked.missing !== undefined) throw new NotComparable(`${path}: ${asked.missing}`);
  const tracks = asked.items.filter(({ item }) => item.descriptor?.tracks);
  if (tracks.length !== 1)
    throw new NotComparable(
      `${path}: ${tracks.length === 0 ? 'no tracks were found' : 'more than one set of tracks; name one'}`,
    );
  return tracks[0]!.item;
}

type Scored =
  | ({ family: 'cells'; BIO: number | null } & CellTrackingScores)
  | ({ family: 'particles'; unit: string } & ParticleScores);

async function scoreCells(reference: Item, result: Item, penalizesExtra: boolean, progress: Progress): Promise<Scored> {
  const [truth, found] = [await openFilm(reference), await openFilm(result)];
  const [fault] = checkLabelTracks(found.tracks);
  if (fault) throw new NotComparable(`${result.path}: ${fault.message} A result with such a table has no score.`);
  const scorer = new CellTrackingScorer(truth.tracks, found.tracks);
  const missing = truth.frames.filter((frame) => !found.frames.includes(frame));
  if (missing.length > 0)
    throw new NotComparable(
      `The result has no label image of frame ${missing.slice(0, 5).join(', ')}; every frame of the reference is needed.`,
    );
  for (const [done, frame] of truth.frames.entries()) {
    progress.show(done / truth.frames.length, `frame ${frame}`);
    const [r, s] = await Promise.all([truth.labels(frame), found.labels(frame)]).catch((cause: unknown) => {
      throw new NotComparable(cause instanceof Error ? cause.message : String(cause), { cause });
    });
    if (r.shape.join('×') !== s.shape.join('×'))
      throw new NotComparable(
        `Frame ${frame} is ${r.shape.join(' × ')} in the reference and ${s.shape.join(' × ')} in the result.`,
      );
    scorer.addFrame(frame, r.pixels, s.pixels);
  }
  const scores = scorer.finish(penalizesExtra);
  return { family: 'cells', ...scores, BIO: biologicalScore(scores) };
}

async function openFilm(item: Item): Promise<LabelFilm> {
  const film = await openLabelFilm(item);
  if (!film || film.frames.length === 0)
    throw new NotComparable(`${item.path}: there are no label images beside the track table`);
  // The reader goes on without a broken line; a score must not.
  const [issue] = film.issues;
  if (issue) throw new NotComparable(`${item.path}: ${issue.message} A table with such lines has no score.`);
  return film;
}

async function scorePoints(reference: Item, result: Item, gate: number): Promise<Scored> {
  const [truth, found] = [await setOf(reference), await setOf(result)];
  const units = [truth, found].map(({ spaceUnit }) => spaceUnit ?? 'unknown');
  if (units[0] !== units[1] && !units.includes('unknown'))
    throw new NotComparable(`The reference is in ${units[0]}, the result in ${units[1]}: convert one of them.`);
  return { family: 'particles', unit: units[0]!, ...scoreParticles(particles(truth), particles(found), gate) };
}

async function setOf(item: Item): Promise<TrackSet> {
  const { sets } = await readTrackSets(await item.descriptor!.tracks!.reader(), item);
  for (const file of item.files) await file.close?.();
  if (sets.length !== 1)
    throw new NotComparable(`${item.path}: it holds ${sets.length} sets; scores compare one with one`);
  return sets[0]!;
}

/** Paths as particles; a branching object ends one path and begins others, as the measures take them. */
function particles(set: TrackSet): ParticleTrack[] {
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

function prose(found: Scored & { reference: string | undefined; result: string | undefined }): string {
  const number = (value: number | null): string => (value === null ? 'not defined' : value.toFixed(6));
  const lines = [`${found.result} against ${found.reference}`];
  if (found.family === 'cells') {
    const { DET, LNK, TRA, CT, TF, BC, CCA, BIO, faults, counts } = found;
    lines.push(
      `  Cell Tracking Challenge, ${counts.frames} frames, ${counts.referenceObjects} reference objects${found.penalizesExtra ? '' : ', extra objects not held against the result'}`,
    );
    for (const [name, value] of Object.entries({ DET, LNK, TRA, CT, TF, 'BC(0)': BC[0]!, 'BC(1)': BC[1]!, CCA, BIO }))
      lines.push(`  ${name.padEnd(6)} ${number(value)}`);
    lines.push(
      `  faults ${Object.entries(faults)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')}`,
    );
    lines.push(...found.reasons.map((reason) => `  ${reason}`));
  } else {
    const { alpha, beta, JSC, JSC_theta, RMSE, TP, FN, FP } = found;
    lines.push(`  particle tracking challenge, gate ${found.gate} ${found.unit}`);
    for (const [name, value] of Object.entries({ alpha, beta, JSC, JSC_theta, RMSE }))
      lines.push(`  ${name.padEnd(9)} ${number(value)}`);
    lines.push(`  points TP ${TP}, FN ${FN}, FP ${FP}`);
  }
  return lines.join('\n');
}
