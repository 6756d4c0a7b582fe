import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { Link } from '../app/router.tsx';
import { ReleaseSummary } from '../life/release-summary.tsx';
import { useText } from '../messages/text.ts';
import { type Draft, isFurther } from './draft.ts';

/** When the files open, which DOI the study and this version get, and the way to where both, sharing and declarations are set. */
export function ReleaseSection({ draft, releaseDate }: { draft: Draft; releaseDate: unknown }): JSX.Element {
  const text = useText();
  const doi = useAnswer({
    queryKey: ['doi', draft.id],
    queryFn: () => api.call(routes.getDoi, { params: { draft: draft.id } }),
  }).data;
  return (
    <section id="release" tabIndex={-1}>
      <div className="hd">
        <h2>{text('life.release')}</h2>
        <span className="s m2">{text('life.releaseHelp')}</span>
      </div>
      {doi?.isOffered && doi.doi ? (
        <p>
          <span className="m2">{text('life.doiStudy')}</span> <span className="mono">{doi.doi}</span>
          {doi.versionDoi ? (
            <>
              {'; '}
              <span className="m2">{text('life.doiVersion')}</span> <span className="mono">{doi.versionDoi}</span>
            </>
          ) : null}
        </p>
      ) : null}
      {isFurther(draft) ? (
        <p>
          <Link className="l" to={`/sharing/${draft.id}`}>
            {text('life.toRelease')}
          </Link>
        </p>
      ) : (
        <ReleaseSummary draft={draft.id} releaseDate={releaseDate} />
      )}
    </section>
  );
}
