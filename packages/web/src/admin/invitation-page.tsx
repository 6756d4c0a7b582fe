import '../styles/account.css';
import { type JSX, useState } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { ApiError, api, routes } from '../app/api.ts';
import { answers } from '../app/answers.ts';
import { navigate } from '../app/router.tsx';
import { refreshSession } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { useFaultWords } from '../messages/server-words.ts';
import { useText } from '../messages/text.ts';

const passwordLength = 12;

/** Makes an account with an invitation; its token stands behind `#` and never reaches a log. */
export function InvitationPage(): JSX.Element {
  const text = useText();
  const faultWords = useFaultWords();
  const [token] = useState(() => decodeURIComponent(location.hash.replace(/^#(token=)?/, '')));
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  useTitle(text('invitation.title'));
  const submit = async () => {
    setProblem('');
    try {
      await api.call(routes.acceptInvitation, { body: { token, name: name.trim(), email: email.trim(), password } });
      history.replaceState(history.state, '', '/invitation');
      answers.clear();
      await refreshSession();
      await navigate('/drafts');
    } catch (error) {
      const isGone = error instanceof ApiError && error.status === 410;
      setProblem(isGone ? text('invitation.gone') : faultWords(error));
    }
  };
  return (
    <main className="wrap narrow">
      <h1>{text('invitation.title')}</h1>
      <p className="prose s m2">{text('invitation.help')}</p>
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
          minLength={passwordLength}
          value={password}
          onValue={setPassword}
          help={text('invitation.password', { least: passwordLength })}
        />
        <p className="problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="btn primary" disabled={token === ''}>
          {text('invitation.submit')}
        </button>
      </form>
    </main>
  );
}
