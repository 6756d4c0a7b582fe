import '../styles/plans.css';
import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link, navigate, usePageLocation } from '../app/router.tsx';
import { useMe } from '../app/session.ts';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { SureButton } from '../app/sure-button.tsx';
import { useTitle } from '../app/title.ts';
import { type MessageKey, useText } from '../messages/text.ts';
import { writtenBytes, writtenDate } from '../messages/written.ts';
import { PlanStates } from './plan-states.tsx';

const load = (plan: string) => api.call(routes.getPlan, { params: { plan } });
type Plan = Awaited<ReturnType<typeof load>>;
type Row = Plan['rows'][number];

/** One plan: planned against deposited, its studies, what is reserved, and the plan to give back. */
export function PlanPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const { plan: id = '' } = usePageLocation().params;
  const queryKey = ['plan', id];
  const plan = useAnswer({ queryKey, enabled: Boolean(me), staleTime: 0, queryFn: () => load(id) });
  useTitle(plan.data?.title ?? text('plans.title'));
  const show = (next: Plan) => void answers.setQueryData(queryKey, next);
  if (!me) return <SignInFirst pending={me === undefined} />;
  if (!plan.data)
    return (
      <main className="wrap plain planpage">
        <h1>{text('plans.title')}</h1>
        {plan.error ? <AnswerFailed error={plan.error} again={() => void plan.refetch()} /> : null}
      </main>
    );
  return (
    <main className="wrap plain planpage">
      <p>
        <Link className="l" to="/plans">
          {text('plans.title')}
        </Link>
      </p>
      <div className="dh">
        <h1>{plan.data.title}</h1>
        <div className="end">
          <a className="btn" href={api.url(routes.getPlanDocument, { params: { plan: id } })} download="madmp.json">
            {text('plans.document')}
          </a>
        </div>
      </div>
      <p className="row w">
        <span className="m2">{plan.data.owner}</span>
        <PlanStates plan={plan.data} />
      </p>
      <Against plan={plan.data} show={show} />
      <p className="s m2 prose">{text('plans.documentHelp')}</p>
      <Studies plan={plan.data} show={show} />
      <Reservation plan={plan.data} show={show} />
      {plan.data.isMine ? <Remove plan={plan.data} /> : null}
    </main>
  );
}

interface Props {
  plan: Plan;
  show: (next: Plan) => void;
}

