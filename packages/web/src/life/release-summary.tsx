import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { Icon } from '../app/icons.tsx';
import { Link } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';

interface Props {
  draft: string;
  /** What the metadata name as release date, as `YYYY-MM-DD`. */
  releaseDate?: unknown;
}

/** Is this the day after today, or a later one? The calendar is the server's, which counts in UTC. */
export const isAhead = (day: unknown, now = Date.now()): day is string =>
  typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) && day > new Date(now).toISOString().slice(0, 10);

/**
 * From when the files of a first version are open to whom. The release date is a statement for readers and closes nothing: where it names a day to come
 * and no day is set for the files, that is said before they are out.
 */
export function ReleaseSummary({ draft, releaseDate }: Props): JSX.Element | null {
  const text = useText();
  const params = { draft };
  const release = useAnswer({
    queryKey: ['release', draft],
    staleTime: 0,
    queryFn: () => api.call(routes.getRelease, { params }),
  }).data;
  const declared = useAnswer({
    queryKey: ['declaration', draft],
    staleTime: 0,
    queryFn: () => api.call(routes.getDeclaration, { params }),
  }).data;
  if (!release || !declared) return null;
  const { embargoUntil, isPrivate } = release;
  const isOnRequest = declared.declaration !== null && declared.declaration.access !== 'open';
  const isMissed = !embargoUntil && isAhead(releaseDate);
  return (
    <>
      <p className="m2">
        {embargoUntil
          ? text(isPrivate ? 'life.opensPrivate' : 'life.opensOn', { day: writtenDate(embargoUntil) })
          : text(isOnRequest ? 'life.opensOnRequest' : 'life.opensAtOnce')}
      </p>
      {isMissed ? (
        <p className="finding warn">
          <Icon name="warn" />
          <span>{text('life.opensBefore', { day: writtenDate(releaseDate) })}</span>
        </p>
      ) : null}
      <p>
        <Link className="l" to={`/sharing/${draft}`}>
          {text('life.toRelease')}
        </Link>
      </p>
    </>
  );
}
