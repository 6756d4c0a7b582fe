import { lazy, Suspense, type JSX, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import { isUnverified, matchPasted, type OfferedTerm, useOfferedTerms } from '../metadata/term-search.ts';
import { useSuggestions, withSuggestions } from '../metadata/term-suggestions.ts';
import { type TermEntry, termOf, withTerm } from './terms.ts';

const TermDialog = lazy(async () => ({ default: (await import('../terms/term-dialog.tsx')).TermDialog }));

interface Props {
  id: string;
  look: string;
  example: string;
  vocabulary?: string;
  terms: readonly TermEntry[];
  change: (terms: readonly TermEntry[]) => void;
}

/** What is taken where an offered term is chosen: never an obsolete one, but what replaces it. */
const takenOf = ({ id, label, isObsolete, instead }: OfferedTerm): TermEntry | undefined =>
  isObsolete ? instead : { id, label };

/**
 * A list of terms: typed words become chips; where we have the vocabulary, its terms are offered while typing, may be
 * browsed as a tree, and are suggested for free text that equals one of their names.
 */
export function TermList({ id, look, example, vocabulary, terms, change }: Props): JSX.Element {
  const text = useText();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(-1);
  const [open, setOpen] = useState(false);
  const [browsing, setBrowsing] = useState(false);
  const offered = useOfferedTerms(open ? vocabulary : undefined, typed);
  const suggestions = useSuggestions(vocabulary, terms);
  // What is there when an answer comes, not when it was asked for.
  const now = useRef(terms);
  useEffect(() => {
    now.current = terms;
  }, [terms]);
  const takeAll = () => change(withSuggestions(terms, suggestions));
  const add = (term: TermEntry | undefined) => {
    if (term) change(withTerm(terms, term));
    setTyped('');
    setActive(-1);
    setOpen(false);
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (offered.length === 0) return;
      event.preventDefault();
      setActive((active + (event.key === 'ArrowDown' ? 1 : -1) + offered.length) % offered.length);
    } else if (event.key === 'Enter' && event.altKey && suggestions.length > 0) {
      event.preventDefault();
      takeAll();
    } else if (event.key === 'Enter' || event.key === ',') {
      if (typed.trim() === '' && active < 0) return;
      event.preventDefault();
      const wanted = typed.trim().toLowerCase();
      const chosen = offered[active] ?? offered.find(({ label, isWhole }) => isWhole || label.toLowerCase() === wanted);
      add((chosen && takenOf(chosen)) ?? termOf(typed, vocabulary));
    } else if (event.key === 'Escape') setOpen(false);
    else if (event.key === 'Backspace' && typed === '' && terms.length > 0) change(terms.slice(0, -1));
  };
  return (
    <div className="terms">
      <div className={`field-in ${look} wrapping`}>
        {terms.map((term) => (
          <span key={`${term.id ?? ''} ${term.label}`} className="chip">
            {term.label}
            {term.id === undefined ? null : <span className="mono xs m3">{term.id}</span>}
            {isUnverified(term, vocabulary) ? (
              <span className="unverified" title={text('meta.unverifiedTitle')}>
                {text('meta.unverified')}
              </span>
            ) : null}
            <button
              type="button"
              aria-label={text('field.removeTerm', { term: term.label })}
              onClick={() => change(terms.filter((one) => one !== term))}
            >
              <Icon name="close" />
            </button>
          </span>
        ))}
        <input
          id={id}
          type="text"
          role={vocabulary === undefined ? undefined : 'combobox'}
          aria-labelledby={`${id}-label`}
          aria-describedby={`${id}-help`}
          aria-expanded={vocabulary === undefined ? undefined : offered.length > 0}
          aria-controls={vocabulary === undefined ? undefined : `${id}-offers`}
          aria-autocomplete={vocabulary === undefined ? undefined : 'list'}
          aria-activedescendant={offered[active] ? `${id}-offer-${active}` : undefined}
          autoComplete="off"
          placeholder={terms.length === 0 ? example : text('field.addTerm')}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setOpen(true);
            setActive(-1);
          }}
          onKeyDown={onKey}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text/plain');
            if (!/[\n;\t,、；]/.test(pasted.trim())) return;
            event.preventDefault();
            void matchPasted(pasted, vocabulary).then((found) =>
              change(found.reduce<readonly TermEntry[]>((list, term) => withTerm(list, term), now.current)),
            );
          }}
          onBlur={() => add(termOf(typed, vocabulary))}
        />
        {vocabulary === undefined || vocabulary === 'MeSH' ? null : (
          <button
            type="button"
            className="browse"
            aria-haspopup="dialog"
            aria-label={text('terms.browse')}
            title={text('terms.browse')}
            onClick={() => setBrowsing(true)}
          >
            <Icon name="list" />
          </button>
        )}
      </div>
      {vocabulary === undefined ? null : (
        <ul
          className="offers"
          id={`${id}-offers`}
          role="listbox"
          aria-labelledby={`${id}-label`}
          hidden={offered.length === 0}
        >
          {offered.map((term, index) => (
            <li
              key={term.id}
              id={`${id}-offer-${index}`}
              role="option"
              aria-selected={index === active}
              onPointerDown={(event) => {
                event.preventDefault();
                add(takenOf(term));
              }}
            >
              <span>
                {term.isObsolete ? <s>{term.label}</s> : term.label}
                {term.isObsolete ? (
                  <small className="m3">
                    {` ${term.instead ? text('terms.nowCalled', { label: term.instead.label }) : text('terms.obsolete')}`}
                  </small>
                ) : term.note === undefined ? null : (
                  <small className="m3">{` ${term.note}`}</small>
                )}
              </span>
              <span className="mono xs m3">{term.id}</span>
            </li>
          ))}
        </ul>
      )}
      {suggestions.length === 0 ? null : (
        <div role="status">
          <ul className="suggestions">
            {suggestions.map(({ entry, term }) => (
              <li key={entry.label}>
                <Icon name="info" />
                <span>{text('terms.suggested', { said: entry.label, label: term.label, id: term.id ?? '' })}</span>{' '}
                <button
                  type="button"
                  className="plainlink l"
                  onClick={() => change(withSuggestions(terms, [{ entry, term }]))}
                >
                  {text('terms.useTerm')}
                </button>
              </li>
            ))}
            {suggestions.length > 1 ? (
              <li>
                <button type="button" className="btn sm" onClick={takeAll}>
                  {text('terms.useAll', { count: suggestions.length })} <kbd>{text('terms.keys')}</kbd>
                </button>
              </li>
            ) : null}
          </ul>
        </div>
      )}
      {browsing && vocabulary !== undefined ? (
        <Suspense fallback={null}>
          <TermDialog
            vocabulary={vocabulary}
            first={terms.findLast((term) => term.id !== undefined)?.id}
            take={(term) => change(withTerm(terms, term))}
            close={() => setBrowsing(false)}
          />
        </Suspense>
      ) : null}
    </div>
  );
}
