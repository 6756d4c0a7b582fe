import '../styles/account.css';
import { versionLabel } from '@micrarium/model';
import { labelOfKey, metadataFields, splitValueKey } from '@micrarium/standards';
import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, ApiError, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link, navigate, usePageLocation } from '../app/router.tsx';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useMe } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import type { Review } from '../life/review-answer.ts';
import { ReviewChecklist } from '../life/review-checklist.tsx';
import { ReviewDuplicates } from '../life/review-duplicates.tsx';
import { ReviewEdits } from '../life/review-edits.tsx';
import { type Finding, isFurther } from '../deposit/draft.ts';
import { MissingList } from '../deposit/missing-list.tsx';
import { ReviewPublication } from '../life/review-publication.tsx';
import { changeInWords } from '../life/change-in-words.ts';
import { LongWords } from '../life/long-words.tsx';
import { valueInWords } from '../life/value-in-words.ts';
import { language, useText } from '../messages/text.ts';
import { writtenMoment } from '../messages/written.ts';
import { DraftChanges } from './draft-changes.tsx';

const load = (draft: string) => api.call(routes.getReview, { params: { draft } });
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
  if (!me) return <SignInFirst pending={me === undefined} />;
  const { data } = review;
  return (
    <main className="wrap plain">
      <Head key={inTheWay(data)} draft={draft} review={data} />
      {review.error ? <AnswerFailed error={review.error} again={() => void review.refetch()} /> : null}
      {data ? <Standing review={data} /> : null}
      {data ? (
        <p className="row w">
          <Link className="btn" to={`/deposit/${draft}`}>
            {text(data.mayEdit ? 'life.editInPlace' : 'life.toDraft')}
          </Link>
        </p>
      ) : null}
      {data?.curators ? <GiveTo draft={draft} curators={data.curators} /> : null}
      {data ? <ReviewPublication draft={draft} review={data} /> : null}
      {data ? <ReviewEdits draft={draft} review={data} isOwner={data.isOwner} /> : null}
      {data ? <ReviewDuplicates review={data} /> : null}
      <Draft draft={draft} review={data} onField={setField} />
      <DraftChanges draft={draft} />
      {data ? <ReviewChecklist draft={draft} review={data} isCurator={data.isCurator} /> : null}
      {data ? <Comments draft={draft} review={data} field={field} setField={setField} /> : null}
    </main>
  );
}

/** How much keeps a draft from being approved: where that changes, why a step was refused is no longer so. */
const inTheWay = (review: Review | undefined): number =>
  (review?.comments ?? []).filter((one) => one.mustFix && !one.resolvedAt).length +
  (review?.edits ?? []).filter(({ state }) => state === 'waiting').length;

/** Whose turn it is, and with whom the draft is. */
function Standing({ review }: { review: Review }): JSX.Element {
  const text = useText();
  return (
    <p>
      <span className="st info">{text(`review.state.${review.state}`)}</span>{' '}
      {review.assignee ? text('review.withWhom', { name: review.assignee }) : null} {text(`life.turn.${review.turn}`)}{' '}
      {review.isRequired ? text('review.required') : text('review.optional')}{' '}
      {review.firstApproval ? text('review.firstApproval', { name: review.firstApproval }) : null}{' '}
      {review.curatorsMissing > 0 ? (
        <span className="st warn">
          {text('review.missing', { count: review.curatorsMissing, n: review.curatorsMissing })}
        </span>
      ) : null}
    </p>
  );
}

