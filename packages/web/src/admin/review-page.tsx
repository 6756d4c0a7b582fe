import '../styles/account.css';
import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { usePageLocation } from '../app/router.tsx';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useMe } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenMoment } from '../messages/written.ts';
import { DraftChanges } from './draft-changes.tsx';

const load = (draft: string) => api.call(routes.getReview, { params: { draft } });
type Review = Awaited<ReturnType<typeof load>>;
type Step = Review['steps'][number];

/** Where a draft stands between its depositor and the curators: what it says, what was said about it, and what one may do. */
export function ReviewPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { draft = '' } = usePageLocation().params;
  useTitle(text('review.title'));
  const [field, setField] = useState('');
  const queryKey = ['review', draft];
  const review = useAnswer({ queryKey, enabled: Boolean(me), staleTime: 0, queryFn: () => load(draft) });
  const take = useChange({
    mutationFn: (step: Step) => api.call(routes.takeReviewStep, { params: { draft }, body: { step } }),
    onSettled: () => answers.invalidateQueries({ queryKey }),
  });
  if (!me) return <SignInFirst pending={me === undefined} />;
  const { data } = review;
  return (
    <main className="wrap plain">
      <div className="dh">
        <h1>{text('review.title')}</h1>
        <div className="end">
          {(data?.steps ?? []).map((step) => (
            <button
              key={step}
              type="button"
              className="btn"
              disabled={take.isPending}
              onClick={() => take.mutate(step)}
            >
              {text(`review.step.${step}`)}
            </button>
          ))}
        </div>
      </div>
      {review.error ? <AnswerFailed error={review.error} again={() => void review.refetch()} /> : null}
      {take.error ? <AnswerFailed error={take.error} /> : null}
      {data ? (
        <p>
          <span className="st info">{text(`review.state.${data.state}`)}</span>{' '}
          {data.assignee ? text('review.withWhom', { name: data.assignee }) : null}{' '}
          {data.isRequired ? text('review.required') : text('review.optional')}{' '}
          {data.firstApproval ? text('review.firstApproval', { name: data.firstApproval }) : null}
        </p>
      ) : null}
      {data?.curators ? <GiveTo draft={draft} curators={data.curators} /> : null}
      <Draft draft={draft} review={data} onField={setField} />
      <DraftChanges draft={draft} />
      {data ? (
        <Comments draft={draft} review={data} isCurator={me.role !== 'member'} field={field} setField={setField} />
      ) : null}
    </main>
  );
}

/** A curator gives the draft to another, or to themselves. */
function GiveTo({ draft, curators }: { draft: string; curators: NonNullable<Review['curators']> }): JSX.Element {
  const text = useText();
  const [curator, setCurator] = useState(curators[0]?.id ?? '');
  const give = useChange({
    mutationFn: () => api.call(routes.assignReview, { params: { draft }, body: { curator } }),
    onSettled: () => answers.invalidateQueries({ queryKey: ['review', draft] }),
  });
  return (
    <form
      className="row w"
      onSubmit={(event) => {
        event.preventDefault();
        give.mutate();
      }}
    >
      <select
        className="field-in"
        aria-label={text('review.giveTo')}
        value={curator}
        onChange={(event) => setCurator(event.target.value)}
      >
        {curators.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <button type="submit" className="btn" disabled={give.isPending}>
        {text('review.give')}
      </button>
      {give.error ? <AnswerFailed error={give.error} /> : null}
    </form>
  );
}

/** What the draft says, value by value, with the open comments on each and a way to say something about it. */
function Draft({
  draft,
  review,
  onField,
}: {
  draft: string;
  review: Review | undefined;
  onField(field: string): void;
}): JSX.Element | null {
  const text = useText();
  const shown = useAnswer({
    queryKey: ['draft', draft],
    queryFn: () => api.call(routes.getDraft, { params: { draft } }),
  });
  if (!shown.data) return null;
  const { metadata, files, itemCounts, missing } = shown.data;
  return (
    <section className="sec">
      <div className="hd">
        <h2 className="mono">{shown.data.accession}</h2>
        <span className="s m2">
          {text('review.content', { files: files.count, items: itemCounts.count, missing: missing.length })}
        </span>
      </div>
      <dl className="kv">
        {Object.entries(metadata.values).map(([field, value]) => (
          <div key={field}>
            <dt className="mono">{field}</dt>
            <dd>
              {inWords(value)}{' '}
              {(review?.comments ?? [])
                .filter((one) => one.field === field && one.mustFix && !one.resolvedAt)
                .map((one) => (
                  <span key={one.id} className="st warn">
                    {one.text}
                  </span>
                ))}{' '}
              <button
                type="button"
                className="btn quiet sm"
                aria-label={text('review.about', { field })}
                onClick={() => {
                  onField(field);
                  document.getElementById('review-words')?.focus();
                }}
              >
                {text('review.comment')}
              </button>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** A value of a field as one line. */
function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(inWords).join('; ');
  if (typeof value === 'object' && value !== null)
    return Object.values(value)
      .filter((one) => typeof one === 'string')
      .join(' ');
  return String(value ?? '');
}

function Comments({
  draft,
  review,
  isCurator,
  field,
  setField,
}: {
  draft: string;
  review: Review;
  isCurator: boolean;
  field: string;
  setField(field: string): void;
}): JSX.Element {
  const text = useText();
  const [words, setWords] = useState('');
  const [mustFix, setMustFix] = useState(false);
  const again = () => answers.invalidateQueries({ queryKey: ['review', draft] });
  const add = useChange({
    mutationFn: () =>
      api.call(routes.addReviewComment, {
        params: { draft },
        body: { text: words, mustFix, ...(field.trim() === '' ? {} : { field: field.trim() }) },
      }),
    onSuccess: () => {
      setWords('');
      return again();
    },
  });
  const settle = useChange({
    mutationFn: (id: number) => api.call(routes.settleReviewComment, { params: { draft, id } }),
    onSettled: again,
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('review.comments')}</h2>
      </div>
      {review.comments.length === 0 ? <p className="s m2">{text('review.noComments')}</p> : null}
      <ul className="plain">
        {review.comments.map((one) => (
          <li key={one.id} className="prose">
            <p>
              <span className="b">{one.author}</span> <span className="m3">{writtenMoment(one.at)}</span>{' '}
              {one.field === '' ? null : <span className="mono">{one.field}</span>}{' '}
              {one.resolvedAt ? (
                <span className="st ok">{text('review.settled')}</span>
              ) : one.mustFix ? (
                <span className="st warn">{text('review.mustFix')}</span>
              ) : null}
            </p>
            <p>{one.text}</p>
            {isCurator && one.mustFix && !one.resolvedAt ? (
              <button type="button" className="btn sm" onClick={() => settle.mutate(one.id)}>
                {text('review.settle')}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (words.trim() !== '') add.mutate();
        }}
      >
        <div className="row w">
          <input
            className="field-in mono"
            aria-label={text('review.field')}
            placeholder={text('review.field')}
            value={field}
            onChange={(event) => setField(event.target.value)}
          />
          <input
            className="field-in"
            id="review-words"
            aria-label={text('review.words')}
            placeholder={text('review.words')}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          {isCurator ? (
            <label className="row">
              <input type="checkbox" checked={mustFix} onChange={(event) => setMustFix(event.target.checked)} />
              <span>{text('review.mustFix')}</span>
            </label>
          ) : null}
          <button type="submit" className="btn">
            {text('review.say')}
          </button>
        </div>
        {add.error ? <AnswerFailed error={add.error} /> : null}
      </form>
    </section>
  );
}
