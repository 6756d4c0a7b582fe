import { versionLabel } from '@micrarium/model';
import { type JSX, useRef, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { isFurther } from '../deposit/draft.ts';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';
import { ReleaseSummary } from './release-summary.tsx';
import type { Review } from './review-answer.ts';

/** Publishes an approved draft, once it was asked back, or on a day. */
export function ReviewPublication({ draft, review }: { draft: string; review: Review }): JSX.Element | null {
  const text = useText();
  const [day, setDay] = useState('');
  const queryKey = ['review', draft];
  const fix = useChange({
    mutationFn: (on: string | null) => api.call(routes.setPublicationDay, { params: { draft }, body: { day: on } }),
    onSettled: () => answers.invalidateQueries({ queryKey }),
  });
  const publish = useChange({
    mutationFn: () => api.call(routes.publishDraft, { params: { draft } }),
    onSuccess: ({ path }) => location.assign(path),
    // It may have been opened again, or published, by somebody else.
    onError: () => void answers.invalidateQueries({ queryKey }),
  });
  const dialog = useRef<HTMLDialogElement>(null);
  const about = useAnswer({
    queryKey: ['draft', draft],
    enabled: review.state === 'approved',
    queryFn: () => api.call(routes.getDraft, { params: { draft } }),
  }).data;
  if (review.state !== 'approved') return null;
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('life.publication')}</h2>
      </div>
      <p role="status">
        {review.publishOn ? text('life.publishOn', { day: writtenDate(review.publishOn) }) : text('life.publishWaits')}
      </p>
      <form
        className="row w"
        onSubmit={(event) => {
          event.preventDefault();
          fix.mutate(day);
        }}
      >
        <button type="button" className="btn primary" disabled={!about} onClick={() => dialog.current?.showModal()}>
          {text('life.step.publish')}
        </button>
        <input
          className="field-in"
          type="date"
          required
          aria-label={text('life.day')}
          value={day}
          onChange={(event) => setDay(event.target.value)}
        />
        <button type="submit" className="btn" disabled={fix.isPending}>
          {text('life.setDay')}
        </button>
        {review.publishOn ? (
          <button type="button" className="btn" disabled={fix.isPending} onClick={() => fix.mutate(null)}>
            {text('life.noDay')}
          </button>
        ) : null}
      </form>
      {fix.error ? <AnswerFailed error={fix.error} /> : null}
      <dialog ref={dialog} aria-labelledby="publish-title">
        <h2 id="publish-title">{text('publish.sure')}</h2>
        {about ? (
          <p className="m2 gap">
            {text('publish.sureHelp', { accession: about.accession, version: versionLabel(about) })}
          </p>
        ) : null}
        {about && !isFurther(about) ? (
          <ReleaseSummary draft={draft} releaseDate={about.metadata.values['releaseDate']} />
        ) : null}
        {publish.error ? <AnswerFailed error={publish.error} /> : null}
        <div className="acts">
          <button type="button" className="btn" onClick={() => dialog.current?.close()}>
            {text('publish.back')}
          </button>
          <button
            type="button"
            className="btn primary"
            aria-disabled={publish.isPending}
            onClick={() => (publish.isPending ? undefined : publish.mutate())}
          >
            {text(publish.isPending ? 'publish.publishing' : 'publish.button')}
          </button>
        </div>
      </dialog>
    </section>
  );
}
