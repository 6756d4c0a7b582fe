import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { useFaultWords } from '../messages/server-words.ts';
import { useText } from '../messages/text.ts';
import { longestPassword, passwordLength } from './account-form.tsx';
import { LabelledInput } from './labelled-input.tsx';

/** Another password, with the one so far; and the address, where nobody has vouched for it. */
export function PasswordSection(): JSX.Element {
  const text = useText();
  const faultWords = useFaultWords();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const state = useAnswer({
    queryKey: ['me', 'second-factor'],
    queryFn: () => api.call(routes.getSecondFactor, {}),
  });
  const change = useChange({
    mutationFn: () =>
      api.call(routes.changePassword, { body: { password, ...(state.data?.hasPassword ? { current } : {}) } }),
    onSuccess: () => {
      setCurrent('');
      setPassword('');
      return answers.invalidateQueries({ queryKey: ['me'] });
    },
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('account.password')}</h2>
        <span className="s m2">{text('password.help', { least: passwordLength })}</span>
      </div>
      <AddressNotice isConfirmed={state.data?.isConfirmed ?? true} />
      <form
        className="newtoken"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        {state.data?.hasPassword ? (
          <LabelledInput
            label={text('password.current')}
            type="password"
            autoComplete="current-password"
            required
            value={current}
            onValue={setCurrent}
          />
        ) : null}
        <LabelledInput
          label={text('password.new')}
          type="password"
          autoComplete="new-password"
          required
          minLength={passwordLength}
          maxLength={longestPassword}
          value={password}
          onValue={setPassword}
        />
        <button type="submit" className="btn" disabled={change.isPending || state.data === undefined}>
          {text('password.set')}
        </button>
      </form>
      {change.isSuccess ? (
        <p className="st ok" role="status">
          {text('password.done')}
        </p>
      ) : null}
      <p className="problem" role="alert">
        {change.error ? faultWords(change.error) : ''}
      </p>
    </section>
  );
}

function AddressNotice({ isConfirmed }: { isConfirmed: boolean }): JSX.Element | null {
  const text = useText();
  const faultWords = useFaultWords();
  const ways = useAnswer({ queryKey: ['sign-in-ways'], queryFn: () => api.call(routes.signInWays, {}) });
  const ask = useChange({ mutationFn: () => api.call(routes.askAddressCheck, {}) });
  // Without mail there is nothing to confirm it by.
  if (isConfirmed || ways.data?.canReset !== true) return null;
  return (
    <div>
      <p className="row w">
        <span className="st warn">{text('address.open')}</span>
        <button type="button" className="btn sm" disabled={ask.isPending || ask.isSuccess} onClick={() => ask.mutate()}>
          {text('address.send')}
        </button>
      </p>
      {ask.isSuccess ? (
        <p className="s" role="status">
          {text('address.sent')}
        </p>
      ) : null}
      {ask.error ? (
        <p className="st bad" role="alert">
          {faultWords(ask.error)}
        </p>
      ) : null}
    </div>
  );
}
