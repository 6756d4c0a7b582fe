import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';
import type { Challenge, Submission } from './challenge-answer.ts';

/** The measure of the ranking first; the database keeps no order. */
const measuresOf = ({ main, values }: NonNullable<Submission['results'][number]['score']>) =>
  Object.entries(values).toSorted(([a], [b]) => Number(b === main) - Number(a === main));

/** Means of the measures over all ground truth that has them, and the sums of what was counted. */
export function MeanMeasures({ results }: Pick<Submission, 'results'>): JSX.Element | null {
  const scores = results.flatMap(({ score }) => score ?? []);
  if (scores.length === 0) return null;
  const values = measuresOf(scores[0]!).flatMap(([name]) => {
    const known = scores.flatMap((one) => one.values[name] ?? []);
    return known.length > 0 ? [[name, known.reduce((sum, one) => sum + one, 0) / known.length] as const] : [];
  });
  const counts = new Map<string, number>();
  for (const one of scores)
    for (const [name, count] of Object.entries(one.counts)) counts.set(name, (counts.get(name) ?? 0) + count);
  return (
    <dl className="inline s">
      {values.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{writtenNumber(value, 4)}</dd>
        </div>
      ))}
      {[...counts].slice(0, 12).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The measures of one answer, its counts, and what is to be known of them. */
export function Measures({
  result: { reference, score, reason },
  challenge: { references },
}: {
  result: Submission['results'][number];
  challenge: Challenge;
}): JSX.Element | null {
  const text = useText();
  const title = references.find(({ dataset }) => dataset === reference)?.title;
  return (
    <>
      {references.length > 1 ? <p className="s m2">{title ?? reference}</p> : null}
      {score ? (
        <dl className="inline s">
          {measuresOf(score).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value === null ? text('challenge.undefined') : writtenNumber(value, 4)}</dd>
            </div>
          ))}
          {Object.entries(score.counts).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {[...(reason ? [reason] : []), ...(score?.reasons ?? [])].map((words) => (
        <p key={words} className="s m2" lang="en">
          {words}
        </p>
      ))}
    </>
  );
}
