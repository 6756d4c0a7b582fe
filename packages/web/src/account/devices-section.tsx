import { type JSX } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';
import { writtenMoment } from '../messages/written.ts';

const queryKey = ['me', 'sessions'];

const browsers: readonly (readonly [name: string, sign: RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /(?:Chrome|Chromium|CriOS)\//],
  ['Safari', /\bSafari\//],
];
const systems: readonly (readonly [name: string, sign: RegExp])[] = [
  ['Android', /\bAndroid\b/],
  ['iOS', /\b(?:iPhone|iPad|iPod)\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
];

/** A browser and its system by what it calls itself; that text itself where neither is known; empty for none. */
export function deviceName(userAgent: string): string {
  const named = (table: typeof browsers) => table.find(([, sign]) => sign.test(userAgent))?.[0];
  const known = [named(browsers), named(systems)].filter((one) => one !== undefined);
  return known.length > 0 ? known.join(', ') : userAgent.slice(0, 60);
}

/** Devices I am signed in on; each can be signed out from here. */
export function DevicesSection(): JSX.Element {
  const text = useText();
  const list = useAnswer({ queryKey, queryFn: () => api.call(routes.listSessions, {}) });
  const again = () => answers.invalidateQueries({ queryKey });
  const end = useChange({
    mutationFn: (id: string) => api.call(routes.endSession, { params: { id } }),
    onSettled: again,
  });
  const endOthers = useChange({ mutationFn: () => api.call(routes.endOtherSessions, {}), onSettled: again });
  const sessions = list.data?.sessions ?? [];
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('devices.title')}</h2>
        <span className="s m2">{text('devices.help')}</span>
      </div>
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      <ul className="passkeys">
        {sessions.map((one) => (
          <li key={one.id} className="row w">
            <span className="b">{deviceName(one.device) || text('devices.unknown')}</span>
            <span className="m2">
              {text('devices.dates', { begun: writtenMoment(one.createdAt), used: writtenMoment(one.usedAt) })}
            </span>
            {one.isThis ? (
              <span className="st ok">{text('devices.this')}</span>
            ) : (
              <button
                type="button"
                className="btn sm"
                aria-label={`${text('devices.end')}: ${deviceName(one.device) || text('devices.unknown')}`}
                onClick={() => end.mutate(one.id)}
              >
                {text('devices.end')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 ? (
        <button type="button" className="btn" disabled={endOthers.isPending} onClick={() => endOthers.mutate()}>
          {text('devices.endOthers')}
        </button>
      ) : null}
      {(end.error ?? endOthers.error) ? <AnswerFailed error={end.error ?? endOthers.error!} /> : null}
    </section>
  );
}
