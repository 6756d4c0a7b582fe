import '../styles/challenge.css';
import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenDate, writtenNumber } from '../messages/written.ts';
import { AgreementSection } from './agreement-section.tsx';
import { askChallenge, type Challenge, manyReferences, type Submission } from './challenge-answer.ts';
import { MeanMeasures, Measures } from './score-measures.tsx';
import { SubmitForm } from './submit-form.tsx';

/** `/studies/ACCESSION/challenge`: ground truth of a study, and the results of others with their scores. */
export function ChallengePage(): JSX.Element {
  const text = useText();
  const { accession = '' } = usePageLocation().params;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const queryKey = ['challenge', accession];
  const answer = useAnswer({
    queryKey,
    queryFn: ({ signal }) => askChallenge(accession, signal),
    // Results that are being scored come by themselves.
    refetchInterval: ({ state: { data } }) =>
      data?.submissions.some(({ state }) => state === 'queued') ? 3000 : false,
  });
  useTitle(`${text('challenge.title')} · ${accession}`);
  const again = () => void answers.invalidateQueries({ queryKey });
  const toggle = (id: string) =>
    setChosen((now) => new Set(now.has(id) ? [...now].filter((one) => one !== id) : [...now, id]));
  const { data } = answer;
  return (
    <main className="wrap challenge">
      <p className="mono m2">
        <a className="l" href={`/studies/${accession}`}>
          {accession}
        </a>
      </p>
      <h1>{data ? `${text('challenge.title')}: ${data.title}` : text('challenge.title')}</h1>
      {answer.error ? <AnswerFailed error={answer.error} again={() => void answer.refetch()} /> : null}
      {data?.references.length === 0 ? (
        <>
          <p className="lead">{text('challenge.none')}</p>
          <p className="prose m2">{text('challenge.noneHelp')}</p>
        </>
      ) : null}
      {data && data.references.length > 0 ? (
        <>
          <p className="lead">{text('challenge.lead')}</p>
          <Truth challenge={data} />
          <Board challenge={data} chosen={chosen} toggle={toggle} again={again} />
          <AgreementSection challenge={data} chosen={chosen} />
          <SubmitForm challenge={data} onSubmitted={again} />
        </>
      ) : null}
    </main>
  );
}

function Truth({ challenge }: { challenge: Challenge }): JSX.Element {
  const { references, training, accession, version, truthIsOpen } = challenge;
  const [all, setAll] = useState(false);
  const shown = all ? references : references.slice(0, 2 * manyReferences);
  const text = useText();
  const hasGate = ({ metric }: Challenge['references'][number]) =>
    metric === 'particle tracking' || metric === 'localisation';
  return (
    <section aria-labelledby="truth-title">
      <h2 id="truth-title">{text('challenge.truth')}</h2>
      {/* Wider than a phone: it scrolls by itself, also with the keyboard. */}
      <div className="tablebox" role="region" aria-labelledby="truth-title" tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{text('challenge.dataset')}</th>
              <th scope="col">{text('challenge.family')}</th>
              <th scope="col">{text('challenge.ranked')}</th>
              <th scope="col" className="num">
                {text('challenge.gate')}
              </th>
              <th scope="col">{text('challenge.coverage')}</th>
              <th scope="col">{text('challenge.part')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.dataset}>
                <th scope="row">
                  <a className="l" href={`/studies/${accession}/v/${version}#${one.dataset}`}>
                    {one.title}
                  </a>
                </th>
                <td>{one.metric}</td>
                <td className="mono">{one.main}</td>
                <td className="num">{hasGate(one) ? writtenNumber(one.gate) : ''}</td>
                <td>{text(`challenge.coverage.${one.coverage}`)}</td>
                <td>{one.part ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < references.length ? (
        <button type="button" className="btn" onClick={() => setAll(true)}>
          {text('challenge.allTruth', { count: references.length })}
        </button>
      ) : null}
      {truthIsOpen ? null : <p className="s m2">{text('challenge.truthClosed')}</p>}
      {training.length > 0 ? (
        <p className="s m2">
          {training.length > manyReferences
            ? text('challenge.trainingMany', { count: training.length })
            : text('challenge.training', { titles: training.map(({ title }) => title).join(', ') })}
        </p>
      ) : null}
    </section>
  );
}

