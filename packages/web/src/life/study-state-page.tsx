import '../styles/account.css';
import '../styles/readers.css';
import { type JSX, useState } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { StateChange } from '../admin/study-state-section.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { usePageLocation } from '../app/router.tsx';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useMe } from '../app/session.ts';
import { SureButton } from '../app/sure-button.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';
import { type Ground, GroundChoice } from './ground-choice.tsx';
import { PurgeCertificate, OpenDraft } from './purge-section.tsx';
import { QuarantineSection } from './quarantine-section.tsx';

const load = (accession: string) => api.call(routes.listStudyAsks, { params: { accession } });
type Answer = Awaited<ReturnType<typeof load>>;
type Change = Answer['mayAsk'][number];

/** What its owner asks for a published study, what others are to confirm, and the end of an embargo. */
export function StudyStatePage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { accession = '' } = usePageLocation().params;
  useTitle(text('life.state'));
  const queryKey = ['study-asks', accession];
  const asks = useAnswer({ queryKey, enabled: Boolean(me), staleTime: 0, queryFn: () => load(accession) });
  // What is decided here is another state of the study, which stands above.
  const again = () => {
    void answers.invalidateQueries({ queryKey: ['admin', 'state', accession] });
    return answers.invalidateQueries({ queryKey });
  };
  if (!me) return <SignInFirst pending={me === undefined} />;
  return (
    <main className="wrap plain">
      <p>
        <a className="l mono" href={`/studies/${accession}`}>
          {accession}
        </a>
      </p>
      <h1>{text('life.state')}</h1>
      {asks.data && !asks.data.mayChange ? <p className="prose m2">{text('life.stateHelp')}</p> : null}
      {asks.error ? <AnswerFailed error={asks.error} again={() => void asks.refetch()} /> : null}
      {asks.data ? (
        <>
          {asks.data.mayChange ? <StateChange accession={accession} /> : null}
          {asks.data.purged ? <PurgeCertificate accession={accession} certificate={asks.data.purged} /> : null}
          {asks.data.mayChange && !asks.data.purged ? <QuarantineSection accession={accession} /> : null}
          {asks.data.mayLift && !asks.data.mayChange ? <Lift accession={accession} onDone={again} /> : null}
          {asks.data.asks.length + asks.data.mayAsk.length === 0 && !asks.data.mayChange ? (
            <p className="s m2">{text('life.noAsks')}</p>
          ) : null}
          {asks.data.asks.map((ask) => (
            <Ask key={ask.id} accession={accession} ask={ask} onDone={again} />
          ))}
          {asks.data.openDrafts.map((draft) => (
            <OpenDraft key={draft} draft={draft} onDone={again} />
          ))}
          {asks.data.mayAsk.map((change) => (
            <NewAsk key={change} accession={accession} change={change} onDone={again} />
          ))}
        </>
      ) : null}
    </main>
  );
}

function Lift({ accession, onDone }: { accession: string; onDone(): void }): JSX.Element {
  const text = useText();
  const lift = useChange({
    mutationFn: () => api.call(routes.liftEmbargo, { params: { accession } }),
    onSuccess: onDone,
  });
  return (
    <p>
      <SureButton
        words={text('life.lift')}
        sure={text('life.liftSure')}
        isBusy={lift.isPending}
        onSure={() => lift.mutate()}
      />
      {lift.error ? <AnswerFailed error={lift.error} /> : null}
    </p>
  );
}

function Ask(props: { accession: string; ask: Answer['asks'][number]; onDone(): void }): JSX.Element {
  const { accession, ask, onDone } = props;
  const text = useText();
  const decide = useChange({
    mutationFn: (isConfirmed: boolean) =>
      api.call(routes.decideStudyAsk, { params: { accession, id: ask.id }, body: { isConfirmed, answer: '' } }),
    onSettled: onDone,
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text(`life.wants.${ask.change}`, { name: ask.askedBy || text('life.left') })}</h2>
        <span className="s m2">{writtenDate(ask.askedAt)}</span>
      </div>
      <p className="prose">
        {ask.ground ? <span className="st info">{text(`life.ground.${ask.ground}`)}</span> : null} {ask.reason}{' '}
        {ask.replacedBy ? <span className="mono">{ask.replacedBy}</span> : null}
      </p>
      <p className="row w">
        {ask.mayConfirm ? (
          <SureButton
            words={text('life.confirm')}
            sure={text(`life.confirmSure.${ask.change}`)}
            isBusy={decide.isPending}
            onSure={() => decide.mutate(true)}
          />
        ) : null}
        {ask.mayConfirm || ask.isMine ? (
          <button type="button" className="btn" disabled={decide.isPending} onClick={() => decide.mutate(false)}>
            {text(ask.isMine ? 'life.takeAskBack' : 'life.decline')}
          </button>
        ) : null}
      </p>
      {decide.error ? <AnswerFailed error={decide.error} /> : null}
    </section>
  );
}

function NewAsk({ accession, change, onDone }: { accession: string; change: Change; onDone(): void }): JSX.Element {
  const text = useText();
  const [reason, setReason] = useState('');
  const [replacedBy, setReplacedBy] = useState('');
  const words = change === 'purge' ? 'life.ask.purge' : 'life.ask.withdraw';
  const [ground, setGround] = useState<Ground>('privacy');
  const ask = useChange({
    mutationFn: () =>
      api.call(routes.askStudyChange, {
        params: { accession },
        body: {
          change: change === 'purge' ? 'purge' : 'withdraw',
          reason: reason.trim(),
          ...(change === 'purge' ? { ground } : {}),
          ...(change === 'withdraw' && replacedBy.trim() !== '' ? { replacedBy: replacedBy.trim() } : {}),
        },
      }),
    onSuccess: onDone,
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text(words)}</h2>
      </div>
      <form
        className="rform"
        onSubmit={(event) => {
          event.preventDefault();
          ask.mutate();
        }}
      >
        <LabelledInput label={text('life.askReason')} required maxLength={2000} value={reason} onValue={setReason} />
        {change === 'purge' ? (
          <GroundChoice value={ground} onValue={setGround} />
        ) : (
          <LabelledInput label={text('life.askReplaced')} value={replacedBy} onValue={setReplacedBy} />
        )}
        <button type="submit" className="btn" disabled={ask.isPending}>
          {text(words)}
        </button>
        {ask.error ? <AnswerFailed error={ask.error} /> : null}
      </form>
    </section>
  );
}
