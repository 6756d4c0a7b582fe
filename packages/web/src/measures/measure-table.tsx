import { measureDefinitions, type MotionSummary } from '@micrarium/model';
import type { JSX, ReactNode } from 'react';
import { useText } from '../messages/text.ts';
import { saveText } from '../viewer/save.ts';
import { measureTitle, reasonKey } from './measure-titles.ts';
import { StatisticsCells, StatisticsHeads } from './statistics-cells.tsx';

type Row = MotionSummary['measures'][number];

/** All measures of the paths: mean with interval, median, spread, n, unit and the definition behind each. */
export function MeasureTable({
  summary,
  parquet,
  hasSteps,
  choice,
}: {
  summary: MotionSummary;
  /** Address of a stored table. */
  parquet(table: 'paths' | 'steps' | 'lives'): string;
  /** Are there tables of steps and lives? */
  hasSteps: boolean;
  /** By whose definitions they are measured. */
  choice: ReactNode;
}): JSX.Element {
  const text = useText();
  const csv = () =>
    [
      'measure,version,unit,gaps,mean,interval_low,interval_high,median,standard_deviation,paths,undefined_paths',
      ...summary.measures.map((row) =>
        [
          row.id,
          row.version,
          row.unit,
          row.gapPolicy ?? '',
          row.mean ?? '',
          row.interval?.low ?? '',
          row.interval?.high ?? '',
          row.median ?? '',
          row.standardDeviation ?? '',
          row.n,
          row.undefinedPaths,
        ].join(','),
      ),
    ].join('\n');
  return (
    <section aria-labelledby="numbers-title">
      <div className="sh">
        <h2 id="numbers-title">{text('measures.numbers')}</h2>
        <span className="end">
          {choice}
          <button type="button" className="btn quiet sm" onClick={() => saveText('measures.csv', 'text/csv', csv())}>
            {text('measures.summaryCsv')}
          </button>
          <a className="btn quiet sm" href={parquet('paths')} download>
            {text('measures.pathsParquet')}
          </a>
          {hasSteps ? (
            <>
              <a className="btn quiet sm" href={parquet('steps')} download>
                {text('measures.stepsParquet')}
              </a>
              <a className="btn quiet sm" href={parquet('lives')} download>
                {text('measures.livesParquet')}
              </a>
            </>
          ) : null}
        </span>
      </div>
      {/* Wider than a phone: it scrolls by itself, also with the keyboard. */}
      <div className="tablebox" role="region" aria-labelledby="numbers-title" tabIndex={0}>
        <table className="table num">
          <thead>
            <StatisticsHeads counted="paths" />
          </thead>
          <tbody>
            {summary.measures.map((row) => (
              <Line key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Line({ row }: { row: Row }): JSX.Element {
  const text = useText();
  const definition = measureDefinitions.get(row.id);
  const reason = definition?.undefinedWhen ? text(reasonKey(definition.undefinedWhen)) : undefined;
  return (
    <tr>
      <th scope="row">
        <details>
          <summary>{text(measureTitle(row.id))}</summary>
          <p className="s m2">
            <code>{definition?.formula}</code>
            {row.gapPolicy ? ` ${text(row.gapPolicy === 'keep' ? 'measures.gapsKept' : 'measures.gapsDropped')}` : ''}
          </p>
          <p className="xs m2">
            {row.id} v{row.version}
            {reason && row.undefinedPaths > 0
              ? ` · ${text('measures.undefined', { count: row.undefinedPaths })}: ${reason}`
              : ''}
          </p>
        </details>
      </th>
      <StatisticsCells row={row} none={row.undefinedPaths === 0 ? text('measures.noPaths') : reason} />
    </tr>
  );
}
