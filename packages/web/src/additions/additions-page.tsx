import '../styles/account.css';
import '../styles/readers.css';
import { licences } from '@micrarium/standards';
import { type JSX, useState } from 'react';
import { LabelledChoice } from '../account/labelled-choice.tsx';
import { LabelledInput } from '../account/labelled-input.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { PageOfStudy } from '../app/page-of-study.tsx';
import { navigate, usePageLocation } from '../app/router.tsx';
import { useMe } from '../app/session.ts';
import { SignInFor } from '../app/sign-in-first.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';
import { WordsInput } from '../readers/words-input.tsx';

const load = (accession: string) => api.call(routes.listAdditions, { params: { accession } });
type Answer = Awaited<ReturnType<typeof load>>;
type Addition = Answer['additions'][number];
const kinds = ['annotates', 're-analyses', 'derived'] as const;

/** `/add-to/ACCESSION`: what others made of a study, and a draft of one more; its authors say something of each. */
export function AdditionsPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { accession = '' } = usePageLocation().params;
  useTitle(`${text('additions.title')} · ${accession}`);
  const queryKey = ['additions', accession];
  const found = useAnswer({ queryKey, staleTime: 0, queryFn: () => load(accession) });
  const { data } = found;
  return (
    <PageOfStudy heading={text('additions.title')} accession={accession} found={found}>
      {data ? (
        <>
          <p className="prose m2">{text('additions.about')}</p>
          <section className="sec">
            {data.additions.length === 0 ? <p className="m2">{text('additions.none')}</p> : null}
            <ul className="readers">
              {data.additions.map((one) => (
                <OneAddition
                  key={`${one.accession} ${one.kind}`}
                  one={one}
                  of={data}
                  again={() => answers.invalidateQueries({ queryKey })}
                />
              ))}
            </ul>
          </section>
          {me ? <AddForm data={data} /> : <SignInFor words={text('additions.signIn')} />}
        </>
      ) : null}
    </PageOfStudy>
  );
}

function OneAddition({ one, of, again }: { one: Addition; of: Answer; again(): Promise<void> }): JSX.Element {
  const text = useText();
  const [words, setWords] = useState(one.comment?.text ?? '');
  const say = useChange({
    mutationFn: () =>
      api.call(routes.commentAddition, {
        params: { accession: of.accession, addition: one.accession },
        body: { text: words },
      }),
    onSuccess: again,
  });
  return (
    <li>
      <p>
        <span className="s m2">{text(`additions.is.${one.kind}`)}</span>{' '}
        <a className="l b" href={`/studies/${one.accession}/v/${one.version}`}>
          {one.title}
        </a>{' '}
        <span className="mono m3 s">{one.accession}</span>{' '}
        <span className="s m2">
          {text('additions.by', { version: one.version, date: writtenDate(one.publishedAt) })}
        </span>
      </p>
      {one.note ? <p className="words">{one.note}</p> : null}
      <p className="s m2">{one.citation}</p>
      {one.comment && !of.isAuthor ? (
        <div className="answer">
          <p className="s m2">
            {text('additions.comment')}, {writtenDate(one.comment.at)}
          </p>
          <p className="words">{one.comment.text}</p>
        </div>
      ) : null}
      {of.isAuthor ? (
        <form
          className="rform"
          onSubmit={(event) => {
            event.preventDefault();
            say.mutate();
          }}
        >
          <WordsInput label={text('additions.yourComment')} value={words} onValue={setWords} most={2000} />
          <button type="submit" className="btn" disabled={say.isPending || words === (one.comment?.text ?? '')}>
            {text('additions.say')}
          </button>
          {say.error ? <AnswerFailed error={say.error} /> : null}
        </form>
      ) : null}
    </li>
  );
}

function AddForm({ data }: { data: Answer }): JSX.Element {
  const text = useText();
  const [kind, setKind] = useState<(typeof kinds)[number]>('annotates');
  const [title, setTitle] = useState('');
  const [description, setDescription] = useState('');
  const [software, setSoftware] = useState('');
  const [licence, setLicence] = useState('CC-BY-4.0');
  const [note, setNote] = useState('');
  const begin = useChange({
    mutationFn: () =>
      api.call(routes.beginAddition, {
        params: { accession: data.accession },
        body: { kind, title, description, software, licence, note, version: data.version },
      }),
    onSuccess: (begun) => navigate(begun.path),
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('additions.add')}</h2>
        <span className="s m2">{text('additions.next')}</span>
      </div>
      <form
        className="rform"
        onSubmit={(event) => {
          event.preventDefault();
          begin.mutate();
        }}
      >
        <LabelledChoice
          label={text('additions.kind')}
          value={kind}
          choices={kinds.map((one) => [one, text(`additions.kind.${one}`)] as const)}
          onValue={setKind}
        />
        <LabelledInput label={text('additions.name')} required maxLength={500} value={title} onValue={setTitle} />
        <WordsInput label={text('additions.description')} value={description} onValue={setDescription} most={20_000} />
        <LabelledInput label={text('additions.software')} maxLength={5000} value={software} onValue={setSoftware} />
        <LabelledChoice
          label={text('additions.licence')}
          value={licence}
          choices={licences.map((one) => [one.spdx, one.name] as const)}
          onValue={setLicence}
        />
        {data.licence ? <p className="s m2">{text('additions.ofLicence', { licence: data.licence })}</p> : null}
        <WordsInput label={text('additions.note')} value={note} onValue={setNote} most={2000} />
        <button type="submit" className="btn primary" disabled={begin.isPending}>
          {text('additions.begin')}
        </button>
        {begin.error ? <AnswerFailed error={begin.error} /> : null}
      </form>
    </section>
  );
}
