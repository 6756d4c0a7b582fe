import '../styles/account.css';
import { type JSX, useState } from 'react';
import { api, routes } from '../app/api.ts';
import { useAnswer } from '../app/answers.ts';
import { SignInRefused, signIn } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { Link, navigate, usePageLocation } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { AccountForm, type AccountInput } from './account-form.tsx';
import { LabelledInput } from './labelled-input.tsx';
import { knowsPasskeys, signInByPasskey } from './passkey-client.ts';

/** Where to go after signing in: a path of this site, nothing else. */
export function returnPath(to: unknown): string {
  return typeof to === 'string' && /^\/(?![/\\])/.test(to) ? to : '/drafts';
}

/** Why a provider's answer brought nobody in. */
function refusal(text: ReturnType<typeof useText>, why: unknown): string {
  if (why === 'unknown') return text('signIn.unknown');
  return why === 'provider' ? text('signIn.provider') : '';
}

/** Sign in with e-mail and password, with a code where the account asks for one, or by a provider. */
export function SignInPage(): JSX.Element {
  const text = useText();
  const { to, refused } = usePageLocation().search;
  const [code, setCode] = useState('');
  const [needsCode, setNeedsCode] = useState(false);
  const [problem, setProblem] = useState(() => refusal(text, refused));
  const [busy, setBusy] = useState(false);
  useTitle(text('nav.signIn'));
  const status = useAnswer({ queryKey: ['status'], queryFn: () => api.call(routes.status, {}) });
  const ways = useAnswer({ queryKey: ['sign-in-ways'], queryFn: () => api.call(routes.signInWays, {}) });
  const submit = async ({ email, password }: AccountInput) => {
    setBusy(true);
    setProblem('');
    try {
      await signIn(email, password, needsCode ? code : undefined);
      await navigate(returnPath(to));
    } catch (error) {
      const status = error instanceof SignInRefused ? error.status : 0;
      if (error instanceof SignInRefused && error.message.includes('"code-needed"')) {
        setNeedsCode(true);
        return;
      }
      const wrong = needsCode ? 'signIn.codeRefused' : 'signIn.refused';
      setProblem(text(status === 0 ? 'signIn.unreachable' : status === 429 ? 'signIn.tooOften' : wrong));
    } finally {
      setBusy(false);
    }
  };
  const byPasskey = async () => {
    setBusy(true);
    setProblem('');
    try {
      await signInByPasskey();
      await navigate(returnPath(to));
    } catch {
      setProblem(text('signIn.passkeyRefused'));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="wrap narrow">
      <h1>{text('signIn.title')}</h1>
      {status.data && !status.data.hasOwner ? <p className="prose s m2">{text('signIn.noOwner')}</p> : null}
      <AccountForm
        problem={problem}
        submitLabel={text('signIn.submit')}
        isBusy={busy}
        onSubmit={(account) => void submit(account)}
      >
        {needsCode ? (
          <LabelledInput
            label={text('signIn.code')}
            name="code"
            autoComplete="one-time-code"
            required
            autoFocus
            value={code}
            onValue={setCode}
          />
        ) : null}
      </AccountForm>
      <div className="ways">
        {knowsPasskeys(ways.data?.passkeyHost) ? (
          <button type="button" className="btn" disabled={busy} onClick={() => void byPasskey()}>
            {text('signIn.passkey')}
          </button>
        ) : null}
        {(ways.data?.providers ?? []).map(({ id, label }) => (
          <a key={id} className="btn" href={`/api/auth/oidc/${id}?to=${encodeURIComponent(returnPath(to))}`}>
            {text('signIn.with', { provider: label })}
          </a>
        ))}
        {ways.data?.canReset ? (
          <Link className="l s" to="/new-password">
            {text('signIn.forgotten')}
          </Link>
        ) : null}
      </div>
    </main>
  );
}