function Against({ plan, show }: Props): JSX.Element {
  const text = useText();
  const start = useChange({
    mutationFn: (dataset: number) => api.call(routes.addPlanStudy, { params: { plan: plan.id }, body: { dataset } }),
    onSuccess: (answer) => {
      show(answer.plan);
      if (answer.draft !== undefined) void navigate(`/deposit/${answer.draft}`);
    },
  });
  return (
    <section>
      <h2>{text('plans.against')}</h2>
      {start.error ? <AnswerFailed error={start.error} /> : null}
      <table className="t stack against">
        <thead>
          <tr>
            <th>{text('plans.dataset')}</th>
            <th>{text('plans.volume')}</th>
            <th>{text('plans.date')}</th>
            <th>{text('plans.licence')}</th>
            <th>{text('plans.study')}</th>
          </tr>
        </thead>
        <tbody>
          {plan.rows.map((row, index) => (
            // The rows of a plan keep their order.
            <tr key={`${index} ${row.planned.title}`}>
              <td>
                <div className="b">{row.planned.title}</div>
                <PlannedNotes planned={row.planned} />
              </td>
              <td data-label={text('plans.volume')}>
                <Both
                  planned={row.planned.bytes === undefined ? undefined : writtenBytes(row.planned.bytes)}
                  deposited={row.deposited ? writtenBytes(row.deposited.bytes) : undefined}
                  difference={row.differences.includes('volume') ? 'plans.more' : undefined}
                />
              </td>
              <td data-label={text('plans.date')}>
                <Both
                  planned={row.planned.date === undefined ? undefined : writtenDate(row.planned.date)}
                  deposited={
                    row.deposited?.releasedOn === undefined ? undefined : writtenDate(row.deposited.releasedOn)
                  }
                  difference={row.differences.includes('date') ? 'plans.late' : undefined}
                />
              </td>
              <td data-label={text('plans.licence')}>
                <Both
                  planned={row.planned.licence}
                  deposited={row.deposited?.licence}
                  difference={row.differences.includes('licence') ? 'plans.otherLicence' : undefined}
                />
              </td>
              <td data-label={text('plans.study')}>
                <StudyOfRow
                  row={row}
                  start={plan.isMine ? () => start.mutate(index) : undefined}
                  isStarting={start.isPending}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The planned value above the one that came of it. */
function Both(props: {
  planned: string | undefined;
  deposited: string | undefined;
  difference: MessageKey | undefined;
}): JSX.Element {
  const text = useText();
  const { planned, deposited, difference } = props;
  return (
    <>
      <div className="m2">{`${text('plans.planned')}: ${planned ?? '–'}`}</div>
      <div className={difference ? 'st bad' : ''}>
        {deposited === undefined ? (difference ? text(difference) : '–') : deposited}
        {deposited !== undefined && difference ? ` (${text(difference)})` : ''}
      </div>
    </>
  );
}

function PlannedNotes({ planned }: { planned: Row['planned'] }): JSX.Element | null {
  const text = useText();
  const word = (answer: string) =>
    answer === 'yes' || answer === 'no' || answer === 'unknown' ? text(`plans.${answer}`) : answer;
  const notes = [
    planned.personalData === undefined ? '' : text('plans.personal', { answer: word(planned.personalData) }),
    planned.sensitiveData === undefined ? '' : text('plans.sensitive', { answer: word(planned.sensitiveData) }),
    planned.formats.join(', '),
  ].filter(Boolean);
  return notes.length > 0 ? <div className="s m2">{notes.join(' · ')}</div> : null;
}

function StudyOfRow(props: { row: Row; start: (() => void) | undefined; isStarting: boolean }): JSX.Element {
  const text = useText();
  const { row, start, isStarting } = props;
  if (!row.deposited)
    return start ? (
      <button type="button" className="btn sm" disabled={isStarting} onClick={start}>
        {text('plans.startOne')}
      </button>
    ) : (
      <span className="m2">{text('plans.notYet')}</span>
    );
  const { accession, version, doi } = row.deposited;
  return (
    <>
      {version === undefined ? (
        <span>
          <span className="mono">{accession}</span> <span className="m2">{text('plans.inDraft')}</span>
        </span>
      ) : (
        <a href={`/studies/${accession}/v/${version}`}>{doi ?? accession}</a>
      )}
      {row.differences.includes('access') ? <div className="st warn">{text('plans.closed')}</div> : null}
    </>
  );
}

function Studies({ plan, show }: Props): JSX.Element {
  const text = useText();
  const [accession, setAccession] = useState('');
  const [dataset, setDataset] = useState('');
  const join = useChange({
    mutationFn: () => {
      const body = { accession: accession.trim(), ...(dataset === '' ? {} : { dataset: Number(dataset) }) };
      return api.call(routes.addPlanStudy, { params: { plan: plan.id }, body });
    },
    onSuccess: (answer) => {
      setAccession('');
      show(answer.plan);
    },
  });
  return (
    <section>
      <h2>{text('plans.studies')}</h2>
      <ul className="bare">
        {plan.studies.map((study) => (
          <li key={study.accession} className="row w">
            <span className="mono">{study.accession}</span>
            {study.version !== undefined ? (
              <a className="l" href={`/studies/${study.accession}`}>
                {study.title}
              </a>
            ) : study.draft !== undefined ? (
              <Link className="l" to={`/deposit/${study.draft}`}>
                {study.title}
              </Link>
            ) : (
              <span>{study.title}</span>
            )}
            <span className="m2">
              {study.dataset === undefined ? text('plans.whole') : text('plans.of', { number: study.dataset + 1 })}
            </span>
            {study.version === undefined ? <span className="m2">{text('plans.inDraft')}</span> : null}
            <span className="m2">{writtenBytes(study.bytes)}</span>
          </li>
        ))}
      </ul>
      {plan.isMine ? (
        <form
          className="row w"
          onSubmit={(event) => {
            event.preventDefault();
            join.mutate();
          }}
        >
          <input
            className="field-in"
            required
            aria-label={text('plans.join')}
            placeholder={text('plans.join')}
            value={accession}
            onChange={(event) => setAccession(event.target.value)}
          />
          <select
            className="field-in"
            aria-label={text('plans.dataset')}
            value={dataset}
            onChange={(event) => setDataset(event.target.value)}
          >
            <option value="">{text('plans.whole')}</option>
            {plan.rows.map((row, index) => (
              <option key={`${index} ${row.planned.title}`} value={index}>
                {row.planned.title}
              </option>
            ))}
          </select>
          <button type="submit" className="btn" disabled={join.isPending}>
            {text('plans.joinButton')}
          </button>
        </form>
      ) : null}
      {join.error ? <AnswerFailed error={join.error} /> : null}
    </section>
  );
}

const gigabyte = 1e9;

function Reservation({ plan, show }: Props): JSX.Element {
  const text = useText();
  const { reservation, depositedBytes } = plan;
  const over = reservation?.bytes == null ? 0 : depositedBytes - reservation.bytes;
  return (
    <section>
      <h2>{text('plans.reservation')}</h2>
      <p className="s m2 prose">{text('plans.reservationHelp')}</p>
      {reservation ? (
        <div className="reservation">
          {reservation.bytes === null ? null : (
            <p>
              <meter
                min={0}
                max={Math.max(reservation.bytes, depositedBytes, 1)}
                high={reservation.bytes}
                optimum={0}
                value={depositedBytes}
                aria-label={text('plans.reserved')}
              />{' '}
              {text('plans.used', { used: writtenBytes(depositedBytes), reserved: writtenBytes(reservation.bytes) })}
              {over > 0 ? (
                <span className="st bad over">{text('plans.overBy', { bytes: writtenBytes(over) })}</span>
              ) : null}
            </p>
          )}
          {reservation.releaseOn === null ? null : (
            <p>
              {text('plans.releaseOn')} <b>{writtenDate(reservation.releaseOn)}</b>
            </p>
          )}
          {reservation.note === '' ? null : <p className="prose">{reservation.note}</p>}
          <p className="s m2">
            {text('plans.reservedBy', { name: reservation.by, when: writtenDate(reservation.at) })}
          </p>
        </div>
      ) : (
        <p className="m2">{text('plans.noReservation')}</p>
      )}
      {plan.canReserve ? <ReservationForm plan={plan} show={show} /> : null}
    </section>
  );
}

function ReservationForm({ plan, show }: Props): JSX.Element {
  const text = useText();
  const { reservation, plannedBytes, rows } = plan;
  const offered = reservation ? reservation.bytes : (plannedBytes ?? null);
  const firstDay = rows.flatMap(({ planned }) => planned.date ?? []).sort()[0] ?? '';
  const [gigabytes, setGigabytes] = useState(offered === null ? '' : String(offered / gigabyte));
  const [releaseOn, setReleaseOn] = useState(reservation ? (reservation.releaseOn ?? '') : firstDay);
  const [note, setNote] = useState(reservation?.note ?? '');
  const save = useChange({
    mutationFn: () =>
      api.call(routes.reservePlan, {
        params: { plan: plan.id },
        body: {
          bytes: gigabytes === '' ? null : Math.round(Number(gigabytes) * gigabyte),
          releaseOn: releaseOn === '' ? null : releaseOn,
          note,
        },
      }),
    onSuccess: show,
  });
  return (
    <form
      className="row w"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <label className="row">
        {text('plans.gigabytes')}
        <input
          className="field-in"
          type="number"
          min={0}
          step="any"
          value={gigabytes}
          onChange={(event) => setGigabytes(event.target.value)}
        />
      </label>
      <label className="row">
        {text('plans.releaseOn')}
        <input
          className="field-in"
          type="date"
          value={releaseOn}
          onChange={(event) => setReleaseOn(event.target.value)}
        />
      </label>
      <input
        className="field-in grow"
        aria-label={text('plans.note')}
        placeholder={text('plans.note')}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <button type="submit" className="btn" disabled={save.isPending}>
        {text('plans.reserve')}
      </button>
      {save.error ? <AnswerFailed error={save.error} /> : null}
    </form>
  );
}

function Remove({ plan }: { plan: Plan }): JSX.Element {
  const text = useText();
  const remove = useChange({
    mutationFn: () => api.call(routes.removePlan, { params: { plan: plan.id } }),
    onSuccess: () => navigate('/plans'),
  });
  return (
    <p>
      <SureButton
        words={text('plans.remove')}
        sure={text('plans.removeSure')}
        look="btn sm quiet"
        isBusy={remove.isPending}
        onSure={() => remove.mutate()}
      />
      {remove.error ? <AnswerFailed error={remove.error} /> : null}
    </p>
  );
}
