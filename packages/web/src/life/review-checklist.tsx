import type { JSX } from 'react';
import { answers, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { type MessageKey, useText } from '../messages/text.ts';
import type { Review } from './review-answer.ts';

/** What is looked at before a draft is approved: by the server, and by curators, who tick it while it is in review. */
export function ReviewChecklist({
  draft,
  review,
  isCurator,
}: {
  draft: string;
  review: Review;
  isCurator: boolean;
}): JSX.Element {
  const text = useText();
  const { points, version } = review.checklist;
  const mayTick = isCurator && review.state === 'in_review';
  const tick = useChange({
    mutationFn: (ticked: string[]) => api.call(routes.tickChecklist, { params: { draft }, body: { ticked } }),
    onSettled: () => answers.invalidateQueries({ queryKey: ['review', draft] }),
  });
  // Shown at once as it will be; the server's answer takes its place.
  const said = points.filter(({ isMachine, isDone }) => !isMachine && isDone).map(({ id }) => id);
  const ticked = tick.isPending ? tick.variables : said;
  const toggled = (id: string) => (ticked.includes(id) ? ticked.filter((one) => one !== id) : [...ticked, id]);
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('life.checklist')}</h2>
        <span className="s m2 mono">{version}</span>
      </div>
      {tick.error ? <AnswerFailed error={tick.error} /> : null}
      <p className="s m2">{text('life.byServer')}</p>
      <ul className="plain">
        {points
          .filter(({ isMachine }) => isMachine)
          .map(({ id, isDone, about }) => (
            <li key={id}>
              <span className={isDone ? 'st ok' : 'st warn'}>{text(isDone ? 'life.done' : 'life.notDone')}</span>{' '}
              {text(`life.point.${id}` as MessageKey)}{' '}
              {about.length > 0 ? <span className="s m2">{about.slice(0, 5).join(' · ')}</span> : null}
            </li>
          ))}
      </ul>
      <p className="s m2">{text('life.byPeople')}</p>
      <ul className="plain">
        {points
          .filter(({ isMachine }) => !isMachine)
          .map(({ id }) => (
            <li key={id}>
              <label className="row">
                <input
                  type="checkbox"
                  checked={ticked.includes(id)}
                  disabled={!mayTick || tick.isPending}
                  onChange={() => tick.mutate(toggled(id))}
                />
                <span>{text(`life.point.${id}` as MessageKey)}</span>
              </label>
            </li>
          ))}
      </ul>
    </section>
  );
}