/** The steps one may take; returning a draft asks why first. */
function Head({ draft, review }: { draft: string; review: Review | undefined }): JSX.Element {
  const text = useText();
  const [reason, setReason] = useState<string>();
  const take = useChange({
    mutationFn: ({ step, why }: { step: Step; why?: string }) =>
      api.call(routes.takeReviewStep, {
        params: { draft },
        // Taken on what stands here: if somebody changed it meanwhile, it is looked at again first.
        ...(review ? { headers: { 'if-match': `"${review.revision}"` } } : {}),
        body: { step, ...(why === undefined ? {} : { reason: why }) },
      }),
    onSuccess: () => setReason(undefined),
    onSettled: () => {
      void answers.invalidateQueries({ queryKey: ['draft', draft] });
      return answers.invalidateQueries({ queryKey: ['review', draft] });
    },
  });
  return (
    <>
      <div className="dh">
        <h1>{text('review.title')}</h1>
        <div className="end">
          {(review?.steps ?? []).map((step) => (
            <button
              key={step}
              type="button"
              className="btn"
              disabled={take.isPending}
              onClick={() => (step === 'return' ? setReason('') : take.mutate({ step }))}
            >
              {text(`review.step.${step}`)}
            </button>
          ))}
        </div>
      </div>
      {reason === undefined ? null : (
        <form
          className="row w"
          onSubmit={(event) => {
            event.preventDefault();
            take.mutate({ step: 'return', why: reason.trim() });
          }}
        >
          <input
            className="field-in"
            required
            autoFocus
            maxLength={5000}
            aria-label={text('life.reason')}
            placeholder={text('life.reason')}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <button type="submit" className="btn danger" disabled={take.isPending}>
            {text('life.returnNow')}
          </button>
          <button type="button" className="btn" onClick={() => setReason(undefined)}>
            {text('life.cancel')}
          </button>
        </form>
      )}
      {take.error ? <StepFailed error={take.error} step={take.variables?.step} review={review} /> : null}
    </>
  );
}

