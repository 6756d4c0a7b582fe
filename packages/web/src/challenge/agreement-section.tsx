import '../styles/challenge.css';
import { type JSX, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';
import { type Challenge, setOfDataset } from './challenge-answer.ts';
import { DrawnTogether } from './drawn-together.tsx';
import { MeasuresBeside } from './measures-beside.tsx';

type Agreement = Awaited<ReturnType<typeof askAgreement>>;
type Shared = Agreement['pairs'][number]['objects'];

const askAgreement = (set: string[], gate: number) => api.call(routes.compareResults, { query: { set, gate } });

/** The chosen results and the ground truth of one data set, pair by pair. */
export function AgreementSection({
  challenge,
  chosen,
}: {
  challenge: Challenge;
  chosen: ReadonlySet<string>;
}): JSX.Element | null {
  const text = useText();
  const { references, accession, version, submissions, truthIsOpen } = challenge;
  const [reference, setReference] = useState(references[0]!.dataset);
  const truth = references.find(({ dataset }) => dataset === reference) ?? references[0]!;
  const compared = submissions
    .filter(({ id, results }) => chosen.has(id) && results.some((one) => one.reference === truth.dataset))
    .slice(0, truthIsOpen ? 5 : 6);
  const isEnough = compared.length > (truthIsOpen ? 0 : 1);
  const answer = useAnswer({
    queryKey: ['agreement', truth.dataset, ...compared.map(({ id }) => id)],
    enabled: isEnough,
    queryFn: async () => {
      const places = [
        // Ground truth that is not open is compared by the server alone, and drawn for nobody.
        ...(truthIsOpen
          ? [
              {
                label: text('challenge.truthRow', { title: truth.title }),
                at: [accession, version, truth.dataset] as const,
              },
            ]
          : []),
        ...compared.map(({ label, study, version: of, results }) => ({
          label,
          at: [study, of, results.find((one) => one.reference === truth.dataset)!.dataset] as const,
        })),
      ];
      const sets = await Promise.all(places.map(({ at }) => setOfDataset(...at)));
      const there = places.flatMap(({ label }, i) => (sets[i] === undefined ? [] : [{ label, set: sets[i] }]));
      // Label images and tables of classes have no positions: there is nothing to hold against each other.
      if (there.length < 2) return null;
      const found = await askAgreement(
        there.map(({ set }) => set),
        truth.gate,
      );
      return { found, labels: there.map(({ label }) => label), sets: there.map(({ set }) => set) };
    },
  });
  if (submissions.length === 0) return null;
  return (
    <section aria-labelledby="agree-title">
      <h2 id="agree-title">{text('challenge.agree')}</h2>
      <p className="s m2 prose">{text('challenge.agreeHelp')}</p>
      {references.length > 1 ? (
        <select
          className="sel"
          aria-label={text('challenge.dataset')}
          value={truth.dataset}
          onChange={(event) => setReference(event.target.value)}
        >
          {references.map(({ dataset, title }) => (
            <option key={dataset} value={dataset}>
              {title}
            </option>
          ))}
        </select>
      ) : null}
      {isEnough ? null : <p>{text('challenge.choose')}</p>}
      {answer.error ? <AnswerFailed error={answer.error} again={() => void answer.refetch()} /> : null}
      {answer.data === null && isEnough ? <p>{text('challenge.noPositions')}</p> : null}
      {answer.data && isEnough ? (
        <>
          <Pairs {...answer.data} />
          <MeasuresBeside sets={answer.data.sets} labels={answer.data.labels} />
          <DrawnTogether key={answer.data.sets[0]} sets={answer.data.sets} labels={answer.data.labels} />
        </>
      ) : null}
    </section>
  );
}

/** Several sets on one film without any ground truth: agreement pair by pair, measures side by side, and drawn together. */
export function SetsTogether({
  sets,
  labels,
  gate,
  unit,
}: {
  sets: readonly string[];
  labels: readonly string[];
  /** Within which two objects are the same, in the unit of the sets. */
  gate: number;
  unit: string;
}): JSX.Element {
  const text = useText();
  const answer = useAnswer({
    queryKey: ['sets-together', gate, ...sets],
    queryFn: () => askAgreement([...sets], gate),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <section className="challenge together" aria-labelledby="agree-title">
      <h2 id="agree-title">{text('challenge.agree')}</h2>
      <p className="s m2 prose">
        {text('challenge.agreeHelp')}{' '}
        {text('challenge.gateIs', { gate: `${writtenNumber(gate, 3)} ${shortUnit(unit)}` })}
      </p>
      {answer.error ? <AnswerFailed error={answer.error} again={() => void answer.refetch()} /> : null}
      {answer.data ? <Pairs found={answer.data} labels={labels} /> : null}
      <MeasuresBeside sets={sets} labels={labels} />
      <DrawnTogether key={sets[0]} sets={sets} labels={labels} />
    </section>
  );
}

function Pairs({ found, labels }: { found: Agreement; labels: readonly string[] }): JSX.Element {
  const text = useText();
  return (
    <div className="tablebox" role="region" aria-labelledby="agree-title" tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <td />
            <th scope="col">{text('challenge.objects')}</th>
            <th scope="col">{text('challenge.edges')}</th>
            <th scope="col">{text('challenge.divisions')}</th>
            <th scope="col" className="num">
              {text('challenge.distance')}
            </th>
          </tr>
        </thead>
        <tbody>
          {found.pairs.map((pair) => (
            <tr key={`${pair.first} ${pair.second}`}>
              <th scope="row">
                {text('challenge.pair', { first: labels[pair.first]!, second: labels[pair.second]! })}
              </th>
              <td>
                <Share of={pair.objects} />
              </td>
              <td>
                <Share of={pair.edges} />
              </td>
              <td>
                <Share of={pair.divisions} />
              </td>
              <td className="num">
                {pair.medianDistance === null
                  ? text('challenge.undefined')
                  : `${writtenNumber(pair.medianDistance, 4)} ${found.unit === 'unknown' ? '' : shortUnit(found.unit)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Share({ of: { both, onlyFirst, onlySecond, jaccard } }: { of: Shared }): JSX.Element {
  const text = useText();
  if (jaccard === null) return <span className="m2">{text('challenge.undefined')}</span>;
  return <>{text('challenge.shares', { share: jaccard.toFixed(3), both, first: onlyFirst, second: onlySecond })}</>;
}
