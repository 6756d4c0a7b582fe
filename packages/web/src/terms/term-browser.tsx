import '../styles/terms.css';
import { type JSX, useId, useState } from 'react';
import { api, routes } from '../app/api.ts';
import { useAnswer } from '../app/answers.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';
import { useOfferedTerms } from '../metadata/term-search.ts';
import { TermTree } from './term-tree.tsx';

interface Props {
  vocabulary: string;
  /** Id of the term that is shown first. */
  first: string | undefined;
  /** Where given, terms can be taken. */
  take?: ((term: { id: string; label: string }) => void) | undefined;
  /** Says which term is looked at. */
  looked?: ((id: string) => void) | undefined;
}

/** A vocabulary to walk through: words to look for, the tree, and what is known of the term one is at. */
export function TermBrowser({ vocabulary, first, take, looked }: Props): JSX.Element {
  const text = useText();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(first);
  const [seen, setSeen] = useState(first);
  const offered = useOfferedTerms(vocabulary, typed);
  const box = useId();
  const look = (id: string) => {
    setSeen(id);
    looked?.(id);
  };
  const chooseById = (id: string) => {
    if (take)
      void api.call(routes.getTerm, { params: { id } }).then(({ term }) => take({ id: term.id, label: term.label }));
  };
  return (
    <div className="termbrowser">
      <div className="find">
        <span className="field-in">
          <input
            id={box}
            type="search"
            autoComplete="off"
            aria-label={text('terms.find')}
            placeholder={text('terms.find')}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </span>
        {typed.trim() === '' ? null : (
          <ul className="hits" aria-label={text('terms.hits')}>
            {offered.length === 0 ? <li className="s m2">{text('terms.nothing')}</li> : null}
            {offered.map(({ id, label, note }) => (
              <li key={id}>
                <button
                  type="button"
                  className="plainlink"
                  onClick={() => {
                    setAt(id);
                    look(id);
                    setTyped('');
                  }}
                >
                  {label}
                  {note === undefined ? null : <small className="m3">{` ${note}`}</small>}
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="both">
        <TermTree key={vocabulary} vocabulary={vocabulary} at={at} look={look} choose={take ? chooseById : undefined} />
        {seen === undefined ? (
          <p className="s m2 about">{text('terms.howTo')}</p>
        ) : (
          <AboutTerm
            id={seen}
            take={take}
            go={(id) => {
              setAt(id);
              look(id);
            }}
          />
        )}
      </div>
    </div>
  );
}

/** What is known of a term: names, what is above it, whether it is still in use, how many studies have it. */
function AboutTerm({ id, take, go }: { id: string; take: Props['take']; go: (id: string) => void }): JSX.Element {
  const text = useText();
  const answer = useAnswer({
    queryKey: ['term', id],
    queryFn: ({ signal }) => api.call(routes.getTerm, { params: { id }, signal }),
  });
  if (answer.error) return <AnswerFailed error={answer.error} again={() => void answer.refetch()} />;
  if (!answer.data) return <div className="about" aria-busy="true" />;
  const { term, way, studies } = answer.data;
  return (
    <section className="about" aria-live="polite">
      <h3>{term.label}</h3>
      <p className="mono s m2">{term.id}</p>
      {term.obsolete ? (
        <p className="or warn">
          {text('terms.obsolete')}{' '}
          {term.replacedBy === null ? null : (
            <button type="button" className="plainlink l" onClick={() => go(term.replacedBy!)}>
              {text('terms.nowCalled', { label: term.replacedByLabel ?? term.replacedBy })}
            </button>
          )}
        </p>
      ) : null}
      {term.synonyms.length > 0 ? (
        <p className="s">
          <span className="m2">{text('terms.alsoCalled')}</span> {term.synonyms.join(', ')}
        </p>
      ) : null}
      {way.length > 0 ? (
        <p className="s">
          <span className="m2">{text('terms.above')}</span>{' '}
          {way.map((step, index) => (
            <span key={step.id}>
              {index > 0 ? ' › ' : ''}
              <button type="button" className="plainlink l" onClick={() => go(step.id)}>
                {step.label}
              </button>
            </span>
          ))}
        </p>
      ) : null}
      <p className="s m2">{text('terms.source', { name: term.vocabulary })}</p>
      {take && !term.obsolete ? (
        <button type="button" className="btn primary" onClick={() => take({ id: term.id, label: term.label })}>
          {text('terms.take')}
        </button>
      ) : null}
      {take ? null : (
        <p>
          <Link to="/search" search={{ q: term.label }}>
            {text('terms.studies', { count: studies, n: writtenNumber(studies) })}
          </Link>
        </p>
      )}
    </section>
  );
}
