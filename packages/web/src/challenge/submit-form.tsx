import { type JSX, useState } from 'react';
import { useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link } from '../app/router.tsx';
import { useMe } from '../app/session.ts';
import { useText } from '../messages/text.ts';
import { askVersion, type Challenge, likelyAnswers, manyReferences } from './challenge-answer.ts';

type Study = Awaited<ReturnType<typeof askVersion>>;

/** Submits data sets of a study of one's own as a result. */
export function SubmitForm({ challenge, onSubmitted }: { challenge: Challenge; onSubmitted: () => void }): JSX.Element {
  const text = useText();
  const me = useMe();
  const [accession, setAccession] = useState('');
  const found = useChange({ mutationFn: () => askVersion(accession.trim().toUpperCase()) });
  return (
    <section aria-labelledby="submit-title">
      <h2 id="submit-title">{text('challenge.submit')}</h2>
      {me ? (
        <>
          <p className="s m2 prose">{text('challenge.submitHelp')}</p>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              found.mutate();
            }}
          >
            <label>
              <span className="s m2">{text('challenge.study')}</span>
              <input
                className="field-in mono"
                required
                value={accession}
                onChange={(event) => setAccession(event.target.value)}
              />
            </label>
            <div>
              <button type="submit" className="btn" disabled={found.isPending}>
                {text('challenge.find')}
              </button>
            </div>
          </form>
          {found.error ? <AnswerFailed error={found.error} /> : null}
          {found.data ? (
            <Answers key={found.data.accession} challenge={challenge} study={found.data} onSubmitted={onSubmitted} />
          ) : null}
        </>
      ) : (
        <p>
          <Link className="l" to="/sign-in">
            {text('challenge.signIn')}
          </Link>
        </p>
      )}
    </section>
  );
}

function Answers(props: { challenge: Challenge; study: Study; onSubmitted: () => void }): JSX.Element {
  const { challenge, study, onSubmitted } = props;
  const text = useText();
  const [label, setLabel] = useState('');
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>(() =>
    likelyAnswers(challenge.references, study),
  );
  const results = Object.entries(answers)
    .filter(([, dataset]) => dataset !== '')
    .map(([reference, dataset]) => ({ reference, dataset }));
  const submit = useChange({
    mutationFn: () =>
      api.call(routes.submitResult, {
        params: { accession: challenge.accession },
        body: { label, study: study.accession, version: study.version, results },
      }),
    onSuccess: onSubmitted,
  });
  const selects = challenge.references.map(({ dataset, title }) => (
    <label key={dataset}>
      <span className="s m2">{text('challenge.answer', { title })}</span>
      <select
        className="sel"
        value={answers[dataset] ?? ''}
        onChange={(event) => setAnswers({ ...answers, [dataset]: event.target.value })}
      >
        <option value="">{text('challenge.noAnswer')}</option>
        {study.datasets.map((one) => (
          <option key={one.id} value={one.id}>
            {one.title}
          </option>
        ))}
      </select>
    </label>
  ));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
      <label>
        <span className="s m2">{text('challenge.label')}</span>
        <input
          className="field-in"
          required
          maxLength={100}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
      </label>
      {challenge.references.length > manyReferences ? (
        <details>
          <summary>{text('challenge.answered', { done: results.length, of: challenge.references.length })}</summary>
          {selects}
        </details>
      ) : (
        selects
      )}
      <div>
        <button type="submit" className="btn primary" disabled={submit.isPending || results.length === 0}>
          {text('challenge.send')}
        </button>
      </div>
      {submit.error ? <AnswerFailed error={submit.error} /> : null}
    </form>
  );
}
