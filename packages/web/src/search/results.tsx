import { type JSX, useState } from 'react';
import { api, routes } from '../app/api.ts';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import { writtenCount, writtenMoment } from '../messages/written.ts';
import { ResultTable } from './result-table.tsx';
import { resultsCsv } from './results-csv.ts';
import {
  type SearchState,
  type TableColumn,
  feedOf,
  mostShown,
  pageSize,
  queryOf,
  unfiltered,
} from './search-state.ts';
import { type Study, Organisms, StudyPicture, contentsOf, writtenAuthors, writtenLicence } from './study-words.tsx';

interface Props {
  answer: { studies: Study[]; total: number; nextCursor: string | null };
  state: SearchState;
  go: (next: SearchState, replace?: boolean) => void;
}

/** The results with their head: how many, order, list or wall, and ways to take them along. */
export function Results({ answer, state, go }: Props): JSX.Element {
  const text = useText();
  const { studies, total } = answer;
  return (
    <section aria-label={text('search.results')}>
      <div className="rh">
        <span role="status">
          <b>{writtenCount(total)}</b> <span className="m2">{text('count.studies', { count: total })}</span>
        </span>
        <span className="end">
          <SortChoice state={state} go={go} />
          <ViewChoice state={state} go={go} />
          <CsvButton state={state} />
          <a className="btn sm" href={api.url(routes.searchStudies, { query: queryOf(state, pageSize) })}>
            <Icon name="code" />
            {'API'}
          </a>
        </span>
      </div>
      {studies.length === 0 ? (
        <Nothing state={state} go={go} />
      ) : state.view === 'table' ? (
        <ResultTable studies={studies} state={state} go={go} />
      ) : (
        <ul className={state.view === 'wall' ? 'wallv' : 'listv'}>
          {studies.map((study) => (
            <li key={study.accession}>
              <Result study={study} />
            </li>
          ))}
        </ul>
      )}
      <div className="pg">
        <span>{studies.length > 0 ? text('search.shown', { shown: studies.length, total }) : ''}</span>
        {answer.nextCursor !== null && studies.length < total && state.shown < mostShown ? (
          <button
            type="button"
            className="btn sm"
            onClick={() => go({ ...state, shown: Math.min(mostShown, state.shown + pageSize) }, true)}
          >
            {text('search.showMore')}
          </button>
        ) : null}
        <Follow state={state} />
      </div>
    </section>
  );
}

/** Feeds of the search: whoever keeps one is told of new studies that it finds. */
function Follow({ state }: Pick<Props, 'state'>): JSX.Element {
  const text = useText();
  return (
    <span className="follow">
      <link rel="alternate" type="application/atom+xml" title={text('search.follow')} href={feedOf(state, 'atom')} />
      <link rel="alternate" type="application/feed+json" title={text('search.follow')} href={feedOf(state, 'json')} />
      {text('search.follow')}
      {(['atom', 'json'] as const).map((form) => (
        <a key={form} className="l" href={feedOf(state, form)}>
          {{ atom: 'Atom', json: 'JSON' }[form]}
        </a>
      ))}
    </span>
  );
}

function Result({ study }: { study: Study }): JSX.Element {
  const text = useText();
  const about = [study.imagingMethods.join(', ')].filter((part) => part !== '');
  return (
    <a className="res" href={`/studies/${study.accession}`}>
      <StudyPicture study={study} />
      <div>
        <div className="ti">{study.title}</div>
        <p>{writtenAuthors(study.authors)}</p>
        <p className="org">
          <Organisms names={study.organisms} />
          {study.organisms.length > 0 && about.length > 0 ? ' · ' : ''}
          {about.join(' · ')}
        </p>
        <p className="in">
          {contentsOf(study, text).map((part) => (
            <span key={part}>{part}</span>
          ))}
        </p>
      </div>
      <div className="rt">
        {study.isBadgeHidden ? null : (
          <span>{text(study.tier === 'database' ? 'facet.tierDatabase' : 'tier.archive')}</span>
        )}
        <span>{writtenLicence(study.licence)}</span>
        <time dateTime={study.publishedAt} title={writtenMoment(study.publishedAt)}>
          {study.publishedAt.slice(0, 4)}
        </time>
      </div>
    </a>
  );
}

