import { type CollectiveMotion, measureDefinitions, type PopulationMeasure } from '@micrarium/model';
import type { JSX } from 'react';
import { type MessageKey, useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';
import { saveText } from '../viewer/save.ts';
import { reasonKey } from './measure-titles.ts';

/** Parameters that are lengths. */
const lengths = new Set(['radius', 'distance', 'margin']);

/** Numbers of the whole set and of its lineages, each with n, unit and the definition behind it. */
export function PopulationTable({ collective, unit }: { collective: CollectiveMotion; unit: string }): JSX.Element {
  const text = useText();
  const { numbers, radius } = collective;
  const csv = () =>
    [
      'measure,version,unit,gaps,value,interval_low,interval_high,standard_error,n,parameters',
      ...numbers.map((row) =>
        [
          row.id,
          row.version,
          row.unit,
          row.gapPolicy ?? '',
          row.value ?? '',
          row.interval?.low ?? '',
          row.interval?.high ?? '',
          row.error ?? '',
          row.n,
          Object.entries(row.parameters ?? {})
            .map(([name, value]) => `${name}=${value}`)
            .join('; '),
        ].join(','),
      ),
    ].join('\n');
  return (
    <section aria-labelledby="population-title">
      <div className="sh">
        <h2 id="population-title">{text('population.title')}</h2>
        <span className="end">
          <button type="button" className="btn quiet sm" onClick={() => saveText('population.csv', 'text/csv', csv())}>
            {text('measures.summaryCsv')}
          </button>
        </span>
      </div>
      <p className="s m2 lead">
        {radius === null
          ? text('population.moreAlone')
          : text('population.more', { radius: `${writtenNumber(radius, 3)} ${shortUnit(unit)}` })}
      </p>
      <div className="tablebox" role="region" aria-labelledby="population-title" tabIndex={0}>
        <table className="table num">
          <thead>
            <tr>
              <th scope="col">{text('measures.measure')}</th>
              <th scope="col">{text('population.value')}</th>
              <th scope="col">{text('measures.interval')}</th>
              <th scope="col">{text('population.error')}</th>
              <th scope="col">{text('measures.unit')}</th>
              <th scope="col">{text('population.n')}</th>
              <th scope="col">{text('population.how')}</th>
            </tr>
          </thead>
          <tbody>
            {numbers.map((row, at) => (
              <Line key={at} row={row} unit={unit} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Line({ row, unit }: { row: PopulationMeasure; unit: string }): JSX.Element {
  const text = useText();
  const definition = measureDefinitions.get(row.id);
  const chosen = Object.entries(row.parameters ?? {}).map(([name, value]) =>
    typeof value === 'string'
      ? `${name} ${value}`
      : `${name} ${writtenNumber(value, 3)}${lengths.has(name) ? ` ${shortUnit(unit)}` : ''}`,
  );
  return (
    <tr>
      <th scope="row">
        <details>
          <summary>{text(`number.${row.id}` as MessageKey)}</summary>
          <p className="s m2">
            <code>{definition?.formula}</code>
            {row.gapPolicy ? ` ${text(row.gapPolicy === 'keep' ? 'measures.gapsKept' : 'measures.gapsDropped')}` : ''}
          </p>
          <p className="xs m2">
            {row.id} v{row.version} · {definition?.source}
          </p>
        </details>
      </th>
      <td>
        {row.value === null ? (
          <span className="m2">
            {text('population.none')}
            {definition?.undefinedWhen ? `: ${text(reasonKey(definition.undefinedWhen))}` : ''}
          </span>
        ) : (
          writtenNumber(row.value, 4)
        )}
      </td>
      <td className="nw">
        {row.value !== null && row.interval
          ? `${writtenNumber(row.interval.low, 3)} … ${writtenNumber(row.interval.high, 3)}`
          : '–'}
      </td>
      <td>{row.value !== null && row.error !== undefined ? `± ${writtenNumber(row.error, 2)}` : '–'}</td>
      <td className="nw">{row.unit === '' ? '' : shortUnit(row.unit)}</td>
      <td>{writtenCount(row.n)}</td>
      <td className="nw">{row.value === null ? '' : chosen.join(', ')}</td>
    </tr>
  );
}
