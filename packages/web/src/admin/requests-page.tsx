import '../styles/account.css';
import '../styles/readers.css';
import { type JSX, useState } from 'react';
import { LabelledChoice } from '../account/labelled-choice.tsx';
import { LabelledInput } from '../account/labelled-input.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { PageOfStudy } from '../app/page-of-study.tsx';
import { usePageLocation } from '../app/router.tsx';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useMe } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';
import { WordsInput } from '../readers/words-input.tsx';

const load = (accession: string) => api.call(routes.listCuratorRequests, { params: { accession } });
type Answer = Awaited<ReturnType<typeof load>>;
type Request = Answer['requests'][number];
const kinds = ['originals', 'metadata'] as const;

/** `/requests/ACCESSION`: what curators ask of those who answer for a study, and by when. */
export function RequestsPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { accession = '' } = usePageLocation().params;
  useTitle(`${text('request.title')} · ${accession}`);
  const queryKey = ['curator-requests', accession];
  const found = useAnswer({ queryKey, enabled: Boolean(me), staleTime: 0, queryFn: () => load(accession) });
  const again = () => answers.invalidateQueries({ queryKey });
  if (!me) return <SignInFirst pending={me === undefined} />;
  const { data } = found;
  return (
    <PageOfStudy heading={text('request.title')} accession={accession} found={found}>
      {data ? (
        <>
          {data.requests.length === 0 ? <p className="m2">{text('request.none')}</p> : null}
          <ul className="readers">
            {data.requests.map((one) => (
              <OneRequest key={one.id} one={one} who={data} again={again} />
            ))}
          </ul>
          {data.isCurator ? <AskForm accession={accession} again={again} /> : null}
        </>
      ) : null}
    </PageOfStudy>
  );
}

function OneRequest(props: {
  one: Request;
  who: Pick<Answer, 'isAuthor' | 'isCurator'>;
  again(): Promise<void>;
}): JSX.Element {
  const { one, who, again } = props;
  const text = useText();
  const [answer, setAnswer] = useState('');
  const close = useChange({
    mutationFn: (state: 'done' | 'withdrawn') =>
      api.call(routes.closeCuratorRequest, {
        params: { accession: one.accession, id: one.id },
        body: { state, answer: state === 'done' ? answer : '' },
      }),
    onSettled: again,
  });
  const isOpen = one.state === 'open';
  return (
    <li>
      <p>
        <span className="b">{text(`request.kind.${one.kind}`)}</span>{' '}
        <span className={one.isOverdue ? 'st warn' : isOpen ? 'st info' : 'st ok'}>
          {one.isOverdue ? text('request.overdue') : text(`request.state.${one.state}`)}
        </span>{' '}
        <span className="s m2">
          {text('request.by', { name: one.curator || text('life.left'), day: writtenDate(one.due) })}
        </span>
      </p>
      <p className="words">{one.text}</p>
      {one.answer === '' ? null : (
        <div className="answer">
          <p className="words">{one.answer}</p>
        </div>
      )}
      {isOpen && who.isAuthor ? (
        <form
          className="rform"
          onSubmit={(event) => {
            event.preventDefault();
            close.mutate('done');
          }}
        >
          <WordsInput label={text('request.answer')} value={answer} onValue={setAnswer} />
          <div className="row w">
            <button type="submit" className="btn primary" disabled={close.isPending}>
              {text('request.done')}
            </button>
            <a className="btn" href={`/next-version/${one.accession}`}>
              {text('version.open')}
            </a>
          </div>
        </form>
      ) : null}
      {isOpen && who.isCurator ? (
        <button type="button" className="btn sm quiet" onClick={() => close.mutate('withdrawn')}>
          {text('request.withdraw')}
        </button>
      ) : null}
      {close.error ? <AnswerFailed error={close.error} /> : null}
    </li>
  );
}

function AskForm({ accession, again }: { accession: string; again(): Promise<void> }): JSX.Element {
  const text = useText();
  const [kind, setKind] = useState<(typeof kinds)[number]>('originals');
  const [words, setWords] = useState('');
  const [due, setDue] = useState('');
  const ask = useChange({
    mutationFn: () => api.call(routes.makeCuratorRequest, { params: { accession }, body: { kind, text: words, due } }),
    onSuccess: () => {
      setWords('');
      return again();
    },
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('request.ask')}</h2>
        <span className="s m2">{text('request.askHelp')}</span>
      </div>
      <form
        className="rform"
        onSubmit={(event) => {
          event.preventDefault();
          ask.mutate();
        }}
      >
        <LabelledChoice
          label={text('request.what')}
          value={kind}
          choices={kinds.map((one) => [one, text(`request.kind.${one}`)] as const)}
          onValue={setKind}
        />
        <WordsInput label={text('request.words')} value={words} onValue={setWords} required />
        <LabelledInput label={text('request.due')} type="date" required value={due} onValue={setDue} />
        <button type="submit" className="btn primary" disabled={ask.isPending}>
          {text('request.send')}
        </button>
        {ask.error ? <AnswerFailed error={ask.error} /> : null}
      </form>
    </section>
  );
}
