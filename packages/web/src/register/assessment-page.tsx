import '../styles/register.css';
import { Fragment, type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { ApiError, api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { language, useText } from '../messages/text.ts';
import { writtenDate, writtenMoment } from '../messages/written.ts';
import { WordsInput } from '../readers/words-input.tsx';

const load = (lang: 'en' | 'ja', signal?: AbortSignal) =>
  api.call(routes.getAssessment, { query: { lang }, ...(signal ? { signal } : {}) });
type Requirement = Awaited<ReturnType<typeof load>>['requirements'][number];
type Rating = Requirement['rating'];
const ratings = ['in-progress', 'implemented'] as const;

/** `/self-assessment`: what is asked of a trustworthy archive, with what the software counts and what the operator says. */
export function AssessmentPage(): JSX.Element {
  const text = useText();
  const lang = language();
  useTitle(text('assessment.title'));
  const found = useAnswer({
    queryKey: ['assessment', lang],
    staleTime: 0,
    queryFn: ({ signal }) => load(lang, signal),
  });
  const { data } = found;
  return (
    <main className="wrap plain assessment">
      <div className="dh">
        <h1>{text('assessment.title')}</h1>
        <div className="end">
          <a className="btn" href={`/api/v1/self-assessment?format=markdown&lang=${lang}`}>
            {text('assessment.markdown')}
          </a>
          <Link className="btn" to="/formats">
            {text('register.title')}
          </Link>
        </div>
      </div>
      <p className="prose m2">{text('assessment.about')}</p>
      {found.error ? <AnswerFailed error={found.error} again={() => void found.refetch()} /> : null}
      {data ? (
        <>
          <p className="s m3">{text('assessment.counted', { time: writtenMoment(data.at) })}</p>
          {data.requirements.map((one) => (
            <OneRequirement key={one.id} one={one} canEdit={data.canEdit} />
          ))}
        </>
      ) : null}
    </main>
  );
}

function OneRequirement({ one, canEdit }: { one: Requirement; canEdit: boolean }): JSX.Element {
  const text = useText();
  const [isAnswering, setIsAnswering] = useState(false);
  return (
    <section className="sec" id={one.id}>
      <div className="hd">
        <h2>
          <span className="mono m3">{one.id}</span> {one.title}
        </h2>
        <span className={`st ${one.rating === 'implemented' ? 'ok' : one.rating === null ? 'off' : 'info'}`}>
          {text(one.rating === null ? 'assessment.unrated' : `assessment.${one.rating}`)}
        </span>
      </div>
      <p className="prose">{one.asks}</p>
      <dl className="facts">
        {one.facts.map(({ id, label, written, link }) => (
          <Fragment key={id}>
            <dt>{label}</dt>
            <dd>
              {link === undefined ? (
                written
              ) : (
                <a className="l" href={link}>
                  {written}
                </a>
              )}
            </dd>
          </Fragment>
        ))}
      </dl>
      {one.text === '' ? <p className="s m3">{text('assessment.unanswered')}</p> : <p className="said">{one.text}</p>}
      {one.changedAt === null ? null : (
        <p className="xs m3">{text('assessment.changed', { date: writtenDate(one.changedAt) })}</p>
      )}
      {canEdit && !isAnswering ? (
        <p className="row">
          <button type="button" className="btn sm" onClick={() => setIsAnswering(true)}>
            {text('assessment.edit')}
          </button>
        </p>
      ) : null}
      {isAnswering ? <AnswerForm one={one} onDone={() => setIsAnswering(false)} /> : null}
    </section>
  );
}

function AnswerForm({ one, onDone }: { one: Requirement; onDone(): void }): JSX.Element {
  const text = useText();
  const [words, setWords] = useState(one.text);
  const [rating, setRating] = useState<Rating>(one.rating);
  // Of the answer that was here when the form was opened: what others say meanwhile is not written over unseen.
  const [instead] = useState(one.changedAt);
  const save = useChange({
    mutationFn: (before: string | null) =>
      api.call(routes.answerAssessment, {
        params: { requirement: one.id },
        body: { text: words.trim(), rating, instead: before },
      }),
    onSuccess: async () => {
      await answers.invalidateQueries({ queryKey: ['assessment'] });
      onDone();
    },
    // The answer that was given meanwhile stands above, and is what cancelling leaves.
    onError: () => answers.invalidateQueries({ queryKey: ['assessment'] }),
  });
  const wasOvertaken = save.error instanceof ApiError && save.error.status === 412;
  return (
    <form
      className="answering"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(wasOvertaken ? one.changedAt : instead);
      }}
    >
      <WordsInput label={text('assessment.answer')} value={words} onValue={setWords} most={20_000} />
      <label className="lf">
        <span>{text('assessment.rating')}</span>
        <select
          className="sel"
          value={rating ?? ''}
          onChange={({ target }) => setRating(ratings.find((known) => known === target.value) ?? null)}
        >
          <option value="">{text('assessment.unrated')}</option>
          {ratings.map((known) => (
            <option key={known} value={known}>
              {text(`assessment.${known}`)}
            </option>
          ))}
        </select>
      </label>
      <div className="row">
        <button type="submit" className="btn primary" disabled={save.isPending}>
          {text('assessment.save')}
        </button>
        <button type="button" className="btn" onClick={onDone}>
          {text('assessment.cancel')}
        </button>
      </div>
      {wasOvertaken ? (
        <p className="st warn" role="alert">
          {text('assessment.overtaken')}
        </p>
      ) : save.error ? (
        <AnswerFailed error={save.error} />
      ) : null}
    </form>
  );
}
