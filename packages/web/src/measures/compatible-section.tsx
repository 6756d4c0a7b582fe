import * as Plot from '@observablehq/plot';
import {
  compatibleDefinitions,
  type CompatibleMeasures,
  compatibleMeasures,
  type CompatibleMode,
  type MeasureMode,
  measureModes,
  type MeasureSummary,
  summariseMeasure,
  type TrackSet,
} from '@micrarium/model';
import { type JSX, type ReactNode, useMemo } from 'react';
import { AnswerFailed } from '../app/failures.tsx';
import { navigate, usePageLocation } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount } from '../messages/written.ts';
import { Figure } from '../plots/figure.tsx';
import { saveText } from '../viewer/save.ts';
import { formulaKey, reasonKey } from './measure-titles.ts';
import { frame } from './objects-over-time.tsx';
import type { PathsPlan } from './paths-plan.ts';
import { StatisticsCells, StatisticsHeads } from './statistics-cells.tsx';

/** As the programs are called. */
const programs: Readonly<Record<MeasureMode, string>> = {
  micrarium: 'Micrarium',
  trackmate: 'TrackMate',
  trackpy: 'trackpy',
};

/** Draws for intervals, and the rows up to which they are drawn: those of the stored measures. */
const [resamples, mostDrawn] = [400, 5000];

/** By whose definitions the page measures: `as` in the address, ours where it says none. */
export function useMeasureMode(): [MeasureMode, (mode: MeasureMode) => void] {
  const { path, search } = usePageLocation();
  const mode = measureModes.find((one) => one === search.as) ?? 'micrarium';
  const choose = (next: MeasureMode) => {
    const { as: _before, ...rest } = search;
    const chosen = next === 'micrarium' ? rest : { ...rest, as: next };
    void navigate(path, { search: chosen, replace: true, keepScroll: true });
  };
  return [mode, choose];
}

/** The choice of whose definitions are followed. */
export function ModeChoice({ mode, choose }: { mode: MeasureMode; choose(mode: MeasureMode): void }): JSX.Element {
  const text = useText();
  return (
    <label className="row">
      <span className="s m2">{text('measures.asDefinedBy')}</span>
      <select className="sel sm" value={mode} onChange={(event) => choose(event.target.value as MeasureMode)}>
        {measureModes.map((one) => (
          <option key={one} value={one}>
            {programs[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

interface SectionProps {
  mode: CompatibleMode;
  /** The positions and edges of the set; absent while they are fetched. */
  tracks: TrackSet | undefined;
  plan: PathsPlan;
  objects: number;
  error: Error | null;
  again(): void;
  choice: ReactNode;
}

/** The measures of a set as another program defines them: to hold the numbers of that program against. */
export function CompatibleSection({ mode, tracks, plan, objects, error, again, choice }: SectionProps): JSX.Element {
  const text = useText();
  const found = useMemo(() => (tracks ? compatibleMeasures(tracks, mode) : undefined), [tracks, mode]);
  const isOfTracks = mode === 'trackmate';
  return (
    <section aria-labelledby="numbers-title">
      <div className="sh">
        <h2 id="numbers-title">{text('measures.numbers')}</h2>
        <span className="end">
          {choice}
          {found && tracks ? (
            <button
              type="button"
              className="btn quiet sm"
              onClick={() => saveText(`${mode}.csv`, 'text/csv', rowsOf(found, tracks))}
            >
              {text(isOfTracks ? 'measures.tracksCsv' : 'measures.particlesCsv')}
            </button>
          ) : null}
        </span>
      </div>
      <p className="s m2 lead">{text(isOfTracks ? 'measures.asTrackmate' : 'measures.asTrackpy')}</p>
      {found ? (
        <Table found={found} />
      ) : error ? (
        <AnswerFailed error={error} again={again} />
      ) : (
        <p className="s" role="status">
          {plan === 'too-many'
            ? text('measures.asTooMany', { objects: writtenCount(objects), mode })
            : text('measures.asFetching', { objects: writtenCount(objects) })}
        </p>
      )}
      {found && found.msd.length > 0 ? <Emsd {...found} /> : null}
    </section>
  );
}

function Table({ found }: { found: CompatibleMeasures }): JSX.Element {
  const rows = useMemo(
    () => found.columns.map((column) => summariseMeasure(column, resamples, found.count > mostDrawn)),
    [found],
  );
  return (
    <div className="tablebox" role="region" aria-labelledby="numbers-title" tabIndex={0}>
      <table className="table num">
        <thead>
          <StatisticsHeads counted={found.level === 'track' ? 'tracks' : 'particles'} />
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ row }: { row: MeasureSummary }): JSX.Element {
  const text = useText();
  const definition = compatibleDefinitions.get(row.id)!;
  const reason =
    definition.undefinedWhen && row.undefinedPaths > 0 ? text(reasonKey(definition.undefinedWhen)) : undefined;
  return (
    <tr>
      <th scope="row">
        <details>
          <summary>{definition.title}</summary>
          <p className="s m2">
            <code>{text(formulaKey(row.id))}</code>
          </p>
          <p className="xs m2">
            {row.id} v{row.version} · {definition.source}
            {reason ? ` · ${text('measures.without', { count: row.undefinedPaths })}: ${reason}` : ''}
          </p>
        </details>
      </th>
      <StatisticsCells row={row} none={reason} />
    </tr>
  );
}

/** One row a track or particle, every value without rounding; what is undefined is empty. */
function rowsOf({ columns, count, track, first }: CompatibleMeasures, { objects }: TrackSet): string {
  const heads = columns.map(({ id, version, unit }) => `${id} v${version}${unit === '' ? '' : ` (${unit})`}`);
  const lines = Array.from({ length: count }, (_, row) => {
    const about = [track[row]!, objects.id[first[row]!]!, objects.frame[first[row]!]!];
    return [...about, ...columns.map(({ values }) => (Number.isNaN(values[row]!) ? '' : values[row]!))].join(',');
  });
  return [['track', 'first_object', 'first_frame', ...heads].join(','), ...lines].join('\n');
}

/** trackpy's emsd on two logarithmic axes. */
function Emsd({ msd, units }: CompatibleMeasures): JSX.Element {
  const text = useText();
  const { id, version } = compatibleDefinitions.get('trackpy.emsd')!;
  const seen = msd.filter((point) => point.msd !== null && point.msd > 0);
  const square = `${units.length}^2`;
  return (
    <div className="plots grid">
      <Figure
        title={text('measures.emsd')}
        name="emsd"
        sentence={text('measures.emsdHow')}
        csv={() =>
          [
            `lag (frame),lagt (${units.time}),${id} v${version} (${square}),particles`,
            ...msd.map((point) => [point.lag, point.tau, point.msd ?? '', point.n].join(',')),
          ].join('\n')
        }
        draw={() =>
          Plot.plot({
            ...frame,
            marginLeft: 52,
            x: { label: `${text('measures.lag')} (${shortUnit(units.time)})`, type: 'log', ticks: 4 },
            y: { label: `${text('measures.msdAxis')} (${shortUnit(square)})`, type: 'log', grid: true, ticks: 4 },
            marks: [
              Plot.dot(seen, { x: 'tau', y: 'msd', r: 2, fill: 'var(--d1)' }),
              Plot.tip(seen, Plot.pointerX({ x: 'tau', y: 'msd', channels: { n: { value: 'n', label: 'n' } } })),
            ],
          })
        }
        keys={[msd]}
      />
    </div>
  );
}
