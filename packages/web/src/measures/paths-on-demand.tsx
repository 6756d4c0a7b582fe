import type { TrackSetSummary } from '@micrarium/model';
import type { JSX } from 'react';
import { AnswerFailed } from '../app/failures.tsx';
import { Link } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { writtenBytes, writtenCount } from '../messages/written.ts';
import type { FilmPlace } from '../viewer/open-film.ts';
import { pathBytes, type PathsPlan } from './paths-plan.ts';

interface DemandProps {
  plan: PathsPlan;
  summary: Pick<TrackSetSummary, 'part' | 'counts' | 'hasZ'>;
  set: FilmPlace;
  isFetching: boolean;
  error: Error | null;
  ask(): void;
}

/** In the place of the plots that need the positions of all objects: what they would cost, or why they are not drawn. */
export function PathsOnDemand({ plan, summary, set, isFetching, error, ask }: DemandProps): JSX.Element | null {
  const text = useText();
  if (plan === 'none' || (plan === 'at-once' && !error)) return null;
  const { accession, version, item } = set;
  const objects = writtenCount(summary.counts.objects);
  const title = [text('measures.origin'), ...(summary.counts.splits > 0 ? [text('measures.lineage')] : [])].join(' · ');
  return (
    <figure className="plot">
      <figcaption>
        <b>{title}</b>
      </figcaption>
      {error ? <AnswerFailed error={error} again={ask} /> : null}
      {error ? null : plan === 'too-many' ? (
        <>
          <p className="s m2 said">{text('measures.pathsTooMany', { objects })}</p>
          <Link
            className="btn sm"
            to={`/space/${accession}/${version}/${item}`}
            search={summary.part > 0 ? { set: summary.part } : {}}
          >
            {text('measures.pathsInSpace')}
          </Link>
        </>
      ) : (
        <>
          <p className="s m2 said" role="status">
            {isFetching
              ? text('measures.pathsFetching', { objects })
              : text('measures.pathsAsked', { objects, size: writtenBytes(pathBytes(summary)) })}
          </p>
          <button type="button" className="btn sm" disabled={isFetching} onClick={ask}>
            {text('measures.pathsDraw')}
          </button>
        </>
      )}
    </figure>
  );
}
