import '../styles/sql.css';
import { type JSX, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { pageAddress } from '../app/location.ts';
import { usePageLocation } from '../app/router.tsx';
import { parseSearch } from '../app/search-string.ts';
import { useTitle } from '../app/title.ts';
import { addressOf, stateOf } from '../explore/explore-state.ts';
import { useText } from '../messages/text.ts';
import { writtenCount, writtenDate } from '../messages/written.ts';
import { type DrawnColumns, drawnOf } from './result-plot.tsx';
import { Result } from './result.tsx';
import { rowsOnPage } from './sql-answer.ts';

/** Versions a query is run on: those it was asked of, or those that are open now. */
type Versions = 'kept' | 'newest';

type SavedQuery = Awaited<ReturnType<typeof askQuery>>;
const askQuery = (id: string) => api.call(routes.getQuery, { params: { id } });

/** `/queries/ID`: a query that is cited, run again on the versions it was asked of, and all data it used. */
export function SavedQueryPage(): JSX.Element {
  const text = useText();
  const id = usePageLocation().params.id ?? '';
  const query = useAnswer({ queryKey: ['query', id], queryFn: () => askQuery(id) });
  const [versions, setVersions] = useState<Versions>('kept');
  const [drawn, setDrawn] = useState<DrawnColumns>();
  const result = useAnswer({
    queryKey: ['query-result', id, versions],
    queryFn: ({ signal }) =>
      api.call(routes.runQuery, { params: { id }, query: { limit: rowsOnPage, format: 'json', versions }, signal }),
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
  const comparison = data && comparisonOf(data);
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
              {comparison ? (
                <Again {...comparison} />
              ) : (
                <p className="doing">
                  <a className="btn" href={data.page}>
                    {text('query.edit')}
                  </a>
                </p>
              )}
              {comparison?.isFrozen ? null : <VersionChoice versions={versions} choose={setVersions} />}
              {result.error ? <AnswerFailed error={result.error} again={() => void result.refetch()} /> : null}
              {result.isPending ? <p className="plain">{text('sql.running')}</p> : null}
              {result.data ? (
                <Result
                  result={result.data}
                  fileOf={(format) => api.url(routes.runQuery, { params: { id }, query: { format, versions } })}
                  drawn={drawn ?? drawnOf(parseSearch(data.page.split('?')[1] ?? ''))}
                  choose={setDrawn}
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

interface Comparison {
  /** Addresses of the page it was made on, with the versions of then and with the newest. */
  kept: string;
  newest: string;
  /** Its numbers stand in the statement: the page measured them at one time step, and measures them again. */
  isFrozen: boolean;
}

/** The comparison a query was made on; `undefined` for one that was written as a statement. */
function comparisonOf({ id, page }: SavedQuery): Comparison | undefined {
  const [path, search = ''] = page.split('?');
  if (path !== '/explore') return undefined;
  const state = stateOf(parseSearch(search));
  return {
    kept: pageAddress('/explore', addressOf({ ...state, query: id })),
    newest: page,
    isFrozen: state.resample !== undefined,
  };
}

/** Ways to the comparison a query was made on: it is measured and drawn again there. */
function Again({ kept, newest, isFrozen }: Comparison): JSX.Element {
  const text = useText();
  return (
    <>
      <p className="s">{text(isFrozen ? 'query.frozen' : 'query.compared')}</p>
      <p className="doing">
        <a className="btn" href={kept}>
          {text('query.againKept')}
        </a>
        <a className="btn" href={newest}>
          {text('query.againNewest')}
        </a>
      </p>
    </>
  );
}

/** Which versions the statement is run on. */
function VersionChoice({ versions, choose }: { versions: Versions; choose: (next: Versions) => void }): JSX.Element {
  const text = useText();
  return (
    <p className="doing">
      <span className="seg" role="group" aria-label={text('query.versions')}>
        {(['kept', 'newest'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={versions === one} onClick={() => choose(one)}>
            {text(`query.${one}`)}
          </button>
        ))}
      </span>
      {versions === 'newest' ? <span className="s m2">{text('query.newestHow')}</span> : null}
    </p>
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
