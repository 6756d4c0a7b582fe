import type { JSX } from 'react';
import { AnswerFailed } from '../app/failures.tsx';
import { useAnswer } from '../app/answers.ts';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount } from '../messages/written.ts';
import type { ExploredSet } from './explore-answer.ts';
import { measureResampled, type ResampledSet, resamplePlan, type ResamplePlan } from './resampling.ts';

/** Sets at one time step: those that have it, those thinned out to it, and those that cannot come to it. */
export interface Resampling {
  /** What is shown instead of the sets as recorded. */
  sets: ExploredSet[];
  thinned: ResampledSet[];
  leftOut: { set: ExploredSet; why: Exclude<ResamplePlan, object> }[];
  isBusy: boolean;
  error: Error | null;
  again: () => void;
}

/** Brings sets to one time between frames, in the browser; as they are where none is asked for. */
export function useResampling(
  sets: readonly ExploredSet[],
  measures: readonly string[],
  target: string | undefined,
): Resampling {
  const planned = sets
    .filter(({ state }) => state === 'measured')
    .map((set) => ({ set, plan: target === undefined ? { every: 1 } : resamplePlan(set, target) }));
  const faster = planned.flatMap(({ set, plan }) =>
    typeof plan === 'object' && plan.every > 1 ? [{ set, every: plan.every }] : [],
  );
  const answer = useAnswer({
    queryKey: ['resampled', target, measures, faster.map(({ set, every }) => [set.id, set.version, every])],
    queryFn: async ({ signal }) => {
      const made: ResampledSet[] = [];
      // One after the other: each holds all positions of a set.
      for (const { set, every } of faster) made.push(await measureResampled(set, every, measures, signal));
      return made;
    },
    enabled: faster.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const thinned = faster.length === 0 ? [] : (answer.data ?? []);
  if (target === undefined)
    return { sets: [...sets], thinned: [], leftOut: [], isBusy: false, error: null, again: () => undefined };
  const known = new Map(thinned.map((one) => [one.set.id, one.set]));
  return {
    sets: planned.flatMap(({ set, plan }) => {
      if (typeof plan === 'string') return [];
      const found = plan.every === 1 ? set : known.get(set.id);
      return found ? [found] : [];
    }),
    thinned,
    leftOut: planned.flatMap(({ set, plan }) => (typeof plan === 'string' ? [{ set, why: plan }] : [])),
    isBusy: faster.length > 0 && answer.data === undefined && !answer.error,
    error: answer.error,
    again: () => void answer.refetch(),
  };
}

/** What thinning out has done to each set: never silently. */
export function ResampleNote({
  resampling: { thinned, leftOut, isBusy, error, again },
  target,
  stop,
}: {
  resampling: Resampling;
  target: string;
  stop: () => void;
}): JSX.Element {
  const text = useText();
  return (
    <div className="note warn resampled" role="status">
      <p>
        <b>{text('explore.resampled', { interval: shortUnit(target) })}</b> {text('explore.resampledWhy')}{' '}
        <button type="button" className="plainlink l" onClick={stop}>
          {text('explore.asRecorded')}
        </button>
      </p>
      {isBusy ? <p className="s">{text('explore.resampling')}</p> : null}
      {error ? <AnswerFailed error={error} again={again} /> : null}
      {thinned.length + leftOut.length === 0 ? null : (
        <ul className="s">
          {thinned.map(({ set, every, steps, lostPaths }) => (
            <li key={set.id}>
              {text('explore.thinned', {
                name: set.name,
                every,
                after: writtenCount(steps.after),
                before: writtenCount(steps.before),
                lost: writtenCount(lostPaths),
              })}
            </li>
          ))}
          {leftOut.map(({ set, why }) => (
            <li key={set.id}>{text(`explore.left.${why}`, { name: set.name })}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
