import { measureDefinitions, type MotionSummary } from '@micrarium/model';
import type { JSX, ReactNode } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';
import { saveText } from '../viewer/save.ts';
import { measureTitle, reasonKey } from './measure-titles.ts';

type Row = MotionSummary['measures'][number];

const numberOr = (value: number | null) => (value === null ? '–' : writtenNumber(value, 4));

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
            <tr>
              <th scope="col">{text('measures.measure')}</th>
              <th scope="col">{text('measures.mean')}</th>
              <th scope="col">{text('measures.interval')}</th>
              <th scope="col">{text('measures.median')}</th>
              <th scope="col">{text('measures.spread')}</th>
              <th scope="col">{text('measures.unit')}</th>
              <th scope="col">{text('measures.paths')}</th>
            </tr>
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
      {row.n === 0 ? (
        <td colSpan={4} className="m2">
          {text('population.none')}
          {row.undefinedPaths === 0 ? `: ${text('measures.noPaths')}` : reason ? `: ${reason}` : ''}
        </td>
      ) : (
        <>
          <td>{numberOr(row.mean)}</td>
          <td className="nw">
            {row.interval ? `${numberOr(row.interval.low)} … ${numberOr(row.interval.high)}` : '–'}
          </td>
          <td>{numberOr(row.median)}</td>
          <td>{numberOr(row.standardDeviation)}</td>
        </>
      )}
      <td className="nw">{row.unit === '' ? '' : shortUnit(row.unit)}</td>
      <td>{writtenCount(row.n)}</td>
    </tr>
  );
}
