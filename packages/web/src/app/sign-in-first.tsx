import { Link, useRouterState } from '@tanstack/react-router';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';

/** Shown to visitors on pages that need an account; leads back here afterwards. */
export function SignInFirst({ pending }: { pending: boolean }): JSX.Element {
  const text = useText();
  const path = useRouterState({ select: (state) => state.location.pathname });
  if (pending) return <main className="wrap plain" aria-busy="true" />;
  return (
    <main className="wrap plain">
      <h1>{text('signIn.first')}</h1>
      <p className="prose m2">{text('signIn.firstHelp')}</p>
      <p>
        <Link className="btn primary" to="/sign-in" search={{ to: path } as never}>
          {text('nav.signIn')}
        </Link>
      </p>
    </main>
  );
}
