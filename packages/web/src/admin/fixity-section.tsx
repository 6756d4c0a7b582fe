import type { JSX } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { HeadedTable } from '../app/headed-table.tsx';
import { useText } from '../messages/text.ts';
import { writtenBytes, writtenCount, writtenDate, writtenMoment } from '../messages/written.ts';

const queryKey = ['admin', 'fixity'];
const load = () => api.call(routes.getFixity, {});
type Fixity = Awaited<ReturnType<typeof load>>;

/** Checks of the stored bytes: their state, the last ones, and every damaged file. */
export function FixitySection(): JSX.Element {
  const text = useText();
  const state = useAnswer({ queryKey, queryFn: load });
  const start = useChange({
    mutationFn: () => api.call(routes.startFixity, {}),
    onSuccess: () => answers.invalidateQueries({ queryKey }),
  });
  const { data } = state;
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('admin.bytes')}</h2>
        {data ? <span className="s m2">{text('admin.bytesHelp', { days: data.everyDays })}</span> : null}
        <div className="end">
          <button type="button" className="btn" disabled={start.isPending} onClick={() => start.mutate()}>
            {text('admin.checkNow')}
          </button>
        </div>
      </div>
      {state.error ? <AnswerFailed error={state.error} again={() => void state.refetch()} /> : null}
      {start.error ? <AnswerFailed error={start.error} again={() => start.mutate()} /> : null}
      {start.isSuccess ? <p className="s m2">{text('admin.checkAsked')}</p> : null}
      {data ? <State data={data} /> : null}
      {data && data.runs.length > 0 ? <Runs runs={data.runs} /> : null}
      {data ? <Findings findings={data.findings} /> : null}
    </section>
  );
}

function State({ data }: { data: Fixity }): JSX.Element {
  const text = useText();
  const { studies, verified, damaged, oldestCheck } = data.integrity;
  return (
    <div className="prose">
      <p className={damaged > 0 ? 'st bad' : 'st ok'}>
        {damaged > 0 ? text('admin.damagedStudies', { count: damaged, n: damaged }) : text('admin.allWhole')}
      </p>
      <p>
        {text('admin.studiesRead', { verified: writtenCount(verified), studies: writtenCount(studies) })}{' '}
        {oldestCheck ? text('admin.oldest', { when: writtenMoment(oldestCheck) }) : null}
      </p>
      <p className={data.hasCopy ? 'm2' : 'st warn'}>{text(data.hasCopy ? 'admin.withCopy' : 'admin.withoutCopy')}</p>
    </div>
  );
}

function Runs({ runs }: { runs: Fixity['runs'] }): JSX.Element {
  const text = useText();
  return (
    <HeadedTable
      heads={[
        text('admin.run'),
        text('admin.cause'),
        { words: text('admin.checked'), as: 'number' },
        { words: text('admin.size'), as: 'number' },
        { words: text('admin.damaged'), as: 'number' },
        { words: text('admin.repaired'), as: 'number' },
      ]}
    >
      {runs.map((run) => (
        <tr key={run.id}>
          <td>
            {writtenMoment(run.beganAt)}
            {run.endedAt ? null : <span className="m3"> {text('admin.stillRunning')}</span>}
          </td>
          <td>{text(`admin.cause.${run.cause}`)}</td>
          <td className="r num">
            {text('admin.checkedOf', { checked: writtenCount(run.checked), units: writtenCount(run.units) })}
          </td>
          <td className="r num">{writtenBytes(run.bytes)}</td>
          <td className="r num">{writtenCount(run.damaged)}</td>
          <td className="r num">{writtenCount(run.repaired)}</td>
        </tr>
      ))}
    </HeadedTable>
  );
}

function Findings({ findings }: { findings: Fixity['findings'] }): JSX.Element {
  const text = useText();
  return (
    <>
      <h3>{text('admin.findings')}</h3>
      {findings.length === 0 ? <p className="s m2">{text('admin.noFindings')}</p> : null}
      {findings.length > 0 ? (
        <HeadedTable
          heads={[
            text('admin.study'),
            text('admin.file'),
            text('admin.what'),
            text('admin.found'),
            text('admin.state'),
          ]}
        >
          {findings.map((one) => (
            <tr key={one.id}>
              <td className="mono">{one.accession ?? ''}</td>
              <td className="mono">{one.path}</td>
              <td>
                {one.message} <span className="m3">{one.code}</span>
              </td>
              <td>{writtenDate(one.foundAt)}</td>
              <td>
                {one.mendedAt ? (
                  <span className="st ok">{text('admin.mended', { when: writtenDate(one.mendedAt) })}</span>
                ) : (
                  <span className="st bad">{text('admin.open')}</span>
                )}
              </td>
            </tr>
          ))}
        </HeadedTable>
      ) : null}
    </>
  );
}
