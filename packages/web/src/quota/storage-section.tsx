import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';
import { AllowanceWords } from './allowance-words.tsx';

/** On the account page: what I have deposited and may deposit, and my groups with a quota. */
export function StorageSection(): JSX.Element {
  const text = useText();
  const found = useAnswer({
    queryKey: ['quota'],
    staleTime: 0,
    queryFn: () => api.call(routes.listAllowances, {}),
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('quota.title')}</h2>
      </div>
      {found.error ? <AnswerFailed error={found.error} again={() => void found.refetch()} /> : null}
      {found.data?.allowances.map((allowance) => (
        <p key={`${allowance.kind}${allowance.id}`} className="row w">
          {allowance.kind === 'group' ? (
            <span className="m2">{text('quota.group', { name: allowance.name })}</span>
          ) : null}
          <AllowanceWords allowance={allowance} />
        </p>
      ))}
    </section>
  );
}
