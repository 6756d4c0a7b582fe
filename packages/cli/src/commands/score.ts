import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type FileEntry, type Item, readTrackSets } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { type ParticleScores, scoreParticles, type TrackSet, truthCoverages } from '@micrarium/model';
import {
  type CellScores,
  NotComparable,
  particleReasons,
  readParticles,
  scoreCells,
  sharedUnit,
  uncomputable,
} from '@micrarium/repository';
import { parseCommand } from '../arguments.ts';
import { itemsOfPath, type ShownItem } from '../items-of-path.ts';
import { progressOn } from '../progress.ts';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';

/** `score REFERENCE RESULT`: how well a result agrees with a reference, by the measures of the tracking challenges. */
export async function score(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    json: { type: 'boolean' },
    gate: { type: 'string' },
    'ignore-extra': { type: 'boolean' },
    annotated: { type: 'string' },
  });
  if (paths.length !== 2) throw new UsageError('score needs two paths: the reference, then the result');
  const gate = values.gate === undefined ? 5 : Number(values.gate);
  if (!(gate > 0 && Number.isFinite(gate)))
    throw new UsageError(`--gate "${String(values.gate)}" is no distance above 0`);
  const coverage = truthCoverages.find((one) => one.replace(' ', '-') === (values.annotated ?? 'all-objects'));
  if (!coverage) throw new UsageError('--annotated is "all-objects", "some-objects" or "some-frames"');
  const progress = progressOn(terminal);
  try {
    const [{ item: reference, path }, { item: result }] = [await itemOf(paths[0]!), await itemOf(paths[1]!)];
    const areCells = reference.format === 'ctc' && result.format === 'ctc';
    if (!areCells && (values.annotated !== undefined || values['ignore-extra'] === true))
      throw new UsageError(
        '--annotated and --ignore-extra are for two folders of label images; these are scored as particles, where both sides count whole',
      );
    const found = areCells
      ? {
          family: 'cells' as const,
          ...(await scoreCells(reference, result, {
            ...(values['ignore-extra'] === true ? { penalizesExtra: false } : {}),
            coverage,
            outlines: await outlinesBeside(path),
            onFrame: (done, of, frame) => progress.show(done / of, `frame ${frame}`),
          })),
        }
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

/** Files of the folder `SEG` beside the label images of a reference. */
async function outlinesBeside(path: string): Promise<FileEntry[]> {
  const about = await stat(path);
  const folder = join(resolve(about.isDirectory() ? path : dirname(path)), '..', 'SEG');
  const tree = await openFolder(folder, { depth: 1 }).catch(() => undefined);
  return [...(tree?.entries ?? [])];
}

async function itemOf(path: string): Promise<ShownItem> {
  const asked = await itemsOfPath(path);
  if (asked.missing !== undefined) throw new NotComparable(`${path}: ${asked.missing}`);
  const tracks = asked.items.filter(({ item }) => item.descriptor?.tracks);
  if (tracks.length !== 1)
    throw new NotComparable(
      `${path}: ${tracks.length === 0 ? 'no tracks were found' : 'more than one set of tracks; name one'}`,
    );
  return tracks[0]!;
}

type Scored =
  | ({ family: 'cells' } & CellScores)
  | ({ family: 'particles'; unit: string; reasons: string[] } & ParticleScores);

async function scorePoints(reference: Item, result: Item, gate: number): Promise<Scored> {
  const [truth, found] = [await setOf(reference), await setOf(result)];
  const [ofTruth, ofResult] = [readParticles(truth), readParticles(found)];
  return {
    family: 'particles',
    unit: sharedUnit(truth, found),
    ...uncomputable(() => scoreParticles(ofTruth.particles, ofResult.particles, gate)),
    reasons: particleReasons(truth, ofTruth, ofResult),
  };
}

async function setOf(item: Item): Promise<TrackSet> {
  const { sets } = await readTrackSets(await item.descriptor!.tracks!.reader(), item);
  for (const file of item.files) await file.close?.();
  if (sets.length !== 1)
    throw new NotComparable(`${item.path}: it holds ${sets.length} sets; scores compare one with one`);
  return sets[0]!;
}

function prose(found: Scored & { reference: string | undefined; result: string | undefined }): string {
  const number = (value: number | null): string => (value === null ? 'not defined' : value.toFixed(6));
  const lines = [`${found.result} against ${found.reference}`];
  if (found.family === 'cells') {
    const { DET, SEG, TRA, LNK, CT, TF, BC, CCA, BIO, OP_CSB, OP_CTB, OP_CLB, faults, counts } = found;
    const biological = { CT, TF, 'BC(0)': BC[0]!, 'BC(1)': BC[1]!, CCA, BIO };
    lines.push(
      `  Cell Tracking Challenge, ${counts.frames} frames, ${counts.referenceObjects} reference objects${found.penalizesExtra ? '' : ', extra objects not held against the result'}`,
    );
    for (const [name, value] of Object.entries({ DET, SEG, TRA, LNK, ...biological, OP_CSB, OP_CTB, OP_CLB }))
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
    lines.push(`  points TP ${TP}, FN ${FN}, FP ${FP}`, ...found.reasons.map((reason) => `  ${reason}`));
  }
  return lines.join('\n');
}
