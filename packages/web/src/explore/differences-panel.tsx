import type { JSX } from 'react';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import { writtenCount } from '../messages/written.ts';
import type { Difference } from './comparing.ts';
import { type DifferenceName, type ExploreState, leavingOut, onlyWith } from './explore-state.ts';
import { differenceReasons, fieldTitles, writtenValue } from './words.ts';

/** What differs between the shown sets, and a way to leave out those that do. */
export function DifferencesPanel({
  differences,
  state,
  go,
}: {
  differences: readonly Difference[];
  state: ExploreState;
  go: (next: ExploreState) => void;
}): JSX.Element {
  const text = useText();
  const chosen = Object.entries(state.only) as [DifferenceName, string][];
  const left = (Object.entries(state.without) as [DifferenceName, string[]][]).flatMap(([name, values]) =>
    values.map((value) => [name, value] as const),
  );
  return (
    <section className="part" aria-labelledby="honest-title">
      <h2 className="part" id="honest-title">
        {text('explore.honest')}
      </h2>
      {chosen.length + left.length === 0 ? null : (
        <div className="app">
          {chosen.map(([name, value]) => (
            <span key={name} className="chip">
              {text('explore.onlyNow', { what: text(fieldTitles[name]), value: writtenValue(name, value, text) })}
              <button
                type="button"
                aria-label={`${text('explore.all')}: ${text(fieldTitles[name])}`}
                onClick={() => go(onlyWith(state, name, undefined))}
              >
                <Icon name="close" />
              </button>
            </span>
          ))}
          {left.map(([name, value]) => (
            <span key={`${name} ${value}`} className="chip">
              {text('explore.withoutNow', { what: text(fieldTitles[name]), value: writtenValue(name, value, text) })}
              <button
                type="button"
                aria-label={`${text('explore.all')}: ${text(fieldTitles[name])} ${writtenValue(name, value, text)}`}
                onClick={() => go(leavingOut(state, name, value))}
              >
                <Icon name="close" />
              </button>
            </span>
          ))}
          <button type="button" className="plainlink l" onClick={() => go({ ...state, only: {}, without: {} })}>
            {text('explore.all')}
          </button>
        </div>
      )}
      <p className="s m2">{text(differences.length === 0 ? 'explore.same' : 'explore.differs')}</p>
      <dl className="differ">
        {differences.map((difference) => (
          <Differing
            key={difference.name}
            {...difference}
            choose={(value) => go(onlyWith(state, difference.name, value))}
            leave={(value) => go(leavingOut(state, difference.name, value))}
            {...(difference.name === 'interval'
              ? { resample: (value: string) => go({ ...state, resample: value }) }
              : {})}
          />
        ))}
      </dl>
    </section>
  );
}

/** Is a time between frames longer than another in the same unit? Then the other can be thinned out to it. */
function isLonger(value: string, other: string): boolean {
  const [[a, unit], [b, unitOfOther]] = [value.split(' '), other.split(' ')];
  return unit !== undefined && unit === unitOfOther && Number(a) > Number(b);
}

/** Values listed before the rest; another step is a filter away. */
const mostValues = 12;

function Differing({
  name,
  values,
  choose,
  leave,
  resample,
}: Difference & {
  choose: (value: string) => void;
  leave: (value: string) => void;
  resample?: (value: string) => void;
}): JSX.Element {
  const text = useText();
  const isReachable = (value: string) => values.some((other) => isLonger(value, other.value));
  const what = text(fieldTitles[name]);
  return (
    <div>
      <dt>
        <b>{what}</b> <span className="s m2">{text(differenceReasons[name])}</span>
      </dt>
      <dd>
        <ul>
          {values.slice(0, mostValues).map(({ value, count }) => (
            <li key={value}>
              <span className="s">
                {writtenValue(name, value, text)} <span className="m2">{writtenCount(count)}</span>
              </span>
              <button
                type="button"
                className="btn quiet sm"
                aria-label={`${text('explore.only')}: ${what} ${writtenValue(name, value, text)}`}
                onClick={() => choose(value)}
              >
                {text('explore.only')}
              </button>
              <button
                type="button"
                className="btn quiet sm"
                aria-label={`${text('explore.leave')}: ${what} ${writtenValue(name, value, text)}`}
                onClick={() => leave(value)}
              >
                {text('explore.leave')}
              </button>
              {resample && isReachable(value) ? (
                <button
                  type="button"
                  className="btn quiet sm"
                  aria-label={`${text('explore.resampleTo')}: ${writtenValue(name, value, text)}`}
                  onClick={() => resample(value)}
                >
                  {text('explore.resampleTo')}
                </button>
              ) : null}
            </li>
          ))}
        </ul>
        {name === 'interval' ? <p className="s m2">{text('explore.resample')}</p> : null}
      </dd>
    </div>
  );
}
