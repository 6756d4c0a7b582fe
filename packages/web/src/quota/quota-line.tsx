import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { useText } from '../messages/text.ts';
import { AllowanceWords } from './allowance-words.tsx';

/** On the deposit page: what of the quota is left. Nothing where there is no limit. @param bytes asked again when it changes */
export function QuotaLine({ draft, bytes }: { draft: string; bytes: number }): JSX.Element | null {
  const text = useText();
  const found = useAnswer({
    queryKey: ['quota', draft, bytes],
    staleTime: 0,
    queryFn: () => api.call(routes.getDraftQuota, { params: { draft } }),
  });
  const allowance = found.data?.allowance;
  if (!allowance || allowance.limitBytes === null) return null;
  return (
    <p className="row w s">
      <span className="m2">
        {allowance.kind === 'group' ? text('quota.group', { name: allowance.name }) : text('quota.title')}
      </span>
      <AllowanceWords allowance={allowance} />
    </p>
  );
}
