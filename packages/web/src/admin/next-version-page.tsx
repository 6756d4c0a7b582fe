import '../styles/account.css';
import type { JSX } from 'react';
import { useAnswer, useChange } from '../app/answers.ts';
import { api, ApiError, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link, navigate, usePageLocation } from '../app/router.tsx';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useMe } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';

/** `/next-version/ACCESSION`: who answers for a study opens its next version, or one that changes metadata only. */
export function NextVersionPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { accession = '' } = usePageLocation().params;
  useTitle(`${text('version.open')} · ${accession}`);
  const open = useChange({
    mutationFn: (metadataOnly: '0' | '1') =>
      api.call(routes.newDraftVersion, { params: { accession }, query: { metadataOnly } }),
    onSuccess: ({ id }) => navigate(`/deposit/${id}`),
  });
  // Who opens versions may read what happened to the study; a study that was handed over has another owner now.
  const standing = useAnswer({
    queryKey: ['study-log', accession, 'next-version'],
    enabled: Boolean(me),
    staleTime: 0,
    queryFn: () => api.call(routes.getStudyLog, { params: { accession }, query: { limit: 1 } }),
  });
  if (!me) return <SignInFirst pending={me === undefined} />;
  const isOthers = standing.error instanceof ApiError && standing.error.status === 404;
  return (
    <main className="wrap plain">
      <div className="dh">
        <h1>{text('version.open')}</h1>
        <div className="end">
          {isOthers ? null : (
            <>
              <Link className="btn" to={`/transfer/${accession}`}>
                {text('version.handOver')}
              </Link>{' '}
              <Link className="btn" to={`/study-state/${accession}`}>
                {text('life.state')}
              </Link>{' '}
            </>
          )}
          <a className="btn" href={`/studies/${accession}`}>
            {text('nav.toStudy')}
          </a>
        </div>
      </div>
      {isOthers ? (
        <p className="prose" role="status">
          {text('version.notYours', { accession })}
        </p>
      ) : standing.error ? (
        <AnswerFailed error={standing.error} again={() => void standing.refetch()} />
      ) : (
        <>
          <p className="prose m2">{text('version.help')}</p>
          <p className="row w">
            <button
              type="button"
              className="btn primary"
              disabled={open.isPending || !standing.data}
              onClick={() => open.mutate('0')}
            >
              {text('version.all')}
            </button>
            <button
              type="button"
              className="btn"
              disabled={open.isPending || !standing.data}
              onClick={() => open.mutate('1')}
            >
              {text('version.metadata')}
            </button>
          </p>
        </>
      )}
      {open.error ? <AnswerFailed error={open.error} /> : null}
    </main>
  );
}
