import '../styles/account.css';
import '../styles/readers.css';
import { type JSX, useState } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { PageOfStudy } from '../app/page-of-study.tsx';
import { usePageLocation } from '../app/router.tsx';
import { useMe } from '../app/session.ts';
import { SignInFor } from '../app/sign-in-first.tsx';
import { SureButton } from '../app/sure-button.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';
import { SentQuestion } from './sent-question.tsx';
import { Tick, WordsInput } from './words-input.tsx';

const load = (accession: string) => api.call(routes.listQuestions, { params: { accession } });
type Answer = Awaited<ReturnType<typeof load>>;
type Question = Answer['questions'][number];

/** `/questions/ACCESSION`: questions to the authors of a study, with a form to ask and, for the authors, to answer. */
export function QuestionsPage(): JSX.Element {
  const text = useText();
  const { accession = '' } = usePageLocation().params;
  // Read once: behind `#`, so that it is in no log; it stays in the address, for who keeps it as a bookmark.
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? '');
  useTitle(`${text('readers.questions')} · ${accession}`);
  const queryKey = ['questions', accession];
  const found = useAnswer({ queryKey, staleTime: 0, queryFn: () => load(accession) });
  const again = () => answers.invalidateQueries({ queryKey });
  const { data } = found;
  return (
    <PageOfStudy heading={text('readers.questions')} accession={accession} found={found}>
      {token === '' ? null : <SentQuestion token={token} />}
      {data ? (
        <section className="sec">
          {data.questions.length === 0 ? <p className="m2">{text('readers.noQuestions')}</p> : null}
          <ul className="readers">
            {data.questions.map((one) => (
              <OneQuestion key={one.id} one={one} isAuthor={data.isAuthor} again={again} />
            ))}
          </ul>
        </section>
      ) : null}
      {data && !data.isAuthor && token === '' ? <AskForm data={data} again={again} /> : null}
    </PageOfStudy>
  );
}

function OneQuestion({
  one,
  isAuthor,
  again,
}: {
  one: Question;
  isAuthor: boolean;
  again(): Promise<void>;
}): JSX.Element {
  const text = useText();
  const me = useMe();
  const [isAnswering, setAnswering] = useState(false);
  const params = { accession: one.accession, id: one.id };
  const agree = useChange({
    mutationFn: (agrees: boolean) => api.call(routes.agreeToQuestion, { params, body: { agrees } }),
    onSettled: again,
  });
  const remove = useChange({ mutationFn: () => api.call(routes.removeQuestion, { params }), onSettled: again });
  const mayRemove = isAuthor || one.isMine || me?.role === 'curator' || me?.role === 'owner';
  // What was just ticked stays so while it is sent: the box does not jump back.
  const agrees = agree.isPending ? agree.variables : isAuthor ? one.authorAgrees : one.askerAgrees;
  return (
    <li>
      <p className="s m2">
        {text(one.askerName === '' ? 'readers.askedOn' : 'readers.askedBy', {
          name: one.askerName,
          date: writtenDate(one.askedAt),
        })}{' '}
        <span className={one.isPublic ? 'st ok' : 'st info'}>
          {text(one.isPublic ? 'readers.public' : one.answer === undefined ? 'readers.open' : 'readers.notPublic')}
        </span>
      </p>
      <p className="words">{one.text}</p>
      {one.answer === undefined ? null : (
        <div className="answer">
          <p className="s m2">{text('readers.answeredOn', { date: writtenDate(one.answeredAt ?? one.askedAt) })}</p>
          <p className="words">{one.answer}</p>
        </div>
      )}
      {isAnswering ? (
        <AnswerForm
          one={one}
          done={() => {
            setAnswering(false);
            return again();
          }}
        />
      ) : null}
      {isAuthor || one.isMine ? (
        <Tick
          label={text(isAuthor ? 'readers.authorAgrees' : 'readers.askerAgrees')}
          checked={agrees}
          onChecked={(next) => agree.mutate(next)}
        />
      ) : null}
      <div className="row w">
        {isAuthor && !isAnswering ? (
          <button type="button" className="btn sm" onClick={() => setAnswering(true)}>
            {text(one.answer === undefined ? 'readers.answer' : 'readers.answerAnew')}
          </button>
        ) : null}
        {mayRemove ? (
          <SureButton
            words={text('readers.remove')}
            sure={text('readers.removeSure')}
            look="btn sm quiet"
            isBusy={remove.isPending}
            onSure={() => remove.mutate()}
          />
        ) : null}
      </div>
      {agree.error ? <AnswerFailed error={agree.error} /> : null}
      {remove.error ? <AnswerFailed error={remove.error} /> : null}
    </li>
  );
}

function AnswerForm({ one, done }: { one: Question; done(): Promise<void> }): JSX.Element {
  const text = useText();
  const [words, setWords] = useState(one.answer ?? '');
  const [agrees, setAgrees] = useState(one.authorAgrees || one.askerAgrees);
  const send = useChange({
    mutationFn: () =>
      api.call(routes.answerQuestion, {
        params: { accession: one.accession, id: one.id },
        body: { text: words, agrees },
      }),
    onSuccess: done,
  });
  return (
    <form
      className="rform"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <WordsInput label={text('readers.yourAnswer')} value={words} onValue={setWords} required />
      <Tick
        label={text(one.askerAgrees ? 'readers.authorAgrees' : 'readers.askerRefuses')}
        checked={agrees}
        onChecked={setAgrees}
      />
      <button type="submit" className="btn primary" disabled={send.isPending}>
        {text('readers.sendAnswer')}
      </button>
      {send.error ? <AnswerFailed error={send.error} /> : null}
    </form>
  );
}

function AskForm({ data, again }: { data: Answer; again(): Promise<void> }): JSX.Element {
  const text = useText();
  const me = useMe();
  const { accession, visitorsAsk } = data;
  const [words, setWords] = useState('');
  const [agrees, setAgrees] = useState(true);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const ask = useChange({
    mutationFn: () =>
      api.call(routes.askQuestion, {
        params: { accession },
        body: { text: words, agrees, ...(me ? {} : { name, email }) },
      }),
    onSuccess: () => {
      setWords('');
      return again();
    },
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('readers.ask')}</h2>
        <span className="s m2">{text('readers.askHelp')}</span>
      </div>
      {me || visitorsAsk ? (
        <form
          className="rform"
          onSubmit={(event) => {
            event.preventDefault();
            ask.mutate();
          }}
        >
          <WordsInput label={text('readers.yourQuestion')} value={words} onValue={setWords} required />
          {me ? null : (
            <>
              <LabelledInput
                label={text('readers.yourName')}
                autoComplete="name"
                required
                value={name}
                onValue={setName}
              />
              <LabelledInput
                label={text('readers.yourAddress')}
                help={text('readers.addressHelp')}
                type="email"
                autoComplete="email"
                required
                value={email}
                onValue={setEmail}
              />
            </>
          )}
          <Tick label={text('readers.askerAgrees')} checked={agrees} onChecked={setAgrees} />
          <button type="submit" className="btn primary" disabled={ask.isPending}>
            {text('readers.sendQuestion')}
          </button>
          {ask.data ? (
            <p className="st ok" role="status">
              {text(ask.data.state === 'sent' ? 'readers.sent' : 'readers.confirmSent')}
            </p>
          ) : null}
          {ask.error ? <AnswerFailed error={ask.error} /> : null}
        </form>
      ) : (
        <SignInFor words={text('readers.signInToAsk')} />
      )}
    </section>
  );
}
