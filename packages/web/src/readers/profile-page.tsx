import '../styles/readers.css';
import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { ApiError, api, routes } from '../app/api.ts';
import { AnswerFailed, NotFound } from '../app/failures.tsx';
import { usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';

/** `/people/ID`: somebody who publishes here: first where their data were used again, then their studies. */
export function ProfilePage(): JSX.Element {
  const text = useText();
  const { id = '' } = usePageLocation().params;
  const found = useAnswer({
    queryKey: ['profile', id],
    queryFn: () => api.call(routes.getProfile, { params: { id } }),
  });
  const { data, error } = found;
  useTitle(data?.name ?? text('readers.profile'));
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  return (
    <main className="wrap plain" aria-busy={found.isPending}>
      {error ? <AnswerFailed error={error} again={() => void found.refetch()} /> : null}
      {data ? (
        <>
          <div className="dh">
            <h1>{data.name}</h1>
            {data.orcid ? (
              <a className="l mono" href={`https://orcid.org/${data.orcid}`}>
                {data.orcid}
              </a>
            ) : null}
          </div>
          {data.reuses.length === 0 ? null : (
            <section className="sec">
              <div className="hd">
                <h2>{text('readers.reuse')}</h2>
              </div>
              <ul className="readers">
                {data.reuses.map((one) => (
                  <li key={one.id}>
                    <span className="s m2">{text(`readers.kind.${one.kind}`)}</span>{' '}
                    <a className="l b" href={one.url}>
                      {one.title || one.identifier}
                    </a>{' '}
                    <span className="mono m3 s">{one.identifier.replace(/^https:\/\//, '')}</span>
                    <p className="s m2">
                      {text('readers.usesStudy')}{' '}
                      <a className="l" href={`/studies/${one.accession}`}>
                        {one.studyTitle}
                      </a>
                    </p>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <section className="sec">
            <div className="hd">
              <h2>{text('readers.studies')}</h2>
            </div>
            <ul className="readers">
              {data.studies.map((one) => (
                <li key={one.accession}>
                  <a className="l b" href={`/studies/${one.accession}`}>
                    {one.title}
                  </a>{' '}
                  <span className="mono m3 s">{one.accession}</span>
                  <p className="s m2">
                    {writtenDate(one.publishedAt)}
                    {one.reused > 0 ? <> · {text('readers.usedTimes', { count: one.reused })}</> : null}
                  </p>
                </li>
              ))}
            </ul>
          </section>
        </>
      ) : null}
    </main>
  );
}
