import { type JSX, useState } from 'react';
import { useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';
import { writtenCount, writtenMoment } from '../messages/written.ts';

const perPage = 50;

/** The audit log: who did what when, newest first; its check, and the way to take it away. */
export function AuditSection(): JSX.Element {
  const text = useText();
  const [target, setTarget] = useState('');
  const [before, setBefore] = useState<number>();
  const query = {
    limit: perPage,
    ...(target.trim() === '' ? {} : { target: target.trim() }),
    ...(before === undefined ? {} : { before }),
  };
  const list = useAnswer({
    queryKey: ['admin', 'audit', query],
    queryFn: () => api.call(routes.listAudit, { query }),
  });
  const check = useChange({ mutationFn: () => api.call(routes.verifyAudit, {}) });
  const { data } = list;
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('admin.audit')}</h2>
        <span className="s m2">{text('admin.auditHelp')}</span>
        <div className="end">
          <button type="button" className="btn" disabled={check.isPending} onClick={() => check.mutate()}>
            {text('admin.auditCheck')}
          </button>
          <a className="btn" href={api.url(routes.exportAudit, {})}>
            {text('admin.auditExport')}
          </a>
        </div>
      </div>
      {check.data ? <Checked checked={check.data} /> : null}
      {check.error ? <AnswerFailed error={check.error} again={() => check.mutate()} /> : null}
      <label className="row">
        <span className="s m2">{text('admin.auditTarget')}</span>
        <input
          className="field-in mono"
          value={target}
          onChange={(event) => {
            setTarget(event.target.value);
            setBefore(undefined);
          }}
        />
      </label>
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      {data?.events.length === 0 ? <p className="s m2">{text('admin.auditNone')}</p> : null}
      {data && data.events.length > 0 ? <Events events={data.events} /> : null}
      <p className="row">
        {before === undefined ? null : (
          <button type="button" className="btn sm" onClick={() => setBefore(undefined)}>
            {text('admin.auditNewest')}
          </button>
        )}
        {data && data.before !== null ? (
          <button type="button" className="btn sm" onClick={() => setBefore(data.before ?? undefined)}>
            {text('admin.auditOlder')}
          </button>
        ) : null}
      </p>
    </section>
  );
}

type Answer = Awaited<ReturnType<typeof api.call<typeof routes.listAudit>>>;
type Check = Awaited<ReturnType<typeof api.call<typeof routes.verifyAudit>>>;

function Checked({ checked }: { checked: Check }): JSX.Element {
  const text = useText();
  return checked.broken ? (
    <p className="st bad">{text('admin.auditBroken', { number: checked.broken.seq, what: checked.broken.message })}</p>
  ) : (
    <p className="st ok">{text('admin.auditWhole', { events: writtenCount(checked.events) })}</p>
  );
}

function Events({ events }: { events: Answer['events'] }): JSX.Element {
  const text = useText();
  return (
    <div className="scrollx">
      <table className="t stack events">
        <thead>
          <tr>
            <th className="r">{text('admin.auditNumber')}</th>
            <th>{text('admin.auditWhen')}</th>
            <th>{text('admin.auditWho')}</th>
            <th>{text('admin.auditWhat')}</th>
            <th>{text('admin.auditOf')}</th>
            <th>{text('admin.auditDetail')}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.seq}>
              <td className="r num m3" data-label={text('admin.auditNumber')}>
                {event.seq}
              </td>
              <td>{writtenMoment(event.at)}</td>
              <td>
                {event.actorName ?? event.actor} <span className="m3">{event.via}</span>
              </td>
              <td className="mono">{event.action}</td>
              <td className="mono" data-label={text('admin.auditOf')}>
                {event.target}
              </td>
              <td className="mono s">
                {Object.entries(event.detail)
                  .map(([name, value]) => `${name}=${shortened(String(value))}`)
                  .join(' ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Digests are told apart by their first digits; the export has all of them. */
const shortened = (value: string): string => (/^[0-9a-f]{64,}$/.test(value) ? `${value.slice(0, 12)}…` : value);
