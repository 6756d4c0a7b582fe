import type { JSX } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';

const queryKey = ['mail'];

/** How the mail goes, and a mail to oneself to try it. */
export function MailSection(): JSX.Element {
  const text = useText();
  const state = useAnswer({
    queryKey,
    staleTime: 0,
    queryFn: () => api.call(routes.getMail, {}),
    refetchInterval: 10_000,
  });
  const send = useChange({
    mutationFn: () => api.call(routes.tryMail, {}),
    onSettled: () => answers.invalidateQueries({ queryKey }),
  });
  const { data } = state;
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('mail.title')}</h2>
        <div className="end">
          {data?.isOn ? (
            <button type="button" className="btn" disabled={send.isPending} onClick={() => send.mutate()}>
              {text('mail.try')}
            </button>
          ) : null}
        </div>
      </div>
      {state.error ? <AnswerFailed error={state.error} again={() => void state.refetch()} /> : null}
      {send.error ? <AnswerFailed error={send.error} /> : null}
      {data?.isOn ? (
        <p className="s m2">
          {text('mail.state', { from: data.from ?? '', sent: data.sent, waiting: data.waiting, failing: data.failing })}
        </p>
      ) : null}
      {data && !data.isOn ? <p className="prose s m2">{text('mail.off')}</p> : null}
      {data?.lastFault ? (
        <p className="s">
          <span className="st warn">{text('mail.fault')}</span> <span className="mono">{data.lastFault}</span>
        </p>
      ) : null}
    </section>
  );
}
