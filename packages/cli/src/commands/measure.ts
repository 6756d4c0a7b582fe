import { type Item, readTrackSets } from '@micrarium/formats';
import {
  everyNthFrame,
  type MotionSummary,
  measureDefinitions,
  type MeasureMode,
  type PathMeasureColumn,
  type Paths,
  summariseMotion,
  type SummaryOptions,
  type TrackSet,
} from '@micrarium/model';
import { parseCommand, type Parsed, readMappings } from '../arguments.ts';
import { itemsOfPath } from '../items-of-path.ts';
import { progressOn } from '../progress.ts';
import { exitCode, type Terminal, UsageError, writeLine } from '../terminal.ts';
import { measureMode, type WrittenAs, writeAs } from './measure-mode.ts';
import { digits, headOf, quoted, unitText } from './measure-words.ts';

/** `measure PATH… [--json | --csv]`: how the objects of tracking data move. */
export async function measure(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    json: { type: 'boolean' },
    csv: { type: 'boolean' },
    dimensions: { type: 'string' },
    gaps: { type: 'string' },
    along: { type: 'string' },
    interval: { type: 'string' },
    every: { type: 'string' },
    mode: { type: 'string' },
    resamples: { type: 'string' },
    mapping: { type: 'string' },
    map: { type: 'string' },
  });
  if (paths.length === 0) throw new UsageError('measure needs the path of a file or folder with tracks');
  if (values.json && values.csv) throw new UsageError('--json and --csv cannot be asked for together');
  const options = summaryOptions(values);
  const mode = measureMode(values);
  const form = values.csv ? 'csv' : values.json ? 'json' : 'prose';
  const every = values.every === undefined ? 1 : Number(values.every);
  if (!Number.isSafeInteger(every) || every < 1)
    throw new UsageError(`--every "${String(values.every)}" is not possible`);
  const reading = await readMappings(values);
  const progress = progressOn(terminal);
  let [measured, isGood] = [0, true];
  for (const path of paths) {
    const asked = await itemsOfPath(path);
    if (asked.missing !== undefined) {
      await writeLine(terminal.err, `${path}: ${asked.missing}`);
      isGood = false;
    }
    for (const { item, path: shown } of asked.items) {
      if (!item.descriptor?.tracks) continue;
      progress.show(0, `reading ${shown}`);
      const sets = await setsOf(item, reading);
      progress.clear();
      for (const whole of sets) {
        const wanted = { path: shown, isFirst: measured++ === 0, every, mode, form, options } as const;
        const refused = await measureSet(terminal, whole, wanted).then(() => undefined, tooMuch);
        if (refused === undefined) continue;
        await writeLine(terminal.err, `${shown}: ${refused}`);
        isGood = false;
      }
    }
  }
  if (measured === 0) await writeLine(terminal.err, 'No tracks were found to measure.');
  return isGood && measured > 0 ? exitCode.good : exitCode.faulty;
}

/** Why a set cannot be measured as asked. @throws what is no such reason */
function tooMuch(fault: unknown): string {
  if (fault instanceof RangeError) return fault.message;
  throw fault;
}

interface Asked extends Pick<WrittenAs, 'path' | 'isFirst' | 'form' | 'options'> {
  every: number;
  mode: MeasureMode;
}

/** Writes what is measured of one set. */
async function measureSet(terminal: Terminal, whole: TrackSet, asked: Asked): Promise<void> {
  const { path, isFirst, every, mode, form } = asked;
  const isThinned = every > 1;
  const { set: thin, warning } = everyNthFrame(whole, every, asked.options);
  // Never done silently: the numbers are not those of the recording.
  if (isThinned) await writeLine(terminal.err, `${path}: ${warning}`);
  const set = isThinned ? thin : whole;
  const options = isThinned ? withoutInterval(asked.options) : asked.options;
  const thinned = isThinned ? { every, warning } : undefined;
  if (mode !== 'micrarium') return writeAs(terminal, { mode, path, set, form, isFirst, options, thinned });
  const found = summariseMotion(set, options);
  if (form === 'csv') return writeRows(terminal, isFirst, path, set, found);
  if (form === 'prose') return writeLine(terminal.out, prose(path, set, found.summary));
  return writeLine(terminal.out, JSON.stringify({ path, set: set.name, ...thinned, ...found.summary }));
}

/** Options of a set that knows its time between frames itself. */
function withoutInterval({ frameInterval: _given, ...options }: SummaryOptions): SummaryOptions {
  return options;
}

async function setsOf(item: Item, reading: Awaited<ReturnType<typeof readMappings>>): Promise<TrackSet[]> {
  const reader = await item.descriptor!.tracks!.reader();
  const { mapping, mappings } = reading;
  try {
    return [
      ...(await readTrackSets(reader, item, { ...(mapping ? { mapping } : {}), ...(mappings ? { mappings } : {}) }))
        .sets,
    ];
  } finally {
    for (const file of item.files) await file.close?.();
  }
}

