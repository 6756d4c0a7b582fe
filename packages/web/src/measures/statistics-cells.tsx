import type { MeasureSummary } from '@micrarium/model';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';

const numberOr = (value: number | null) => (value === null ? '–' : writtenNumber(value, 4));

/** The heads over `StatisticsCells`: mean, interval, median, spread, unit and the name of what is counted. */
export function StatisticsHeads({ counted }: { counted: 'paths' | 'tracks' | 'particles' }): JSX.Element {
  const text = useText();
  return (
    <tr>
      <th scope="col">{text('measures.measure')}</th>
      <th scope="col">{text('measures.mean')}</th>
      <th scope="col">{text('measures.interval')}</th>
      <th scope="col">{text('measures.median')}</th>
      <th scope="col">{text('measures.spread')}</th>
      <th scope="col">{text('measures.unit')}</th>
      <th scope="col">{text(`measures.${counted}`)}</th>
    </tr>
  );
}

/** A measure's numbers in a row of a table; where it has none, the reason over the width of the four. */
export function StatisticsCells({ row, none }: { row: MeasureSummary; none: string | undefined }): JSX.Element {
  const text = useText();
  return (
    <>
      {row.n === 0 ? (
        <td colSpan={4} className="m2">
          {text('population.none')}
          {none ? `: ${none}` : ''}
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
    </>
  );
}
