import {
  compatibleDefinitions,
  type CompatibleMeasures,
  compatibleMeasures,
  type CompatibleMode,
  type MeasureMode,
  measureModes,
  summariseMeasure,
  type SummaryOptions,
  type TrackSet,
} from '@micrarium/model';
import type { Parsed } from '../arguments.ts';
import { type Terminal, UsageError, writeLine } from '../terminal.ts';
import { digits, headOf, quoted, unitText } from './measure-words.ts';

/** The mode asked for with `--mode`. @throws UsageError for what is none, and for options that other programs do not have */
export function measureMode({ mode, gaps, along, dimensions }: Parsed['values']): MeasureMode {
  if (mode === undefined || mode === 'micrarium') return 'micrarium';
  const found = measureModes.find((one) => one === mode);
  if (!found) throw new UsageError(`--mode is ${measureModes.join(', ')}`);
  if (gaps !== undefined) throw new UsageError(`--gaps is of our own measures; ${found} counts gaps in its own way`);
  if (along !== undefined) throw new UsageError(`--along is of our own measures; ${found} takes tracks in its own way`);
  if (dimensions !== undefined && found === 'trackmate')
    throw new UsageError('--dimensions is of our own measures and of trackpy; TrackMate always takes z too');
  return found;
}

/** How the numbers of a set are written. */
export interface WrittenAs {
  mode: CompatibleMode;
  path: string;
  set: TrackSet;
  form: 'csv' | 'json' | 'prose';
  /** Does the head of the table come before? */
  isFirst: boolean;
  options: SummaryOptions;
  /** Of a set that was thinned out. */
  thinned: { every: number; warning: string } | undefined;
}

/** Writes what another program would say of a set. */
export async function writeAs(terminal: Terminal, asked: WrittenAs): Promise<void> {
  const { mode, path, set, form, options } = asked;
  const found = compatibleMeasures(set, mode, options);
  if (form === 'csv')
    return mode === 'trackpy' ? writeLags(terminal, asked, found) : writeTracks(terminal, asked, found);
  const measures = found.columns.map((column) => summariseMeasure(column, options.resamples ?? 0));
  if (form === 'prose') return writeLine(terminal.out, prose(path, set, found, measures));
  const { level, units, msd } = found;
  const said = { path, set: set.name, ...asked.thinned, mode, level, units, measures };
  return writeLine(terminal.out, JSON.stringify(mode === 'trackpy' ? { ...said, emsd: msd } : said));
}

async function writeTracks(terminal: Terminal, { path, set, isFirst }: WrittenAs, found: CompatibleMeasures) {
  const { columns, first, track, count } = found;
  const heads = columns.map(({ id, unit }) => headOf(titleOf(id), unit));
  if (isFirst)
    await writeLine(
      terminal.out,
      ['file', 'set', 'track', 'first_object', 'first_frame', ...heads].map(quoted).join(','),
    );
  for (let row = 0; row < count; row++) {
    const { id, frame } = set.objects;
    const about = [path, set.name, String(track[row]!), String(id[first[row]!]!), String(frame[first[row]!]!)];
    const numbers = columns.map(({ values }) => (Number.isNaN(values[row]!) ? '' : String(values[row]!)));
    await writeLine(terminal.out, [...about.map(quoted), ...numbers].join(','));
  }
}

async function writeLags(terminal: Terminal, { path, set, isFirst }: WrittenAs, { msd, units }: CompatibleMeasures) {
  const heads = ['lag [frame]', `lagt [${units.time}]`, `msd [${units.length}^2]`, 'particles'];
  if (isFirst) await writeLine(terminal.out, ['file', 'set', ...heads].map(quoted).join(','));
  for (const point of msd)
    await writeLine(
      terminal.out,
      [quoted(path), quoted(set.name), point.lag, point.tau, point.msd ?? '', point.n].join(','),
    );
}

const titleOf = (id: string) => compatibleDefinitions.get(id)!.title;

/** Lags that are written for people; the table has all. */
const shownLags = 5;

function prose(
  path: string,
  set: TrackSet,
  { mode, count, msd, units }: CompatibleMeasures,
  measures: readonly ReturnType<typeof summariseMeasure>[],
): string {
  const how =
    mode === 'trackmate'
      ? `as TrackMate defines them: ${count} tracks, each with all of its branches and gaps`
      : `as trackpy defines them: ${count} particles, each an unbranched path`;
  const lines = [`${path}${set.name === '' ? '' : `, ${set.name}`}`, `  ${how}`];
  for (const { id, mean, unit, interval, n } of measures) {
    const between = interval ? ` (${digits(interval.low)} to ${digits(interval.high)}, 95 %)` : '';
    const value = mean === null ? 'not defined' : `${digits(mean)}${unit === '' ? '' : ` ${unitText(unit)}`}${between}`;
    lines.push(`  ${titleOf(id)}: ${value}, n ${n} [${id}]`);
  }
  for (const { lag, tau, msd: value, n } of msd.slice(0, shownLags))
    lines.push(
      `  emsd at lag ${lag} (${digits(tau)} ${unitText(units.time)}): ${value === null ? 'not defined' : `${digits(value)} ${unitText(`${units.length}^2`)}`}, ${n} particles [trackpy.emsd]`,
    );
  return lines.join('\n');
}
