import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { writtenMoment } from '../messages/written.ts';

/** Drafts that wait for curators, the oldest first. */
export function ReviewsSection(): JSX.Element {
  const text = useText();
  const list = useAnswer({ queryKey: ['reviews'], queryFn: () => api.call(routes.listReviews, {}) });
  const reviews = list.data?.reviews ?? [];
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('review.queue')}</h2>
      </div>
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      {list.data && reviews.length === 0 ? <p className="s m2">{text('review.queueEmpty')}</p> : null}
      {reviews.length > 0 ? (
        <div className="scrollx">
          <table className="t">
            <thead>
              <tr>
                <th>{text('admin.study')}</th>
                <th>{text('admin.state')}</th>
                <th>{text('review.with')}</th>
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
                    <span className="mono m3">{one.accession}</span>
                  </td>
                  <td>{text(`review.state.${one.state}`)}</td>
                  <td>{one.assignee ?? ''}</td>
                  <td>{writtenMoment(one.submittedAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </section>
  );
}