function summaryOptions(values: Parsed['values']): SummaryOptions {
  const { dimensions, gaps, along, interval, resamples } = values;
  const number = (name: string, value: unknown, isRight: (n: number) => boolean): number | undefined => {
    if (value === undefined) return undefined;
    if (!isRight(Number(value))) throw new UsageError(`--${name} "${String(value)}" is not possible`);
    return Number(value);
  };
  const d = number('dimensions', dimensions, (n) => n === 2 || n === 3) as 2 | 3 | undefined;
  const dt = number('interval', interval, (n) => n > 0 && Number.isFinite(n));
  const draws = number('resamples', resamples, (n) => Number.isInteger(n) && n >= 0 && n <= 100_000) ?? 1000;
  if (gaps !== undefined && gaps !== 'keep' && gaps !== 'drop' && gaps !== 'interpolate')
    throw new UsageError('--gaps is keep, drop or interpolate');
  if (along !== undefined && along !== 'links' && along !== 'root-to-leaf')
    throw new UsageError('--along is links or root-to-leaf');
  return {
    resamples: draws,
    ...(d ? { dimensions: d } : {}),
    ...(dt ? { frameInterval: dt } : {}),
    ...(gaps ? { gapPolicy: gaps } : {}),
    ...(along ? { along } : {}),
  };
}

/** One row per path; undefined values are empty, never 0. */
async function writeRows(
  terminal: Terminal,
  isFirst: boolean,
  path: string,
  set: TrackSet,
  { paths, columns }: { paths: Paths; columns: readonly PathMeasureColumn[] },
): Promise<void> {
  if (isFirst) {
    const names = columns.map(({ id, unit }) => headOf(id, unit));
    await writeLine(
      terminal.out,
      ['file', 'set', 'track', 'first_object', 'first_frame', ...names].map(quoted).join(','),
    );
  }
  for (let row = 0; row < paths.count; row++) {
    const first = paths.rows[paths.offsets[row]!]!;
    const numbers = columns.map(({ values }) => (Number.isNaN(values[row]!) ? '' : String(values[row]!)));
    const about = [
      path,
      set.name,
      String(paths.track[row]!),
      String(set.objects.id[first]!),
      String(paths.frame[first]!),
    ];
    await writeLine(terminal.out, [...about.map(quoted), ...numbers].join(','));
  }
}

const shownMeasures = [
  'duration',
  'path_length',
  'net_displacement',
  'mean_speed',
  'straightness',
  'mean_turning_angle',
];

function prose(path: string, set: TrackSet, summary: MotionSummary): string {
  const { quality, units, fits, directions, lineage } = summary;
  const share = (value: number | null): string => (value === null ? 'not defined' : `${(value * 100).toFixed(1)} %`);
  const { filled } = summary;
  const lines = [
    `${path}${set.name === '' ? '' : `, ${set.name}`}`,
    ...(filled === undefined
      ? []
      : [`  gaps: ${filled} positions were put in on straight lines, as --gaps interpolate asks`]),
    `  ${quality.paths} paths, ${quality.steps} steps, ${summary.dimensions} dimensions, ${digits(summary.frameInterval)} ${unitText(units.time)} between frames`,
    `  quality: gaps ${share(quality.gapShare)}, shorter than 5 detections ${share(quality.shortShare)}, jumps ${quality.jumps}, step to nearest neighbour ${quality.stepToNeighbour === null ? 'not defined' : digits(quality.stepToNeighbour)}`,
  ];
  for (const one of summary.measures.filter(({ id }) => shownMeasures.includes(id))) {
    const title = measureDefinitions.get(one.id)!.title.toLowerCase();
    const interval = one.interval ? ` (${digits(one.interval.low)} to ${digits(one.interval.high)}, 95 %)` : '';
    lines.push(
      one.mean === null
        ? `  ${title}: not defined for any path`
        : `  ${title}: ${digits(one.mean)}${one.unit === '' ? '' : ` ${unitText(one.unit)}`}${interval}, n ${one.n} [${one.id}${one.gapPolicy ? `, gaps: ${one.gapPolicy}` : ''}]`,
    );
  }
  if (fits.anomalous)
    lines.push(
      `  exponent of the mean squared displacement: ${digits(fits.anomalous.parameters.alpha)} (${fits.anomalous.motion}), lags ${fits.lags.join(' to ')}`,
    );
  if (fits.furth)
    lines.push(
      fits.furth.isResolved
        ? `  persistent random walk: speed ${digits(fits.furth.parameters.S)} ${unitText(`${units.length}/${units.time}`)}, persistence ${digits(fits.furth.parameters.P)} ${unitText(units.time)}`
        : `  persistent random walk: persistence is shorter than the frame interval and cannot be resolved`,
    );
  if (directions.persistence.isNoisy)
    lines.push(
      '  directions: neighbouring steps point against each other more than farther ones, a mark of localisation noise',
    );
  if (lineage.divisions > 0)
    lines.push(
      `  lineage: ${lineage.divisions} divisions, ${lineage.completeCycles} complete cycles, median ${lineage.medianCycleLength === null ? 'not reached' : `${digits(lineage.medianCycleLength)} ${unitText(units.time)}`}`,
    );
  return lines.join('\n');
}