/** Why a step was not taken. Where somebody else was quicker, the page says where the draft stands now. */
function StepFailed(props: { error: unknown; step: Step | undefined; review: Review | undefined }): JSX.Element {
  const text = useText();
  const { error, step, review } = props;
  const isPassed = error instanceof ApiError && error.code === 'state-conflict' && review && step;
  if (!isPassed || review.steps.includes(step)) return <AnswerFailed error={error} />;
  return (
    <div className="finding bad" role="alert">
      <span className="mark">{'!'}</span>
      <span>
        {text('review.passed', { step: text(`review.step.${step}`), state: text(`review.state.${review.state}`) })}
      </span>
    </div>
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

/** Name of a field in the reader's language, with the data set it holds for; of a file its path. */
function labelOf(key: string): string {
  return labelOfKey(key)[language()];
}

const placeInForm = new Map(metadataFields.map(({ id }, place) => [id, place]));

/** Values as the form has them one below the other; of one field that of the study before those of data sets. */
function inOrderOfForm(values: Readonly<Record<string, unknown>>): [key: string, value: unknown][] {
  const placeOf = (key: string) => placeInForm.get(splitValueKey(key).field) ?? metadataFields.length;
  return Object.entries(values).sort(([a], [b]) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
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
  const { metadata, files, itemCounts, missing, note = '', changeKinds, earlierResults } = shown.data;
  return (
    <section className="sec">
      <div className="hd">
        <h2 className="mono">{shown.data.accession}</h2>
        {isFurther(shown.data) ? (
          <span className="tag">{text('drafts.version', { version: versionLabel(shown.data) })}</span>
        ) : null}
        <span className="s m2">
          {text('review.content', { files: files.count, items: itemCounts.count, missing: missing.length })}
        </span>
      </div>
      {missing.length > 0 ? (
        <MissingList issues={missing as Finding[]} follow={() => void navigate(`/deposit/${draft}`)} />
      ) : null}
      {changeKinds ? (
        <p className="said">
          <span className="b">{text('change.kinds')}</span> {changeInWords('changeKinds', changeKinds, text)}
        </p>
      ) : null}
      {earlierResults ? (
        <p className="said">
          <span className="b">{text('change.results')}</span> {changeInWords('earlierResults', earlierResults, text)}
        </p>
      ) : null}
      {note.trim() === '' ? null : <LongWords label={text('publish.note')} words={note} />}
      <dl className="kv values">
        {inOrderOfForm(metadata.values).map(([field, value]) => (
          <div key={field}>
            <dt>{labelOf(field)}</dt>
            <dd>
              {valueInWords(value)}{' '}
              {(review?.comments ?? [])
                .filter((one) => one.field === field && one.mustFix && !one.resolvedAt)
                .map((one) => (
                  <span key={one.id} className="st warn begins">
                    {one.text}
                  </span>
                ))}{' '}
              <button
                type="button"
                className="btn quiet sm"
                aria-label={text('review.about', { field: labelOf(field) })}
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

function Comments({
  draft,
  review,
  field,
  setField,
}: {
  draft: string;
  review: Review;
  field: string;
  setField(field: string): void;
}): JSX.Element {
  const text = useText();
  const { isCurator } = review;
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
      // The next remark need not be a demand.
      setMustFix(false);
      return again();
    },
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('review.comments')}</h2>
      </div>
      {review.comments.length === 0 ? <p className="s m2">{text('review.noComments')}</p> : null}
      <ul className="plain">
        {review.comments.map((one) => (
          <Comment key={one.id} draft={draft} one={one} isCurator={isCurator && review.steps.length > 0} />
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
          {isCurator ? (
            <label className="row">
              <input type="checkbox" checked={mustFix} onChange={(event) => setMustFix(event.target.checked)} />
              <span>{text('review.mustFix')}</span>
            </label>
          ) : null}
        </div>
        <textarea
          className="field-in remark"
          id="review-words"
          rows={3}
          maxLength={5000}
          aria-label={text('review.words')}
          placeholder={text('review.words')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <button type="submit" className="btn" disabled={add.isPending}>
          {text('review.say')}
        </button>
        {add.error ? <AnswerFailed error={add.error} /> : null}
      </form>
    </section>
  );
}

/** A comment with what it said before; who wrote it may write it anew, curators settle it. */
function Comment({
  draft,
  one,
  isCurator,
}: {
  draft: string;
  one: Review['comments'][number];
  isCurator: boolean;
}): JSX.Element {
  const text = useText();
  const [words, setWords] = useState<string>();
  const change = useChange({
    mutationFn: (what: 'settle' | 'open' | 'edit') => {
      const params = { draft, id: one.id };
      if (what === 'settle') return api.call(routes.settleReviewComment, { params });
      if (what === 'open') return api.call(routes.reopenReviewComment, { params });
      return api.call(routes.editReviewComment, { params, body: { text: words ?? one.text, mustFix: one.mustFix } });
    },
    onSuccess: () => setWords(undefined),
    onSettled: () => answers.invalidateQueries({ queryKey: ['review', draft] }),
  });
  return (
    <li className="prose">
      <p>
        <span className="b">{one.author || text('life.left')}</span> <span className="m3">{writtenMoment(one.at)}</span>{' '}
        {one.field === '' ? null : <span className="tag">{labelOf(one.field)}</span>}{' '}
        {one.resolvedAt ? (
          <span className="st ok">{text('review.settled')}</span>
        ) : one.mustFix ? (
          <span className="st warn">{text('review.mustFix')}</span>
        ) : null}
      </p>
      {words === undefined ? (
        <LongWords words={one.text} />
      ) : (
        <form
          className="row w"
          onSubmit={(event) => {
            event.preventDefault();
            if (words.trim() !== '') change.mutate('edit');
          }}
        >
          <textarea
            className="field-in remark"
            rows={3}
            maxLength={5000}
            autoFocus
            aria-label={text('review.words')}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <button type="submit" className="btn sm" disabled={change.isPending}>
            {text('life.saveComment')}
          </button>
          <button type="button" className="btn sm quiet" onClick={() => setWords(undefined)}>
            {text('life.cancel')}
          </button>
        </form>
      )}
      {one.past.map((before) => (
        <p key={before.until} className="s m3">
          {text('life.before', { text: before.text })} ({writtenMoment(before.until)})
        </p>
      ))}
      <p className="row w">
        {isCurator && one.mustFix ? (
          <button
            type="button"
            className="btn sm"
            disabled={change.isPending}
            onClick={() => change.mutate(one.resolvedAt ? 'open' : 'settle')}
          >
            {text(one.resolvedAt ? 'life.reopenComment' : 'review.settle')}
          </button>
        ) : null}
        {one.isMine && words === undefined ? (
          <button type="button" className="btn sm quiet" onClick={() => setWords(one.text)}>
            {text('life.editComment')}
          </button>
        ) : null}
      </p>
      {change.error ? <AnswerFailed error={change.error} /> : null}
    </li>
  );
}
