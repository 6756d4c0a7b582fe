import { type JSX, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';

type OwnStudy = Awaited<ReturnType<typeof load>>['studies'][number];

/** Studies asked for at once. */
const atOnce = 100;
const load = (cursor?: string) =>
  api.call(routes.listOwnStudies, { query: { limit: atOnce, ...(cursor === undefined ? {} : { cursor }) } });

/** The first pages, as one list. */
async function loadPages(pages: number): Promise<{ studies: OwnStudy[]; hasMore: boolean }> {
  const studies: OwnStudy[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pages; page++) {
    const one = await load(cursor);
    studies.push(...one.studies);
    if (one.nextCursor === null) return { studies, hasMore: false };
    cursor = one.nextCursor;
  }
  return { studies, hasMore: true };
}

/** What somebody has published, in whatever state, with what its owner can do: nothing else leads to a study that is under a private embargo. */
export function OwnStudiesSection(): JSX.Element | null {
  const text = useText();
  const [pages, setPages] = useState(1);
  const list = useAnswer({
    queryKey: ['own-studies', pages],
    staleTime: 0,
    placeholderData: (before) => before,
    queryFn: () => loadPages(pages),
  });
  if (list.error) return <AnswerFailed error={list.error} again={() => void list.refetch()} />;
  const { studies = [], hasMore = false } = list.data ?? {};
  if (studies.length === 0) return null;
  return (
    <section className="sec" id="published">
      <div className="hd">
        <h2>{text('life.own')}</h2>
        <span className="s m2">{text('life.ownHelp')}</span>
      </div>
      <table className="t stack">
        <thead>
          <tr>
            <th>{text('drafts.study')}</th>
            <th>{text('drafts.accession')}</th>
            <th>{text('life.ownPublished')}</th>
            <th>
              <span className="sr">{text('table.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {studies.map((one) => (
            <OwnStudyRow key={one.accession} {...one} />
          ))}
        </tbody>
      </table>
      {hasMore ? (
        <p>
          <button type="button" className="btn" disabled={list.isFetching} onClick={() => setPages(pages + 1)}>
            {text('life.more')}
          </button>
        </p>
      ) : null}
    </section>
  );
}

function OwnStudyRow({ accession, title, version, publishedAt, state, until, isPrivate }: OwnStudy): JSX.Element {
  const text = useText();
  const isWithdrawn = state === 'withdrawn';
  return (
    <tr>
      <td>
        <a href={`/studies/${accession}`}>{title}</a>
      </td>
      <td className="mono nw">
        {accession} {text('drafts.version', { version })}
      </td>
      <td className="m2" data-label={text('life.ownPublished')}>
        {writtenDate(publishedAt)},{' '}
        {text(`life.ownState.${isPrivate ? 'private' : state}`, { day: until === undefined ? '' : writtenDate(until) })}
      </td>
      <td className="r">
        {isWithdrawn ? null : (
          <Link className="btn sm quiet" to={`/next-version/${accession}`}>
            {text('life.ownNext')}
          </Link>
        )}{' '}
        {state === 'embargoed' || state === 'controlled' ? (
          <Link className="btn sm quiet" to={`/private-links/${accession}`}>
            {text('life.ownLinks')}
          </Link>
        ) : null}{' '}
        <Link className="btn sm quiet" to={`/transfer/${accession}`}>
          {text('life.ownHandOver')}
        </Link>{' '}
        {isWithdrawn ? null : (
          <Link className="btn sm quiet" to={`/study-state/${accession}`}>
            {text('life.ownStateOf')}
          </Link>
        )}{' '}
        <Link className="btn sm quiet" to={`/dois/${accession}`}>
          {text('life.ownDois')}
        </Link>
      </td>
    </tr>
  );
}
