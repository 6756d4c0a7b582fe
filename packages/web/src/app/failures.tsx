import type { JSX } from 'react';
import { useFaultWords } from '../messages/server-words.ts';
import { useText } from '../messages/text.ts';
import { ApiError } from './api.ts';
import { Link, usePageLocation } from './router.tsx';
import { useMe } from './session.ts';

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

/** Refusals that pass by themselves: too slow, too early, too many. */
const passing = new Set([408, 425, 429]);

/**
 * What the server refused, in its own words and with what to do next, or that no answer came.
 * @param props.again asks again; offered only where the same question can have another answer
 */
export function AnswerFailed({ error, again }: { error: unknown; again?: () => void }): JSX.Element {
  const text = useText();
  const faultWords = useFaultWords();
  const status = error instanceof ApiError ? error.status : undefined;
  const isRefused = status !== undefined && status >= 400 && status < 500;
  // A request that reached nobody is a TypeError in every browser; what a page could not read says so itself.
  const lead =
    status !== undefined && !isRefused ? 'failure.fault' : error instanceof TypeError ? 'failure.answer' : '';
  return (
    <div className="finding bad" role="alert">
      <span className="mark">{'!'}</span>
      <span>
        {lead ? <b>{text(lead)} </b> : null}
        {faultWords(error)}
        {hasWayIn(error, again !== undefined) ? <WayIn status={error.status} /> : null}
      </span>
      {again && (!isRefused || passing.has(status)) ? (
        <button type="button" className="btn sm act" onClick={again}>
          {text('failure.again')}
        </button>
      ) : null}
    </div>
  );
}

/** A whole page whose question was refused or not answered. */
export function PageAnswerFailed(props: { error: unknown; again: () => void }): JSX.Element {
  const text = useText();
  return (
    <main className="wrap plain">
      <h1>{text('failure.page')}</h1>
      <AnswerFailed {...props} />
      <p>
        <Link className="btn" to="/search">
          {text('nav.search')}
        </Link>
      </p>
    </main>
  );
}

/** Refusals that nobody else's permission would change; they say themselves what to do. */
const explained = new Set(['second-factor-needed', 'page-token-wrong', 'file-quarantined']);

/** Is this a refusal that another account or permission would change? What is missing is only a place where one looks. */
function hasWayIn(error: unknown, isLook: boolean): error is ApiError {
  if (!(error instanceof ApiError)) return false;
  if (explained.has(error.code)) return false;
  return error.status === 403 || error.code === 'not-signed-in' || (error.status === 404 && isLook);
}

/** What those can do who are not shown something: sign in, or ask for it. */
function WayIn({ status }: { status: number }): JSX.Element | null {
  const text = useText();
  const me = useMe();
  const { path } = usePageLocation();
  // Nothing jumps while it is not known who asks.
  if (me === undefined) return null;
  const isIn = me !== null && status !== 401;
  return (
    <span className="wayin">
      {text(isIn ? (status === 404 ? 'failure.askAddress' : 'failure.askOwner') : 'failure.signInHelp')}{' '}
      {isIn ? null : (
        <Link className="btn sm" to="/sign-in" search={{ to: path }}>
          {text('nav.signIn')}
        </Link>
      )}
    </span>
  );
}
