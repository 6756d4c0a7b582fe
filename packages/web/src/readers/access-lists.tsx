import { type JSX, useState } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { HeadedTable } from '../app/headed-table.tsx';
import { useText } from '../messages/text.ts';
import { writtenBytes, writtenDate, writtenMoment } from '../messages/written.ts';

/** How the files of a study are read, as the server says. */
export type Access = Awaited<ReturnType<typeof ask>>;
const ask = (accession: string) => api.call(routes.getAccess, { params: { accession } });
type Request = Access['mine'][number];

const marks = { asked: 'st info', granted: 'st ok', refused: 'st warn', ended: 'st' } as const;

/** Requests for access, one below the other; with the ways to decide for those who do. */
export function RequestsList(props: {
  accession: string;
  requests: readonly Request[];
  isMine?: boolean;
  decides?: boolean;
  again(): Promise<void>;
}): JSX.Element {
  const { accession, requests, isMine = false, decides = false, again } = props;
  const text = useText();
  return (
    <ul className="readers">
      {requests.map((one) => (
        <li key={one.id}>
          <p>
            {isMine ? null : <span className="b">{one.name || text('readers.left')}</span>}{' '}
            <span className="m2">{one.institution}</span>{' '}
            <span className={marks[one.state]}>{text(`access.state.${one.state}`)}</span>{' '}
            {one.kind === 'emergency' ? <span className="st warn">{text('access.kind.emergency')}</span> : null}{' '}
            <span className="s m3">
              {writtenDate(one.askedAt)}
              {one.state === 'granted' && one.until ? (
                <> {text('access.until', { day: writtenDate(one.until) })}</>
              ) : null}
            </span>
          </p>
          <p className="words">{one.purpose}</p>
          <Told one={one} />
          {one.reason === '' ? null : <p className="s">{text('access.because', { reason: one.reason })}</p>}
          {one.state === 'granted' && one.kind === 'request' ? (
            <p className="s">
              <a className="l" download href={`/api/v1/studies/${accession}/access/requests/${one.id}/permission`}>
                {text('access.permission')}
              </a>
            </p>
          ) : null}
          {one.state === 'asked' && (isMine || decides) ? <Say accession={accession} one={one} again={again} /> : null}
          {isMine ? <Withdraw accession={accession} one={one} again={again} /> : null}
          {decides && !isMine ? <Decide accession={accession} one={one} again={again} /> : null}
        </li>
      ))}
    </ul>
  );
}

interface OfRequest {
  accession: string;
  one: Request;
  again(): Promise<void>;
}

/** What was told with a request beside its purpose, and what was said of it since. */
function Told({ one }: { one: Request }): JSX.Element {
  const text = useText();
  const told = [
    ['access.plan', one.plan],
    ['access.approval', one.ethics],
    ['access.team', one.team.join(', ')],
  ] as const;
  return (
    <>
      {told.map(([label, said]) =>
        said === '' ? null : (
          <p key={label} className="words s">
            <span className="m2">{text(label)}:</span> {said}
          </p>
        ),
      )}
      {one.talk.map(({ by, text: words, at }) => (
        <p key={`${at} ${by}`} className="words s">
          <span className="b">{text(`access.talk.${by}`)}</span> <span className="m3">{writtenMoment(at)}</span> {words}
        </p>
      ))}
    </>
  );
}

/** A question back, or its answer. */
function Say({ accession, one, again }: OfRequest): JSX.Element {
  const text = useText();
  const [words, setWords] = useState('');
  const say = useChange({
    mutationFn: () => api.call(routes.sayOfAccess, { params: { accession, id: one.id }, body: { text: words } }),
    onSuccess: () => {
      setWords('');
      return again();
    },
  });
  return (
    <form
      className="rform"
      onSubmit={(event) => {
        event.preventDefault();
        say.mutate();
      }}
    >
      <LabelledInput
        label={text('access.say')}
        required
        minLength={2}
        maxLength={5000}
        value={words}
        onValue={setWords}
      />
      <button type="submit" className="btn sm" disabled={say.isPending}>
        {text('access.saySend')}
      </button>
      {say.error ? <AnswerFailed error={say.error} /> : null}
    </form>
  );
}

function Withdraw({ accession, one, again }: OfRequest): JSX.Element | null {
  const text = useText();
  const withdraw = useChange({
    mutationFn: () => api.call(routes.withdrawAccess, { params: { accession, id: one.id } }),
    onSettled: again,
  });
  if (one.state !== 'asked' && one.state !== 'granted') return null;
  return (
    <div className="row w">
      <button type="button" className="btn sm" onClick={() => withdraw.mutate()}>
        {text(one.state === 'asked' ? 'access.withdraw' : 'access.giveUp')}
      </button>
      {withdraw.error ? <AnswerFailed error={withdraw.error} /> : null}
    </div>
  );
}

function Decide({ accession, one, again }: OfRequest): JSX.Element | null {
  const text = useText();
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState('');
  const decide = useChange({
    mutationFn: (state: 'granted' | 'refused' | 'ended') =>
      api.call(routes.decideAccess, {
        params: { accession, id: one.id },
        body: { state, reason, ...(state === 'granted' && until !== '' ? { until } : {}) },
      }),
    onSettled: again,
  });
  const isAsked = one.state === 'asked';
  if (!isAsked && one.state !== 'granted') return null;
  return (
    <div className="rform">
      {isAsked ? <LabelledInput label={text('access.day')} type="date" value={until} onValue={setUntil} /> : null}
      <LabelledInput label={text('access.reason')} value={reason} onValue={setReason} />
      <div className="row w">
        {isAsked ? (
          <>
            <button type="button" className="btn primary" onClick={() => decide.mutate('granted')}>
              {text('access.grant')}
            </button>
            <button
              type="button"
              className="btn"
              disabled={reason.trim() === ''}
              onClick={() => decide.mutate('refused')}
            >
              {text('access.refuse')}
            </button>
          </>
        ) : (
          <button type="button" className="btn" disabled={reason.trim() === ''} onClick={() => decide.mutate('ended')}>
            {text('access.end')}
          </button>
        )}
      </div>
      {decide.error ? <AnswerFailed error={decide.error} /> : null}
    </div>
  );
}

const actions = [
  'read',
  'terms',
  'said',
  'ask',
  'granted',
  'refused',
  'ended',
  'emergency',
  'committee',
  'review',
  'safe',
  'unsafe',
] as const;

/** Decisions and readings, newest first. */
export function Trace({ events }: { events: NonNullable<Access['events']> }): JSX.Element {
  const text = useText();
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('access.trace')}</h2>
        <span className="s m2">{text('access.traceHelp')}</span>
      </div>
      {events.length === 0 ? <p className="m2">{text('access.noTrace')}</p> : null}
      {events.length > 0 ? (
        <HeadedTable heads={[text('access.when'), text('access.who'), text('access.what'), text('access.file')]}>
          {events.map((one) => {
            const action = actions.find((name) => one.action === `access.${name}`);
            return (
              <tr key={`${one.at} ${one.path} ${one.action}`}>
                <td className="nw">{writtenMoment(one.at)}</td>
                <td>{one.name}</td>
                <td>{action === undefined ? one.action : text(`access.event.${action}`)}</td>
                <td className="mono">
                  {one.path}
                  {one.bytes === undefined ? null : <span className="m3"> {writtenBytes(one.bytes)}</span>}
                </td>
              </tr>
            );
          })}
        </HeadedTable>
      ) : null}
    </section>
  );
}
