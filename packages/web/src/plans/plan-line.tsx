import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { Icon } from '../app/icons.tsx';
import { Link } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { writtenBytes, writtenDate } from '../messages/written.ts';
import { PlanStates } from './plan-states.tsx';

/** On the deposit page: the plan the study is for, with what is reserved and how far that is used. Nothing where there is none. */
export function PlanLine({ accession, draft }: { accession: string; draft: string }): JSX.Element | null {
  const text = useText();
  const found = useAnswer({
    queryKey: ['plans', accession],
    queryFn: () => api.call(routes.listPlans, { query: { accession } }),
  });
  const plans = found.data?.plans ?? [];
  if (plans.length === 0) return null;
  return (
    <>
      {plans.map((plan) => {
        const reserved = plan.reservation?.bytes;
        return (
          <p key={plan.id} className="row w s">
            <span className="m2">{text('plans.plan')}</span>
            <Link className="l" to={`/plans/${plan.id}`}>
              {plan.title}
            </Link>
            {reserved == null ? null : (
              <span>
                {text('plans.used', { used: writtenBytes(plan.depositedBytes), reserved: writtenBytes(reserved) })}
              </span>
            )}
            {plan.reservation?.releaseOn == null ? null : (
              <span>
                {text('plans.releaseOn')} {writtenDate(plan.reservation.releaseOn)}
              </span>
            )}
            <PlanStates plan={plan} />
            <Expected
              plan={plan.id}
              accession={accession}
              draft={draft}
              isWhole={plan.studies.some((one) => one.accession === accession && one.dataset === undefined)}
            />
          </p>
        );
      })}
    </>
  );
}

interface Within {
  plan: string;
  accession: string;
  draft: string;
  /** Is the study for all data sets of the plan? */
  isWhole: boolean;
}

/**
 * The data sets the plan expects that are not here yet, and what it answered about data of people, where it answered yes:
 * that has to be declared before publication.
 */
function Expected({ plan, accession, draft, isWhole }: Within): JSX.Element {
  const text = useText();
  const found = useAnswer({
    queryKey: ['plan', plan],
    queryFn: () => api.call(routes.getPlan, { params: { plan } }),
  });
  const rows = found.data?.rows.filter(({ deposited }) => deposited === undefined || deposited.accession === accession);
  const said = (rows ?? []).filter(({ planned }) => planned.personalData === 'yes' || planned.sensitiveData === 'yes');
  const expected = (rows ?? []).filter(({ deposited }) => deposited === undefined).map(({ planned }) => planned);
  const titleOf = ({ title, bytes }: (typeof expected)[number]) =>
    bytes === undefined ? title : `${title} (${writtenBytes(bytes)})`;
  return (
    <>
      {isWhole && expected.length > 0 ? (
        <span className="m2">{text('plans.expects', { titles: expected.map(titleOf).join(', ') })}</span>
      ) : null}
      {said.length > 0 ? (
        <span className="st warn">
          <Icon name="warn" />
          {text('plans.saysPeople', { titles: said.map(({ planned }) => planned.title).join(', ') })}{' '}
          <Link className="l" to={`/sharing/${draft}`}>
            {text('plans.declare')}
          </Link>
        </span>
      ) : null}
    </>
  );
}
