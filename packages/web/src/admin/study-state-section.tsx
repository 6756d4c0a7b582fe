import '../styles/readers.css';
import { type JSX, useState } from 'react';
import { LabelledChoice } from '../account/labelled-choice.tsx';
import { LabelledInput } from '../account/labelled-input.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link } from '../app/router.tsx';
import { type Ground, GroundChoice } from '../life/ground-choice.tsx';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';

const load = (accession: string) => api.call(routes.getStudyState, { params: { accession } });
type Answer = Awaited<ReturnType<typeof load>>;
type State = Answer['state'];

/** Withdraws a study, reinstates it, extends or lifts its embargo. */
export function StudyStateSection(): JSX.Element {
  const text = useText();
  const [typed, setTyped] = useState('');
  const [accession, setAccession] = useState('');
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('admin.states')}</h2>
        <span className="s m2">{text('admin.statesHelp')}</span>
      </div>
      <form
        className="row w"
        onSubmit={(event) => {
          event.preventDefault();
          setAccession(typed.trim());
        }}
      >
        <input
          className="field-in mono"
          aria-label={text('admin.study')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" className="btn">
          {text('admin.stateLook')}
        </button>
      </form>
      {accession === '' ? null : (
        <>
          <p>
            <a className="l mono" href={`/studies/${accession}`}>
              {accession}
            </a>
          </p>
          <StateChange key={accession} accession={accession} />
        </>
      )}
    </section>
  );
}

/** The state of a study, and the states that who curates it may bring it into. */
export function StateChange({ accession }: { accession: string }): JSX.Element {
  const text = useText();
  const queryKey = ['admin', 'state', accession];
  const state = useAnswer({ queryKey, queryFn: () => load(accession) });
  return (
    <>
      {state.error ? <AnswerFailed error={state.error} /> : null}
      {state.data?.next.length === 0 ? <p className="prose">{text('life.purged')}</p> : null}
      {state.data && state.data.next.length > 0 ? (
        <Change
          key={state.data.at}
          accession={accession}
          now={state.data}
          onChanged={() => {
            // What may be asked for, and what waits, goes by the state too.
            void answers.invalidateQueries({ queryKey: ['study-asks', accession] });
            void answers.invalidateQueries({ queryKey });
          }}
        />
      ) : null}
    </>
  );
}

function Change({ accession, now, onChanged }: { accession: string; now: Answer; onChanged(): void }): JSX.Element {
  const text = useText();
  const [to, setTo] = useState<State>(now.next[0]!);
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState('');
  const [replacedBy, setReplacedBy] = useState('');
  const [sure, setSure] = useState(false);
  const [ground, setGround] = useState<Ground>('privacy');
  const change = useChange({
    mutationFn: (state: State) =>
      api.call(routes.setStudyState, {
        params: { accession },
        body: {
          state,
          ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
          ...(state === 'embargoed' ? { until } : {}),
          ...(state === 'controlled' ? { ground } : {}),
          ...(state === 'withdrawn' && replacedBy.trim() !== '' ? { replacedBy: replacedBy.trim() } : {}),
        },
      }),
    onSuccess: onChanged,
  });
  return (
    <div className="prose statechange">
      <p>
        <span className={now.state === 'published' ? 'st ok' : 'st warn'}>{text(`admin.state.${now.state}`)}</span>{' '}
        {now.until && now.state === 'embargoed' ? text('admin.stateUntil', { until: writtenDate(now.until) }) : null}{' '}
        {now.reason}
      </p>
      {now.waits.map((change) => (
        <p key={change}>
          {text(`life.waits.${change}`)} {change === 'restrict' && now.curators < 2 ? text('life.noSecond') : null}{' '}
          <Link className="l" to={`/study-state/${accession}`}>
            {text('life.state')}
          </Link>
        </p>
      ))}
      <form
        className="rform"
        onSubmit={(event) => {
          event.preventDefault();
          if (sure) change.mutate(to);
          else setSure(true);
        }}
      >
        <LabelledChoice
          label={text('admin.state')}
          value={to}
          choices={now.next.map((one) => [one, text(`admin.state.${one}`)])}
          onValue={(chosen) => {
            setTo(chosen);
            setSure(false);
          }}
        />
        <LabelledInput label={text('admin.stateReason')} value={reason} onValue={setReason} />
        {to === 'embargoed' ? (
          <LabelledInput label={text('admin.stateDay')} type="date" required value={until} onValue={setUntil} />
        ) : null}
        {to === 'controlled' ? <GroundChoice value={ground} onValue={setGround} /> : null}
        {to === 'withdrawn' ? (
          <LabelledInput label={text('admin.stateReplaced')} value={replacedBy} onValue={setReplacedBy} />
        ) : null}
        <button type="submit" className={sure ? 'btn danger' : 'btn'} disabled={change.isPending}>
          {text(sure ? 'admin.stateSure' : 'admin.stateChange')}
        </button>
        {change.error ? <AnswerFailed error={change.error} /> : null}
      </form>
    </div>
  );
}
