import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { writtenBytes, writtenCount, writtenMoment } from '../messages/written.ts';

const load = () => api.call(routes.getOverview, {});
type Overview = Awaited<ReturnType<typeof load>>;

/** The state of the installation at a glance: what fills up, what waits, what went wrong. */
export function OverviewSection(): JSX.Element {
  const text = useText();
  const state = useAnswer({ queryKey: ['admin', 'overview'], queryFn: load });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('admin.overview')}</h2>
        <div className="end">
          <Link className="btn" to="/admin/dois">
            {text('registrar.title')}
          </Link>
          <a className="btn" href="/statistics">
            {text('admin.statistics')}
          </a>
        </div>
      </div>
      {state.error ? <AnswerFailed error={state.error} again={() => void state.refetch()} /> : null}
      {state.data?.clock ? <HeldClock {...state.data.clock} /> : null}
      {state.data ? <Lines data={state.data} /> : null}
    </section>
  );
}

/** The clock went ahead by more than a day: embargoes wait for somebody who looks at it. */
function HeldClock({ since, clock }: { since: string; clock: string }): JSX.Element {
  const text = useText();
  const confirm = useChange({
    mutationFn: () => api.call(routes.confirmClock, {}),
    onSuccess: () => answers.invalidateQueries({ queryKey: ['admin', 'overview'] }),
  });
  return (
    <div role="alert">
      <p className="st warn">{text('admin.clockHeld', { since: writtenMoment(since), clock: writtenMoment(clock) })}</p>
      <p>
        <button type="button" className="btn" disabled={confirm.isPending} onClick={() => confirm.mutate(undefined)}>
          {text('admin.clockConfirm')}
        </button>
      </p>
      {confirm.error ? <AnswerFailed error={confirm.error} /> : null}
    </div>
  );
}

function Lines({ data }: { data: Overview }): JSX.Element {
  const text = useText();
  const { storage, jobs, review, signIns, fixity, viruses, dois, outbox, usageAlarm } = data;
  const [now] = useState(() => Date.now());
  const sum = (key: 'waiting' | 'running' | 'failed') => jobs.reduce((all, job) => all + job[key], 0);
  const failing = jobs.filter((job) => job.failed > 0).map((job) => `${job.name} ${job.failed}`);
  const isNarrow = storage.freeBytes < 5e9 || storage.freeBytes < 0.05 * storage.diskBytes;
  const lines: [string, string, boolean][] = [
    [
      text('admin.storage'),
      text('admin.storageLine', {
        archive: writtenBytes(storage.archiveBytes),
        drafts: writtenBytes(storage.draftBytes),
        free: writtenBytes(storage.freeBytes),
        disk: writtenBytes(storage.diskBytes),
      }),
      isNarrow,
    ],
    [
      text('admin.jobs'),
      text('admin.jobsLine', {
        waiting: writtenCount(sum('waiting')),
        running: writtenCount(sum('running')),
        failed: writtenCount(sum('failed')),
      }) + (failing.length > 0 ? ` (${failing.join(', ')})` : ''),
      failing.length > 0,
    ],
    [
      text('admin.queue'),
      review.oldest
        ? text('admin.queueLine', { waiting: writtenCount(review.waiting), oldest: writtenMoment(review.oldest) })
        : text('admin.queueEmpty'),
      false,
    ],
    [
      text('admin.refusedSignIns'),
      text('admin.refusedLine', { day: writtenCount(signIns.refusedDay), week: writtenCount(signIns.refusedWeek) }),
      signIns.refusedDay > 100,
    ],
    [
      text('admin.damagedLine'),
      fixity.oldestCheck
        ? text('admin.fixityLine', {
            damaged: writtenCount(fixity.damaged),
            oldest: writtenMoment(fixity.oldestCheck),
          })
        : writtenCount(fixity.damaged),
      fixity.damaged > 0,
    ],
    ...(viruses.count === 0
      ? []
      : [
          [
            text('admin.viruses'),
            text('admin.virusesLine', {
              count: writtenCount(viruses.count),
              files: viruses.named
                .map(({ accession, version, path, signature }) => `${accession} v${version} ${path} (${signature})`)
                .join(', '),
            }),
            true,
          ] as [string, string, boolean],
        ]),
    ...outbox.map(({ name, waiting, oldest }): [string, string, boolean] => [
      text(`admin.outbox.${name}`),
      oldest
        ? text('admin.outboxLine', { waiting: writtenCount(waiting), oldest: writtenMoment(oldest) })
        : text('admin.outboxEmpty'),
      oldest !== null && now - Date.parse(oldest) > 86_400_000,
    ]),
    [text('admin.doisDifferent'), writtenCount(dois.different), dois.different > 0],
  ];
  if (usageAlarm)
    lines.push([
      text('admin.usage'),
      text('admin.usageAlarm', {
        day: usageAlarm.day,
        ratio: usageAlarm.ratio.toFixed(2),
        least: usageAlarm.band[0].toFixed(2),
        most: usageAlarm.band[1].toFixed(2),
      }),
      true,
    ]);
  return (
    <div className="scrollx">
      <table className="t">
        <tbody>
          {lines.map(([name, value, isBad]) => (
            <tr key={name}>
              <td className="m2">{name}</td>
              <td>
                <span className={isBad ? 'st warn' : undefined}>{value}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
