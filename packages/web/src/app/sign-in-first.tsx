import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { Link, usePageLocation } from './router.tsx';

/** Shown to visitors on pages that need an account; leads back here afterwards. */
export function SignInFirst({ pending }: { pending: boolean }): JSX.Element {
  const text = useText();
  const { path } = usePageLocation();
  if (pending) return <main className="wrap plain" aria-busy="true" />;
  return (
    <main className="wrap plain">
      <h1>{text('signIn.first')}</h1>
      <p className="prose m2">{text('signIn.firstHelp')}</p>
      <p>
        <Link className="btn primary" to="/sign-in" search={{ to: path }}>
          {text('nav.signIn')}
        </Link>
      </p>
    </main>
  );
}

/** In the place of a form that needs an account, on a page that everybody reads; leads back here afterwards. */
export function SignInFor({ words }: { words: string }): JSX.Element {
  const { path } = usePageLocation();
  return (
    <p>
      <Link className="btn" to="/sign-in" search={{ to: path }}>
        {words}
      </Link>
    </p>
  );
}
