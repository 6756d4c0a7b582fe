import '../styles/plans.css';
import { isMaDmp, type Json, plannedDatasets, planHeading } from '@micrarium/standards';
import { type JSX, useRef, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link, navigate } from '../app/router.tsx';
import { useMe } from '../app/session.ts';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenBytes, writtenDate, writtenNumber } from '../messages/written.ts';
import { PlanStates, type PlanSummary } from './plan-states.tsx';

/** Data management plans: start a study from one, and how far each has come. */
export function PlansPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  useTitle(text('plans.title'));
  const list = useAnswer({
    queryKey: ['plans'],
    enabled: Boolean(me),
    staleTime: 0,
    queryFn: () => api.call(routes.listPlans, { query: {} }),
  });
  if (!me) return <SignInFirst pending={me === undefined} />;
  const plans = list.data?.plans ?? [];
  return (
    <main className="wrap plain planpage">
      <h1>{text('plans.title')}</h1>
      <p className="prose m2">{text('plans.help')}</p>
      <NewPlan />
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      {list.data && plans.length === 0 ? <p className="s m2">{text('plans.none')}</p> : null}
      {plans.length > 0 ? <PlanTable plans={plans} /> : null}
    </main>
  );
}

function PlanTable({ plans }: { plans: readonly PlanSummary[] }): JSX.Element {
  const text = useText();
  return (
    <table className="t stack plans">
      <thead>
        <tr>
          <th>{text('plans.plan')}</th>
          <th>{text('plans.owner')}</th>
          <th className="r">{text('plans.datasets')}</th>
          <th className="r">{text('plans.planned')}</th>
          <th className="r">{text('plans.deposited')}</th>
          <th className="r">{text('plans.reserved')}</th>
          <th>{text('plans.release')}</th>
          <th>{text('plans.state')}</th>
        </tr>
      </thead>
      <tbody>
        {plans.map((plan) => (
          <tr key={plan.id}>
            <td>
              <Link to={`/plans/${plan.id}`}>{plan.title}</Link>
            </td>
            <td data-label={text('plans.owner')}>{plan.owner}</td>
            <td className="r" data-label={text('plans.datasets')}>
              {writtenNumber(plan.datasetCount)}
            </td>
            <td className="r nw" data-label={text('plans.planned')}>
              {plan.plannedBytes === undefined ? '–' : writtenBytes(plan.plannedBytes)}
            </td>
            <td className="r nw" data-label={text('plans.deposited')}>
              {writtenBytes(plan.depositedBytes)}
            </td>
            <td className="r nw" data-label={text('plans.reserved')}>
              {plan.reservation?.bytes == null ? '–' : writtenBytes(plan.reservation.bytes)}
            </td>
            <td className="nw" data-label={text('plans.release')}>
              {plan.reservation?.releaseOn ? writtenDate(plan.reservation.releaseOn) : '–'}
            </td>
            <td data-label={text('plans.state')}>
              <PlanStates plan={plan} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Read = { document: Json } | { fault: string };

function NewPlan(): JSX.Element {
  const text = useText();
  const [read, setRead] = useState<Read | undefined>();
  const [isOver, setIsOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const take = (typed: string) => {
    if (typed.trim() === '') return setRead(undefined);
    try {
      const document = JSON.parse(typed.replace(/^\ufeff/, '')) as Json;
      setRead(isMaDmp(document) ? { document } : { fault: text('plans.notPlan') });
    } catch (fault) {
      setRead({ fault: text('plans.notJson', { what: fault instanceof Error ? fault.message : '' }) });
    }
  };
  const takeFile = (file: File | undefined) => void file?.text().then(take);
  return (
    <section className="newplan" aria-label={text('plans.title')}>
      <div
        className={`drop ${isOver ? 'over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setIsOver(false);
          takeFile(event.dataTransfer.files[0]);
        }}
      >
        <span className="grow">{text('plans.drop')}</span>
        <button type="button" className="btn" onClick={() => picker.current?.click()}>
          {text('plans.choose')}
        </button>
        <input
          ref={picker}
          type="file"
          accept=".json,application/json"
          hidden
          aria-label={text('plans.choose')}
          onChange={(event) => {
            takeFile(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
      <label className="lf">
        <span>{text('plans.paste')}</span>
        <textarea rows={3} spellCheck={false} onChange={(event) => take(event.target.value)} />
      </label>
      {read && 'fault' in read ? (
        <p className="st bad" role="alert">
          {read.fault}
        </p>
      ) : null}
      {read && 'document' in read ? <FoundPlan document={read.document} /> : null}
    </section>
  );
}

/** What was read, and the buttons that start a study from it. */
function FoundPlan({ document }: { document: Json }): JSX.Element {
  const text = useText();
  const start = useChange({
    mutationFn: (dataset: number | undefined) => {
      const body = { document: document as Record<string, unknown>, ...(dataset === undefined ? {} : { dataset }) };
      return api.call(routes.addPlan, { body });
    },
    onSuccess: async ({ plan }) => {
      await answers.invalidateQueries({ queryKey: ['plans'] });
      await navigate(`/plans/${plan.id}`);
    },
  });
  const datasets = plannedDatasets(document);
  return (
    <div className="foundplan" role="status">
      <div className="row w">
        <b className="grow">{text('plans.found', { title: planHeading(document).title })}</b>
        <button
          type="button"
          className="btn primary"
          disabled={start.isPending}
          onClick={() => start.mutate(undefined)}
        >
          {text('plans.start')}
        </button>
      </div>
      {start.error ? <AnswerFailed error={start.error} /> : null}
      <ul className="bare">
        {datasets.map(({ title, bytes, date, licence }, index) => (
          // A plan may name two data sets alike; their order never changes.
          <li key={`${index} ${title}`} className="row w">
            <span className="grow">{title}</span>
            <span className="m2 nw">
              {[bytes === undefined ? '' : writtenBytes(bytes), date === undefined ? '' : writtenDate(date), licence]
                .filter(Boolean)
                .join(' · ')}
            </span>
            {datasets.length > 1 ? (
              <button type="button" className="btn sm" disabled={start.isPending} onClick={() => start.mutate(index)}>
                {text('plans.startOne')}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
