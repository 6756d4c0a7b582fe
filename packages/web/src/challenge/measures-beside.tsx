import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { measureTitle } from '../measures/measure-titles.ts';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';
import { placeOfSet } from './challenge-answer.ts';

/** Measures that tell trackings apart: broken tracks are shorter, wrong links longer and more crooked. */
const shown = ['duration', 'path_length', 'mean_speed', 'straightness', 'mean_turning_angle', 'n_gaps'];

const askMeasures = (set: string, signal: AbortSignal) => {
  const { part, ...params } = placeOfSet(set);
  return api.call(routes.getMeasures, { params, query: { part, tracks: 'none' }, signal });
};

/** Each measure of several results on one film side by side: mean with its interval, and the spread over the paths. */
export function MeasuresBeside({ sets, labels }: { sets: readonly string[]; labels: readonly string[] }): JSX.Element {
  const text = useText();
  const answer = useAnswer({
    queryKey: ['measures-beside', ...sets],
    queryFn: ({ signal }) => Promise.all(sets.map((set) => askMeasures(set, signal))),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (answer.error) return <AnswerFailed error={answer.error} again={() => void answer.refetch()} />;
  const found = answer.data;
  if (!found) return <p aria-busy="true" />;
  return (
    <>
      <h3 id="beside-title">{text('challenge.beside')}</h3>
      <p className="s m2 prose">{text('challenge.besideHelp')}</p>
      <div className="tablebox" role="region" aria-labelledby="beside-title" tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <td />
              {labels.map((label, at) => (
                <th key={at} scope="col" className="num">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{text('challenge.besidePaths')}</th>
              {found.map(({ summary }, at) => (
                <td key={at} className="num">
                  {writtenCount(summary.quality.paths)}
                </td>
              ))}
            </tr>
            <tr>
              <th scope="row">{text('challenge.divisions')}</th>
              {found.map(({ summary }, at) => (
                <td key={at} className="num">
                  {writtenCount(summary.lineage.divisions)}
                </td>
              ))}
            </tr>
            {shown.map((id) => (
              <tr key={id}>
                <th scope="row">{text(measureTitle(id))}</th>
                {found.map(({ summary }, at) => (
                  <td key={at} className="num">
                    <Value of={summary.measures.find((one) => one.id === id)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

type Measured = Awaited<ReturnType<typeof askMeasures>>['summary']['measures'][number];

function Value({ of: measure }: { of: Measured | undefined }): JSX.Element {
  const text = useText();
  if (!measure || measure.mean === null) return <span className="m2">{text('challenge.undefined')}</span>;
  const { mean, interval, standardDeviation, unit } = measure;
  const digits = (value: number) => writtenNumber(value, 3);
  return (
    <>
      {digits(mean)} {unit === '' ? '' : shortUnit(unit)}
      <span className="xs m2 block">
        {interval ? `${digits(interval.low)} … ${digits(interval.high)}` : ''}
        {standardDeviation === null ? '' : ` · σ ${digits(standardDeviation)}`}
      </span>
    </>
  );
}
