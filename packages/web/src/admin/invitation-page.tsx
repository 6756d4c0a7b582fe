import '../styles/account.css';
import { type JSX, useState } from 'react';
import {
  AccountForm,
  type AccountInput,
  addressOfLink,
  passwordLength,
  tokenOfAddress,
} from '../account/account-form.tsx';
import { ApiError, api, routes } from '../app/api.ts';
import { answers } from '../app/answers.ts';
import { navigate } from '../app/router.tsx';
import { refreshSession } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { useFaultWords } from '../messages/server-words.ts';
import { useText } from '../messages/text.ts';

/** Makes an account with an invitation; its token stands behind `#` and never reaches a log. */
export function InvitationPage(): JSX.Element {
  const text = useText();
  const faultWords = useFaultWords();
  const [token] = useState(() => tokenOfAddress());
  const [address] = useState(() => addressOfLink());
  const [problem, setProblem] = useState('');
  useTitle(text('invitation.title'));
  const submit = async (account: AccountInput) => {
    setProblem('');
    try {
      await api.call(routes.acceptInvitation, { body: { token, ...account } });
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
      <p className="prose s m2">{text(token === '' ? 'invitation.noToken' : 'invitation.help')}</p>
      <AccountForm
        isNew
        address={address}
        passwordHelp={() => text('invitation.password', { least: passwordLength })}
        problem={problem}
        submitLabel={text('invitation.submit')}
        isDisabled={token === ''}
        onSubmit={(account) => void submit(account)}
      />
    </main>
  );
}
