import '../styles/account.css';
import { type JSX, useState } from 'react';
import { ApiError, api, routes } from '../app/api.ts';
import { answers } from '../app/answers.ts';
import { refreshSession } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { navigate } from '../app/router.tsx';
import { useFaultWords } from '../messages/server-words.ts';
import { useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';
import { LabelledInput } from './labelled-input.tsx';

/** Shortest password the server takes. */
const passwordLength = 12;

/** The token stands behind `#`, so that it is never sent to a server's log: `/welcome#token` or `/welcome#token=…`. */
function tokenOf(hash: string): string {
  const plain = hash.replace(/^#/, '');
  return plain.startsWith('token=') ? decodeURIComponent(plain.slice('token='.length)) : plain;
}

/** Makes the owner account with the link printed at the first start. */
export function WelcomePage(): JSX.Element {
  const text = useText();
  const faultWords = useFaultWords();
  const [token] = useState(() => tokenOf(location.hash));
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  useTitle(text('welcome.title'));
  const submit = async () => {
    if (password.length < passwordLength) {
      setProblem(text('welcome.tooShort', { count: passwordLength - password.length }));
      return;
    }
    setProblem('');
    try {
      await api.call(routes.welcome, { body: { token, name: name.trim(), email: email.trim(), password } });
      history.replaceState(history.state, '', '/welcome');
      answers.clear();
      await refreshSession();
      await navigate('/drafts');
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 0;
      setProblem(status === 410 ? text('welcome.gone') : status === 0 ? text('signIn.unreachable') : faultWords(error));
    }
  };
  return (
    <main className="wrap narrow">
      <h1>{text('welcome.title')}</h1>
      <p className="prose s m2">{token === '' ? text('welcome.noToken') : text('welcome.help')}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <LabelledInput
          label={text('account.name')}
          name="name"
          autoComplete="name"
          required
          value={name}
          onValue={setName}
        />
        <LabelledInput
          label={text('account.email')}
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email}
          onValue={setEmail}
        />
        <LabelledInput
          label={text('account.password')}
          type="password"
          name="password"
          autoComplete="new-password"
          required
          value={password}
          onValue={setPassword}
          help={
            password.length >= passwordLength
              ? text('welcome.longEnough')
              : text('welcome.passwordHelp', { least: passwordLength, now: writtenNumber(password.length) })
          }
        />
        <p className="problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="btn primary" disabled={token === ''}>
          {text('welcome.submit')}
        </button>
      </form>
    </main>
  );
}
