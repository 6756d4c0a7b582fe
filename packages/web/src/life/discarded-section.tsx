import type { JSX } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { navigate } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';

/** Drafts that were discarded and can be taken back. */
export function DiscardedSection(): JSX.Element | null {
  const text = useText();
  const queryKey = ['discarded-drafts'];
  const list = useAnswer({ queryKey, staleTime: 0, queryFn: () => api.call(routes.listDiscardedDrafts, {}) });
  const back = useChange({
    mutationFn: (draft: string) => api.call(routes.takeDraftBack, { params: { draft } }),
    onSuccess: (_done, draft) => {
      void answers.invalidateQueries({ queryKey });
      void answers.invalidateQueries({ queryKey: ['drafts'] });
      return navigate(`/deposit/${draft}`);
    },
  });
  const drafts = list.data?.drafts ?? [];
  if (drafts.length === 0) return null;
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('life.discarded')}</h2>
        <span className="s m2">{text('life.discardedHelp')}</span>
      </div>
      {back.error ? <AnswerFailed error={back.error} /> : null}
      <ul className="plain">
        {drafts.map(({ id, accession, title, keptUntil, isExpired }) => (
          <li key={id} className="row w">
            <span>{title === '' ? text('drafts.untitled') : title}</span>
            <span className="mono m3">{accession}</span>
            <span className="m2">{text('life.until', { day: writtenDate(keptUntil) })}</span>
            {isExpired ? <span className="st warn">{text('life.expired')}</span> : null}
            <button type="button" className="btn sm" disabled={back.isPending} onClick={() => back.mutate(id)}>
              {text('life.takeBack')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
