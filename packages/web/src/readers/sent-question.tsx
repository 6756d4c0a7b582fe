import type { JSX } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';
import { Tick } from './words-input.tsx';

/** The question of a visitor who opened the link that was sent: the first time it goes to the authors, later it shows the answer. */
export function SentQuestion({ token }: { token: string }): JSX.Element {
  const text = useText();
  const queryKey = ['sent-question', token];
  const found = useAnswer({
    queryKey,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => api.call(routes.openQuestion, { body: { token } }),
  });
  const agree = useChange({
    mutationFn: (agrees: boolean) => api.call(routes.openQuestion, { body: { token, agrees } }),
    onSuccess: (next) => {
      answers.setQueryData(queryKey, next);
    },
  });
  const { data: one } = found;
  return (
    <section className="sec">
      {found.error ? <AnswerFailed error={found.error} /> : null}
      {agree.error ? <AnswerFailed error={agree.error} /> : null}
      {one ? (
        <>
          <p className={one.answer === undefined ? 'st ok' : 'st info'} role="status">
            {text(one.answer === undefined ? 'readers.sent' : 'readers.hasAnswer')}
          </p>
          <ul className="readers">
            <li>
              <p className="s m2">
                {text(one.askerName === '' ? 'readers.askedOn' : 'readers.askedBy', {
                  name: one.askerName,
                  date: writtenDate(one.askedAt),
                })}
              </p>
              <p className="words">{one.text}</p>
              {one.answer === undefined ? null : (
                <div className="answer">
                  <p className="words">{one.answer}</p>
                </div>
              )}
              <Tick
                label={text('readers.askerAgrees')}
                checked={one.askerAgrees}
                onChecked={(next) => agree.mutate(next)}
              />
            </li>
          </ul>
        </>
      ) : null}
    </section>
  );
}
