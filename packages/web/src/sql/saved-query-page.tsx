import '../styles/sql.css';
import { type JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenCount, writtenDate } from '../messages/written.ts';
import { Result } from './result.tsx';
import { rowsOnPage } from './sql-answer.ts';

type SavedQuery = Awaited<ReturnType<typeof askQuery>>;
const askQuery = (id: string) => api.call(routes.getQuery, { params: { id } });

/** `/queries/ID`: a query that is cited, run again on the versions it was asked of, and all data it used. */
export function SavedQueryPage(): JSX.Element {
  const text = useText();
  const id = usePageLocation().params.id ?? '';
  const query = useAnswer({ queryKey: ['query', id], queryFn: () => askQuery(id) });
  const result = useAnswer({
    queryKey: ['query-result', id],
    queryFn: ({ signal }) =>
      api.call(routes.runQuery, { params: { id }, query: { limit: rowsOnPage, format: 'json' }, signal }),
    enabled: query.data !== undefined,
    retry: false,
  });
  useTitle(query.data?.title ?? text('query.title'));
  if (query.error)
    return (
      <main className="wrap sqlpage">
        <h1>{text('query.title')}</h1>
        <AnswerFailed error={query.error} again={() => void query.refetch()} />
      </main>
    );
  const { data } = query;
  return (
    <main className="wrap sqlpage">
      <h1>{data?.title ?? text('query.title')}</h1>
      {data ? (
        <>
          <p className="lead">
            {text('query.made', { id: data.id, date: writtenDate(data.madeAt) })}
            {data.madeBy === '' ? '' : ` · ${data.madeBy}`}
          </p>
          <div className="lay">
            <div>
              <pre className="mono statement">{data.statement}</pre>
              <p className="doing">
                <a className="btn" href={data.page}>
                  {text('query.edit')}
                </a>
              </p>
              {result.error ? <AnswerFailed error={result.error} again={() => void result.refetch()} /> : null}
              {result.isPending ? <p className="plain">{text('sql.running')}</p> : null}
              {result.data ? (
                <Result
                  result={result.data}
                  fileOf={(format) => api.url(routes.runQuery, { params: { id }, query: { format } })}
                />
              ) : null}
            </div>
            <Used query={data} />
          </div>
        </>
      ) : null}
    </main>
  );
}

/** How to cite the query, and all data it used. */
function Used({ query }: { query: SavedQuery }): JSX.Element {
  const text = useText();
  const { id, citation, cited, versions } = query;
  const cite = (format: 'text' | 'bibtex') => api.url(routes.citeQuery, { params: { id }, query: { format } });
  const forms = [
    ['TXT', cite('text')],
    ['BibTeX', cite('bibtex')],
    ['JSON', api.url(routes.getQuery, { params: { id } })],
  ] as const;
  return (
    <aside>
      <h2 className="part">{text('query.cite')}</h2>
      <p className="s">{citation}</p>
      <h2 className="part">{text('query.used', { count: cited.length, n: writtenCount(cited.length) })}</h2>
      <ul className="examples">
        {cited.slice(0, 100).map(({ accession, version, title, isOpen }) => (
          <li key={accession}>
            {isOpen ? (
              <a className="l" href={`/studies/${accession}/v/${version}`}>
                {title || accession}
              </a>
            ) : (
              accession
            )}{' '}
            <span className="s m2">
              {isOpen ? `${accession} v${version}` : text('query.closed', { version: String(version) })}
            </span>
          </li>
        ))}
      </ul>
      <p className="s m2">{text('query.asked', { count: versions.length, n: writtenCount(versions.length) })}</p>
      <p>
        {text('query.references')}{' '}
        <span className="files">
          {forms.map(([name, address]) => (
            <a key={name} className="l" href={address}>
              {name}
            </a>
          ))}
        </span>
      </p>
    </aside>
  );
}
