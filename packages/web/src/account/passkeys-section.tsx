import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { refreshSession } from '../app/session.ts';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';
import { knowsPasskeys, makePasskey } from './passkey-client.ts';

const queryKey = ['me', 'passkeys'];

/** Passkeys of mine: finger, face or PIN of a device, in place of password and code. */
export function PasskeysSection(): JSX.Element {
  const text = useText();
  const [name, setName] = useState('');
  const list = useAnswer({ queryKey, queryFn: () => api.call(routes.listPasskeys, {}) });
  const ways = useAnswer({ queryKey: ['sign-in-ways'], queryFn: () => api.call(routes.signInWays, {}) });
  const again = () => answers.invalidateQueries({ queryKey });
  const make = useChange({
    mutationFn: () => makePasskey(name),
    onSuccess: () => {
      setName('');
      return Promise.all([again(), refreshSession()]);
    },
  });
  const remove = useChange({
    mutationFn: (id: string) => api.call(routes.removePasskey, { params: { id } }),
    onSettled: () => Promise.all([again(), refreshSession()]),
  });
  const passkeys = list.data?.passkeys ?? [];
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('passkey.title')}</h2>
        <span className="s m2">{text('passkey.help')}</span>
      </div>
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      {list.data && passkeys.length === 0 ? <p className="s m2">{text('passkey.none')}</p> : null}
      <ul className="passkeys">
        {passkeys.map((one) => (
          <li key={one.id} className="row w">
            <span className="b">{one.name || text('passkey.nameless')}</span>
            <span className="m2">{writtenDate(one.createdAt)}</span>
            <button type="button" className="btn sm" onClick={() => remove.mutate(one.id)}>
              {text('passkey.remove')}
            </button>
          </li>
        ))}
      </ul>
      {knowsPasskeys(ways.data?.passkeyHost) ? (
        <form
          className="row w"
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate();
          }}
        >
          <input
            className="field-in"
            aria-label={text('passkey.name')}
            placeholder={text('passkey.name')}
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <button type="submit" className="btn" disabled={make.isPending}>
            {text('passkey.make')}
          </button>
        </form>
      ) : (
        <p className="s m2">{text('passkey.notHere')}</p>
      )}
      {make.error ? (
        <p className="problem" role="alert">
          {text('passkey.refused')}
        </p>
      ) : null}
      {remove.error ? <AnswerFailed error={remove.error} /> : null}
    </section>
  );
}