function Nothing({ state, go }: Pick<Props, 'state' | 'go'>): JSX.Element {
  const text = useText();
  const filtered = Object.values(state.filters).some((values) => values.length > 0);
  return (
    <div className="empty">
      <h2>{text('search.nothing')}</h2>
      <p className="s m2">{filtered ? text('search.nothingFiltered') : text('search.nothingHelp')}</p>
      {filtered ? (
        <button type="button" className="btn" onClick={() => go(unfiltered(state))}>
          {text('search.clear')}
        </button>
      ) : null}
    </div>
  );
}

function SortChoice({ state, go }: Pick<Props, 'state' | 'go'>): JSX.Element {
  const text = useText();
  return (
    <select
      className="sel sm"
      aria-label={text('search.sort')}
      value={state.sort}
      onChange={(event) =>
        go({ ...state, sort: event.target.value as SearchState['sort'], isDown: false, shown: pageSize })
      }
    >
      {['relevance', 'newest', 'title'].includes(state.sort) ? null : (
        <option value={state.sort}>{text(`listing.${state.sort as TableColumn}`)}</option>
      )}
      <option value="relevance">{text('search.sortRelevance')}</option>
      <option value="newest">{text('search.sortNewest')}</option>
      <option value="title">{text('search.sortTitle')}</option>
    </select>
  );
}

/** The ways to see results: list, wall, table, or the images themselves. */
export function ViewChoice({ state, go }: Pick<Props, 'state' | 'go'>): JSX.Element {
  const text = useText();
  return (
    <span className="seg" role="group" aria-label={text('search.view')}>
      <button type="button" aria-pressed={state.view === 'list'} onClick={() => go({ ...state, view: 'list' }, true)}>
        <Icon name="list" />
        {text('search.list')}
      </button>
      <button type="button" aria-pressed={state.view === 'wall'} onClick={() => go({ ...state, view: 'wall' }, true)}>
        <Icon name="wall" />
        {text('search.wall')}
      </button>
      <button type="button" aria-pressed={state.view === 'table'} onClick={() => go({ ...state, view: 'table' }, true)}>
        <Icon name="table" />
        {text('search.table')}
      </button>
      <button
        type="button"
        aria-pressed={state.view === 'images'}
        onClick={() => go({ ...state, view: 'images', shown: pageSize }, true)}
      >
        <Icon name="film" />
        {text('search.images')}
      </button>
    </span>
  );
}

/** All results, not only those shown, page by page from the server, as one file. */
function CsvButton({ state }: { state: SearchState }): JSX.Element {
  const text = useText();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const save = async () => {
    setBusy(true);
    setFailed(false);
    try {
      const studies: Study[] = [];
      let cursor: string | null = null;
      do {
        const query: Record<string, unknown> = { ...queryOf(state, 1000), ...(cursor === null ? {} : { cursor }) };
        const page: { studies: Study[]; nextCursor: string | null } = await api.call(routes.searchStudies, { query });
        studies.push(...page.studies);
        cursor = page.nextCursor;
      } while (cursor !== null);
      saveText('micrarium-studies.csv', resultsCsv(studies, location.origin));
    } catch {
      setFailed(true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" className="btn sm" aria-disabled={busy} onClick={() => void (busy ? undefined : save())}>
      <Icon name={failed ? 'warn' : 'table'} />
      {failed ? text('search.csvFailed') : 'CSV'}
    </button>
  );
}

function saveText(name: string, content: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type: 'text/csv;charset=utf-8' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
