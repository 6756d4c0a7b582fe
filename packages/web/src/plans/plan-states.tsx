import type { JSX } from 'react';
import { api, routes } from '../app/api.ts';
import { useText } from '../messages/text.ts';

const loadPlans = () => api.call(routes.listPlans, { query: {} });
/** A plan in a list, as the server gives it. */
export type PlanSummary = Awaited<ReturnType<typeof loadPlans>>['plans'][number];

/** How a plan stands: what parts from it, and towards what was reserved for it overruns, or the days that are left. */
export function PlanStates({ plan }: { plan: Pick<PlanSummary, 'overruns' | 'daysLeft' | 'differing'> }): JSX.Element {
  const text = useText();
  const { overruns, daysLeft, differing } = plan;
  return (
    <span className="planstates">
      {overruns.includes('storage') ? <span className="st bad">{text('plans.overStorage')}</span> : null}
      {overruns.includes('date') ? (
        <span className="st bad">
          {daysLeft === undefined ? text('plans.overDate') : text('plans.daysLate', { count: -daysLeft, n: -daysLeft })}
        </span>
      ) : daysLeft === undefined ? null : (
        // A month before the day it is time to think of it.
        <span className={`st ${daysLeft <= 30 ? 'warn' : 'off'}`}>
          {text('plans.daysLeft', { count: daysLeft, n: daysLeft })}
        </span>
      )}
      {differing > 0 ? (
        <span className="st warn">{text('plans.differing', { count: differing, n: differing })}</span>
      ) : null}
      {overruns.length === 0 && daysLeft === undefined && differing === 0 ? (
        <span className="st ok">{text('plans.asPlanned')}</span>
      ) : null}
    </span>
  );
}
