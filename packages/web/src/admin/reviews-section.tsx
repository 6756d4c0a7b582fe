import { type JSX, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link } from '../app/router.tsx';
import { fitsFilter, type QueueFilter, type QueuedReview } from '../life/queue-filter.ts';
import { QueueFilters } from '../life/queue-filters.tsx';
import { useText } from '../messages/text.ts';
import { writtenBytes, writtenDate, writtenMoment } from '../messages/written.ts';

/** Drafts that wait for curators, the oldest first; what is asked of published studies below them. */
export function ReviewsSection(): JSX.Element {
  const text = useText();
  const [filter, setFilter] = useState<QueueFilter>({});
  const list = useAnswer({ queryKey: ['reviews'], queryFn: () => api.call(routes.listReviews, {}) });
  const asks = useAnswer({ queryKey: ['study-asks'], queryFn: () => api.call(routes.listOpenAsks, {}) });
  const all = list.data?.reviews ?? [];
  const [now] = useState(() => Date.now());
  const reviews = all.filter((one) => fitsFilter(one, filter, now));
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('review.queue')}</h2>
        {all.length > 0 ? <span className="s m2 num">{`${reviews.length} / ${all.length}`}</span> : null}
      </div>
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      {list.data && all.length === 0 ? <p className="s m2">{text('review.queueEmpty')}</p> : null}
      {all.length > 0 ? <QueueFilters all={all} filter={filter} setFilter={setFilter} /> : null}
      {reviews.length > 0 ? <ReviewQueue reviews={reviews} /> : null}
      {(asks.data?.asks ?? []).length > 0 ? (
        <>
          <h3>{text('life.asksOpen')}</h3>
          <ul className="plain">
            {(asks.data?.asks ?? []).map((ask) => (
              <li key={ask.id}>
                <Link className="l" to={`/study-state/${ask.accession}`}>
                  {text(`life.wants.${ask.change}`, { name: ask.askedBy || text('life.left') })}
                </Link>{' '}
                <span className="mono m3">{ask.accession}</span>{' '}
                <span className="s m2">{writtenDate(ask.askedAt)}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}

/** Drafts in review, in rows. */
export function ReviewQueue({ reviews }: { reviews: readonly QueuedReview[] }): JSX.Element {
  const text = useText();
  return (
    <table className="t stack">
      <thead>
        <tr>
          <th>{text('admin.study')}</th>
          <th>{text('admin.state')}</th>
          <th>{text('review.with')}</th>
          <th>{text('life.depositor')}</th>
          <th className="r">{text('life.size')}</th>
          <th>{text('review.since')}</th>
        </tr>
      </thead>
      <tbody>
        {reviews.map((one) => (
          <tr key={one.draft}>
            <td>
              <Link className="l" to={`/review/${one.draft}`}>
                {one.title === '' ? one.accession : one.title}
              </Link>{' '}
              <span className="mono m3">{one.accession}</span>{' '}
              {one.holdsPeople ? <span className="st warn">{text('life.people')}</span> : null}
            </td>
            <td data-label={text('admin.state')}>
              {text(`review.state.${one.state}`)} <span className="s m3">{text(`life.tier.${one.tier}`)}</span>
              {one.publishOn ? <span className="s m2"> {writtenDate(one.publishOn)}</span> : null}
            </td>
            <td data-label={text('review.with')}>{one.assignee ?? ''}</td>
            <td data-label={text('life.depositor')}>
              {one.depositor} {one.isFirst ? <span className="st info">{text('life.firstDeposit')}</span> : null}
            </td>
            <td className="r nw" data-label={text('life.size')}>
              {writtenBytes(one.bytes)}
            </td>
            <td data-label={text('review.since')} title={text('life.answerBy', { day: writtenDate(one.answerBy) })}>
              {writtenMoment(one.submittedAt)}{' '}
              {one.isLate ? <span className="st warn">{text('life.late')}</span> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
