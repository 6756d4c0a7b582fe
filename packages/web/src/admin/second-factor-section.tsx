import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { ApiError, api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { refreshSession } from '../app/session.ts';
import { useText } from '../messages/text.ts';
import { KeySquare } from './key-square.tsx';

const queryKey = ['me', 'second-factor'];
/** Fewer recovery codes than these are worth a word. */
const fewCodes = 3;

/** How I sign in: the code of an authenticator app besides the password, and identities of other providers. */
export function SecondFactorSection(): JSX.Element {
  const text = useText();
  const state = useAnswer({ queryKey, queryFn: () => api.call(routes.getSecondFactor, {}) });
  const ways = useAnswer({ queryKey: ['sign-in-ways'], queryFn: () => api.call(routes.signInWays, {}) });
  const unlink = useChange({
    mutationFn: (provider: string) => api.call(routes.unlinkIdentity, { params: { provider } }),
    onSettled: () => answers.invalidateQueries({ queryKey }),
  });
  const linked = new Set(state.data?.identities.map((one) => one.provider));
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('safety.title')}</h2>
        <span className="s m2">{text('safety.help')}</span>
      </div>
      {state.error ? <AnswerFailed error={state.error} again={() => void state.refetch()} /> : null}
      {state.data?.isOn === true ? <SwitchOff left={state.data.recoveryCodes} /> : null}
      {state.data?.isOn === false ? <SwitchOn /> : null}
      {(ways.data?.providers ?? []).map(({ id, label }) =>
        linked.has(id) ? (
          <p key={id} className="row w">
            <span className="st ok">{text('safety.linked', { provider: label })}</span>
            <button type="button" className="btn sm" disabled={unlink.isPending} onClick={() => unlink.mutate(id)}>
              {text('safety.unlink')}
            </button>
          </p>
        ) : (
          <p key={id}>
            <a className="btn" href={`/api/auth/oidc/${id}?to=/account`}>
              {text('safety.link', { provider: label })}
            </a>
          </p>
        ),
      )}
      {unlink.error ? <AnswerFailed error={unlink.error} /> : null}
    </section>
  );
}

/** A code that does not count is said in the reader's language; everything else as it is answered. */
function CodeFailed({ error }: { error: unknown }): JSX.Element {
  const text = useText();
  if (!(error instanceof ApiError && error.code === 'state-conflict')) return <AnswerFailed error={error} />;
  return (
    <p className="finding bad" role="alert">
      {text('safety.codeRefused')}
    </p>
  );
}

function CodeForm({ label, onCode }: { label: string; onCode(code: string): void }): JSX.Element {
  const text = useText();
  const [code, setCode] = useState('');
  return (
    <form
      className="row w"
      onSubmit={(event) => {
        event.preventDefault();
        onCode(code);
        setCode('');
      }}
    >
      <input
        className="field-in mono"
        inputMode="numeric"
        autoComplete="one-time-code"
        aria-label={text('safety.code')}
        placeholder={text('safety.code')}
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <button type="submit" className="btn">
        {label}
      </button>
    </form>
  );
}

function SwitchOn(): JSX.Element {
  const text = useText();
  const begin = useChange({ mutationFn: () => api.call(routes.beginSecondFactor, {}) });
  const confirm = useChange({
    mutationFn: (code: string) => api.call(routes.confirmSecondFactor, { body: { code } }),
    onSuccess: () => refreshSession(),
  });
  if (confirm.data)
    return (
      <div className="prose">
        <p className="st ok">{text('safety.on')}</p>
        <p>{text('safety.recovery')}</p>
        <code className="code recovery">{confirm.data.recoveryCodes.join('\n')}</code>
        <p>
          <button type="button" className="btn" onClick={() => void answers.invalidateQueries({ queryKey })}>
            {text('safety.kept')}
          </button>
        </p>
      </div>
    );
  if (!begin.data)
    return (
      <p>
        <button type="button" className="btn" onClick={() => begin.mutate()}>
          {text('safety.begin')}
        </button>
        {begin.error ? <AnswerFailed error={begin.error} /> : null}
      </p>
    );
  return (
    <div className="prose">
      <p>{text('safety.key')}</p>
      <p>
        <KeySquare text={begin.data.uri} label={text('safety.square')} />
      </p>
      <code className="code">{begin.data.key}</code>
      <p>
        <a className="l" href={begin.data.uri}>
          {text('safety.open')}
        </a>
      </p>
      <CodeForm label={text('safety.confirm')} onCode={(code) => confirm.mutate(code)} />
      {confirm.error ? <CodeFailed error={confirm.error} /> : null}
    </div>
  );
}

function SwitchOff({ left }: { left: number }): JSX.Element {
  const text = useText();
  const off = useChange({
    mutationFn: (code: string) => api.call(routes.endSecondFactor, { body: { code } }),
    onSuccess: () => Promise.all([answers.invalidateQueries({ queryKey }), refreshSession()]),
  });
  return (
    <div className="prose">
      <p className="st ok">{text('safety.isOn')}</p>
      <p className={left < fewCodes ? 'st warn' : 's m2'}>{text('safety.left', { count: left })}</p>
      <CodeForm label={text('safety.off')} onCode={(code) => off.mutate(code)} />
      {off.error ? <CodeFailed error={off.error} /> : null}
    </div>
  );
}
