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
import { AccountForm, type AccountInput, passwordLength, tokenOfAddress } from './account-form.tsx';

/** Makes the owner account with the link printed at the first start. */
export function WelcomePage(): JSX.Element {
  const text = useText();
  const faultWords = useFaultWords();
  const [token] = useState(() => tokenOfAddress());
  const [problem, setProblem] = useState('');
  useTitle(text('welcome.title'));
  const submit = async (account: AccountInput) => {
    setProblem('');
    try {
      await api.call(routes.welcome, { body: { token, ...account } });
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
      <AccountForm
        isNew
        passwordHelp={({ length }) =>
          length >= passwordLength
            ? text('welcome.longEnough')
            : text('welcome.passwordHelp', { least: passwordLength, now: writtenNumber(length) })
        }
        problem={problem}
        submitLabel={text('welcome.submit')}
        isDisabled={token === ''}
        onSubmit={(account) => void submit(account)}
      />
    </main>
  );
}