interface BoardProps {
  challenge: Challenge;
  chosen: ReadonlySet<string>;
  toggle: (id: string) => void;
  again: () => void;
}

function Board({ challenge, chosen, toggle, again }: BoardProps): JSX.Element {
  const text = useText();
  const { submissions } = challenge;
  return (
    <section aria-labelledby="board-title">
      <h2 id="board-title">{text('challenge.board')}</h2>
      {submissions.length === 0 ? <p>{text('challenge.noResults')}</p> : null}
      {submissions.length > 0 ? (
        <div className="tablebox" role="region" aria-labelledby="board-title" tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                <td />
                <th scope="col" className="num">
                  {text('challenge.rank')}
                </th>
                <th scope="col">{text('challenge.method')}</th>
                <th scope="col" className="num">
                  {text('challenge.score')}
                </th>
                <th scope="col">{text('challenge.measures')}</th>
                <th scope="col">{text('challenge.software')}</th>
                <th scope="col">{text('challenge.submitted')}</th>
              </tr>
            </thead>
            <tbody>
              {submissions.map((one) => (
                <Row
                  key={one.id}
                  one={one}
                  // Equal scores share a rank.
                  rank={one.total === null ? undefined : submissions.findIndex(({ total }) => total === one.total) + 1}
                  challenge={challenge}
                  isChosen={chosen.has(one.id)}
                  toggle={toggle}
                  again={again}
                />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </section>
  );
}

interface RowProps extends Omit<BoardProps, 'chosen'> {
  one: Submission;
  rank: number | undefined;
  isChosen: boolean;
}

function Row({ one, rank, challenge, isChosen, toggle, again }: RowProps): JSX.Element {
  const text = useText();
  const withdraw = useChange({
    mutationFn: () =>
      api.call(routes.withdrawResult, { params: { accession: challenge.accession, id: one.id } } as never),
    onSuccess: again,
  });
  const done = one.results.filter(({ score }) => score).length;
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          checked={isChosen}
          aria-label={text('challenge.compare', { label: one.label })}
          onChange={() => toggle(one.id)}
        />
      </td>
      <td className="num">{rank ?? ''}</td>
      <th scope="row">
        <b>{one.label}</b>
        <p className="s m2">
          <a className="l" href={`/studies/${one.study}/v/${one.version}`}>
            {one.title}
          </a>
        </p>
        {one.parameters.length > 0 ? (
          <details className="s">
            <summary>{text('challenge.parameters')}</summary>
            <dl className="inline">
              {one.parameters.map(({ name, value }) => (
                <div key={`${name} ${value}`}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </details>
        ) : null}
        {one.canWithdraw ? (
          <button
            type="button"
            className="plainlink l s"
            disabled={withdraw.isPending}
            onClick={() => withdraw.mutate()}
          >
            {text('challenge.withdraw')}
          </button>
        ) : null}
        {withdraw.error ? <AnswerFailed error={withdraw.error} /> : null}
      </th>
      <td className="num">
        {one.total === null ? (
          <span className="s m2">
            {one.state === 'scored'
              ? text('challenge.partly', { done, of: challenge.references.length })
              : text(`challenge.${one.state}`)}
          </span>
        ) : (
          <b>{one.total.toFixed(4)}</b>
        )}
      </td>
      <td>
        {challenge.references.length > manyReferences ? (
          <>
            <MeanMeasures results={one.results} />
            <details className="s">
              <summary>{text('challenge.oneByOne', { count: one.results.length })}</summary>
              {one.results.map((result) => (
                <Measures key={result.reference} result={result} challenge={challenge} />
              ))}
            </details>
          </>
        ) : (
          one.results.map((result) => <Measures key={result.reference} result={result} challenge={challenge} />)
        )}
      </td>
      <td>{one.software.join(', ')}</td>
      <td className="nw">
        {writtenDate(one.submittedAt)}
        {one.referenceVersion === null ? null : (
          <p className="s m2">{text('challenge.scoredOn', { version: one.referenceVersion })}</p>
        )}
      </td>
    </tr>
  );
}
