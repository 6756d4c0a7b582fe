import '../styles/account.css';
import { type JSX, useState } from 'react';
import { ApiError, api, routes } from '../app/api.ts';
import { answers, useChange } from '../app/answers.ts';
import { Link } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { useFaultWords } from '../messages/server-words.ts';
import { useText } from '../messages/text.ts';
import { tokenOfAddress } from './account-form.tsx';

/** Confirms an e-mail address with the link that was sent there; by a press, for mail programs open links on their own. */
export function ConfirmAddressPage(): JSX.Element {
  const text = useText();
  const faultWords = useFaultWords();
  const [token] = useState(() => tokenOfAddress());
  useTitle(text('address.title'));
  const confirm = useChange({
    mutationFn: () => api.call(routes.confirmAddress, { body: { token } }),
    onSuccess: () => {
      history.replaceState(history.state, '', '/confirm-address');
      answers.clear();
    },
  });
  const isGone = token === '' || (confirm.error instanceof ApiError && confirm.error.status === 410);
  return (
    <main className="wrap narrow">
      <h1>{text('address.title')}</h1>
      {confirm.isSuccess ? (
        <p className="prose" role="status">
          {text('address.confirmed')}
        </p>
      ) : (
        <p className="problem" role="alert">
          {isGone ? text('address.gone') : confirm.error ? faultWords(confirm.error) : ''}
        </p>
      )}
      {confirm.isSuccess || isGone ? (
        <p>
          <Link className="btn" to="/account">
            {text('account.title')}
          </Link>
        </p>
      ) : (
        <button type="button" className="btn primary" disabled={confirm.isPending} onClick={() => confirm.mutate()}>
          {text('address.confirm')}
        </button>
      )}
    </main>
  );
}
