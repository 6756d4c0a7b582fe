import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { HeadedTable } from '../app/headed-table.tsx';
import { Link } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';

/** Requests of curators that are open, by the day they are due. */
export function RequestsSection(): JSX.Element {
  const text = useText();
  const list = useAnswer({ queryKey: ['open-requests'], queryFn: () => api.call(routes.listOpenRequests, {}) });
  const requests = list.data?.requests ?? [];
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('request.title')}</h2>
        <span className="s m2">{text('request.help')}</span>
      </div>
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      {list.data && requests.length === 0 ? <p className="s m2">{text('request.noneOpen')}</p> : null}
      {requests.length > 0 ? (
        <HeadedTable heads={[text('admin.study'), text('request.what'), text('request.due'), text('review.with')]}>
          {requests.map((one) => (
            <tr key={one.id}>
              <td>
                <Link className="l" to={`/requests/${one.accession}`}>
                  {one.title}
                </Link>{' '}
                <span className="mono m3">{one.accession}</span>
              </td>
              <td>{text(`request.kind.${one.kind}`)}</td>
              <td>
                {writtenDate(one.due)}{' '}
                {one.isOverdue ? <span className="st warn">{text('request.overdue')}</span> : null}
              </td>
              <td>{one.curator || text('life.left')}</td>
            </tr>
          ))}
        </HeadedTable>
      ) : null}
    </section>
  );
}
