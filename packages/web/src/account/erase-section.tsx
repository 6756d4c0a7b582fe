import { type JSX, useState } from 'react';
import { api, routes } from '../app/api.ts';
import { answers, useChange } from '../app/answers.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { navigate } from '../app/router.tsx';
import { refreshSession } from '../app/session.ts';
import { useText } from '../messages/text.ts';
import { LabelledInput } from './labelled-input.tsx';

/** The way out for good: behind a fold, and only with address and password. */
export function EraseSection(): JSX.Element {
  const text = useText();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const erase = useChange({
    mutationFn: () => api.call(routes.eraseMe, { body: { email, ...(password === '' ? {} : { password }) } }),
    onSuccess: async () => {
      answers.clear();
      await refreshSession();
      await navigate('/');
    },
  });
  return (
    <section className="sec">
      <details>
        <summary>{text('erase.title')}</summary>
        <p className="prose s m2">{text('erase.help')}</p>
        <form
          className="newtoken"
          onSubmit={(event) => {
            event.preventDefault();
            erase.mutate();
          }}
        >
          <LabelledInput
            label={text('account.email')}
            type="email"
            autoComplete="off"
            required
            value={email}
            onValue={setEmail}
          />
          <LabelledInput
            label={text('account.password')}
            type="password"
            autoComplete="current-password"
            value={password}
            onValue={setPassword}
          />
          <button type="submit" className="btn danger" disabled={erase.isPending}>
            {text('erase.submit')}
          </button>
        </form>
        {erase.error ? <AnswerFailed error={erase.error} /> : null}
      </details>
    </section>
  );
}
