import '../styles/account.css';
import { type JSX, useState } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { ApiError, api, routes } from '../app/api.ts';
import { answers } from '../app/answers.ts';
import { Link } from '../app/router.tsx';
import { refreshSession } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { useFaultWords } from '../messages/server-words.ts';
import { useText } from '../messages/text.ts';

const passwordLength = 12;

/** Asks for a link to set a new password; with one (its token stands behind `#`), sets it. */
export function NewPasswordPage(): JSX.Element {
  const text = useText();
  const faultWords = useFaultWords();
  const [token, setToken] = useState(() => decodeURIComponent(location.hash.replace(/^#(token=)?/, '')));
  const [value, setValue] = useState('');
  const [state, setState] = useState<'' | 'sent' | 'done'>('');
  const [problem, setProblem] = useState('');
  useTitle(text('reset.title'));
  const submit = async () => {
    setProblem('');
    try {
      if (token === '') {
        await api.call(routes.askPasswordReset, { body: { email: value.trim() } });
        return setState('sent');
      }
      await api.call(routes.resetPassword, { body: { token, password: value } });
      history.replaceState(history.state, '', '/new-password');
      answers.clear();
      await refreshSession();
      setState('done');
    } catch (error) {
      const isGone = error instanceof ApiError && error.status === 410;
      setProblem(isGone ? text('reset.gone') : faultWords(error));
      if (!isGone) return;
      setToken('');
      setValue('');
    }
  };
  if (state !== '')
    return (
      <main className="wrap narrow">
        <h1>{text('reset.title')}</h1>
        <p className="prose" role="status">
          {text(`reset.${state}`)}
        </p>
        {state === 'done' ? (
          <p>
            <Link className="btn primary" to="/sign-in">
              {text('nav.signIn')}
            </Link>
          </p>
        ) : null}
      </main>
    );
  return (
    <main className="wrap narrow">
      <h1>{text('reset.title')}</h1>
      {token === '' ? <p className="prose s m2">{text('reset.ask')}</p> : null}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {token === '' ? (
          <LabelledInput
            label={text('account.email')}
            type="email"
            name="email"
            autoComplete="username"
            required
            value={value}
            onValue={setValue}
          />
        ) : (
          <LabelledInput
            label={text('reset.password', { least: passwordLength })}
            type="password"
            name="password"
            autoComplete="new-password"
            required
            minLength={passwordLength}
            value={value}
            onValue={setValue}
          />
        )}
        <p className="problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="btn primary">
          {text(token === '' ? 'reset.send' : 'reset.submit')}
        </button>
      </form>
    </main>
  );
}
