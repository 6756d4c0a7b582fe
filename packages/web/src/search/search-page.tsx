import '../styles/search.css';
import { keepPreviousData } from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { api, routes } from '../app/api.ts';
import { useAnswer } from '../app/answers.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Icon } from '../app/icons.tsx';
import { useTitle } from '../app/title.ts';
import { navigate, usePageLocation } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { Facets } from './facets.tsx';
import { Results } from './results.tsx';
import { ImageResults } from './image-results.tsx';
import {
  type SearchState,
  addressOf,
  countFilters,
  pageSize,
  queryOf,
  searchOf,
  setFilters,
  toggled,
  unfiltered,
} from './search-state.ts';
import { writtenFacet } from './study-words.tsx';

/** Search: filters left, results right, everything in the address. */
export function SearchPage(): JSX.Element {
  const text = useText();
  const state = searchOf(usePageLocation().search);
  const [filtersOpen, setFiltersOpen] = useState(false);
  useTitle(state.q === '' ? text('nav.search') : `${text('nav.search')}: ${state.q}`);
  const go = (next: SearchState, replace = false) =>
    void navigate('/search', { search: addressOf(next), replace, keepScroll: true });
  const answer = useAnswer({
    queryKey: ['studies', queryOf(state, state.shown)],
    queryFn: ({ signal }) => api.call(routes.searchStudies, { query: queryOf(state, state.shown), signal }),
    placeholderData: keepPreviousData,
  });
  const filterCount = countFilters(state);
  return (
    <main className="wrap">
      <h1 className="sr">{text('nav.search')}</h1>
      <div className="qbar">
        <SearchBox state={state} go={go} />
        <button
          type="button"
          className="btn fbtn"
          aria-expanded={filtersOpen}
          onClick={() => setFiltersOpen(!filtersOpen)}
        >
          {text('search.filters', { count: filterCount })}
        </button>
        <CopyAddress />
      </div>
      <Chips state={state} go={go} />
      {answer.error ? <AnswerFailed error={answer.error} again={() => void answer.refetch()} /> : null}
      <div className={`lay ${state.view === 'images' ? 'whole' : ''} ${answer.isPlaceholderData ? 'stale' : ''}`}>
        <aside
          className={`fac ${state.view === 'images' ? 'off' : ''} ${filtersOpen ? 'open' : ''}`}
          aria-label={text('search.filtersLabel')}
        >
          {answer.data ? (
            <Facets
              facets={answer.data.facets}
              state={state}
              toggle={(name, value) => go(toggled(state, name, value))}
              more={(more) => go({ ...state, more }, true)}
            />
          ) : null}
        </aside>
        {state.view === 'images' ? (
          <ImageResults state={state} go={go} />
        ) : answer.data ? (
          <Results answer={answer.data} state={state} go={go} />
        ) : (
          <div className="rh" />
        )}
      </div>
    </main>
  );
}

function SearchBox({
  state,
  go,
}: {
  state: SearchState;
  go: (next: SearchState, replace?: boolean) => void;
}): JSX.Element {
  const text = useText();
  // Nothing typed since the last search: the box shows what was searched for.
  const [typed, setTyped] = useState<string | undefined>();
  return (
    <form
      className="field-in"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        go({ ...state, q: (typed ?? state.q).trim(), shown: pageSize });
        setTyped(undefined);
      }}
    >
      <Icon name="search" />
      <input
        data-search=""
        name="q"
        type="text"
        autoComplete="off"
        aria-label={text('nav.searchLabel')}
        placeholder={text('home.searchPlaceholder')}
        value={typed ?? state.q}
        onChange={(event) => setTyped(event.target.value)}
      />
      <kbd aria-hidden="true">{'/'}</kbd>
    </form>
  );
}

function CopyAddress(): JSX.Element {
  const text = useText();
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button"
      className="btn lk"
      onClick={() => {
        void navigator.clipboard?.writeText(location.href).then(() => {
          setCopied(true);
          setTimeout(() => setCopied(false), 2000);
        });
      }}
    >
      <Icon name="link" />
      <span aria-live="polite">{copied ? text('search.copied') : text('search.copy')}</span>
    </button>
  );
}

function Chips({ state, go }: { state: SearchState; go: (next: SearchState) => void }): JSX.Element | null {
  const text = useText();
  const chips = setFilters(state);
  if (chips.length === 0) return <div className="app" />;
  return (
    <div className="app">
      {chips.map(({ name, value }) => (
        <span key={`${name} ${value}`} className="chip">
          {writtenFacet(name, value, text)}
          <button
            type="button"
            aria-label={text('search.removeFilter', { value: writtenFacet(name, value, text) })}
            onClick={() => go(toggled(state, name, value))}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      <button type="button" className="plainlink l" onClick={() => go(unfiltered(state))}>
        {text('search.clear')}
      </button>
    </div>
  );
}
