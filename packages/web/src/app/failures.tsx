import type { JSX } from 'react';
import { useFaultWords } from '../messages/server-words.ts';
import { useText } from '../messages/text.ts';
import { Link } from './router.tsx';

/** The address leads nowhere. */
export function NotFound(): JSX.Element {
  const text = useText();
  return (
    <main className="wrap plain">
      <h1>{text('failure.notFound')}</h1>
      <p className="prose">{text('failure.notFoundHelp')}</p>
      <p>
        <Link className="btn" to="/search">
          {text('nav.search')}
        </Link>
      </p>
    </main>
  );
}

/** A page could not be drawn; says what happened and offers to try again. */
export function RouteFailed({ error, reset }: { error: unknown; reset: () => void }): JSX.Element {
  const text = useText();
  return (
    <main className="wrap plain">
      <h1>{text('failure.page')}</h1>
      <p className="prose">{text('failure.pageHelp')}</p>
      <p className="mono s m3">{error instanceof Error ? error.message : String(error)}</p>
      <p>
        <button type="button" className="btn" onClick={reset}>
          {text('failure.again')}
        </button>
      </p>
    </main>
  );
}

/** An answer that did not come: the server's words, and a way to ask again. */
export function AnswerFailed({ error, again }: { error: unknown; again?: () => void }): JSX.Element {
  const text = useText();
  const faultWords = useFaultWords();
  return (
    <div className="finding bad" role="alert">
      <span className="mark">{'!'}</span>
      <span>
        <b>{text('failure.answer')}</b> {faultWords(error)}
      </span>
      {again ? (
        <button type="button" className="btn sm" onClick={again}>
          {text('failure.again')}
        </button>
      ) : null}
    </div>
  );
}
