import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';
import { Tick } from '../readers/words-input.tsx';
import { writtenDate } from '../messages/written.ts';

/** From which day the files of a draft will be open. */
export function ReleaseSection({ draft }: { draft: string }): JSX.Element {
  const text = useText();
  const queryKey = ['release', draft];
  const [day, setDay] = useState('');
  const [isPrivate, setPrivate] = useState(false);
  const release = useAnswer({ queryKey, queryFn: () => api.call(routes.getRelease, { params: { draft } }) });
  const set = useChange({
    mutationFn: (embargoUntil: string | null) =>
      api.call(routes.setRelease, { params: { draft }, body: { embargoUntil, isPrivate } }),
    onSuccess: () => answers.invalidateQueries({ queryKey }),
  });
  const until = release.data?.embargoUntil;
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('release.title')}</h2>
        <span className="s m2">{text('release.help')}</span>
      </div>
      {release.error ? <AnswerFailed error={release.error} again={() => void release.refetch()} /> : null}
      {release.data ? (
        <p>
          {until
            ? text(release.data.isPrivate ? 'release.private' : 'release.until', { until: writtenDate(until) })
            : text('release.atOnce')}
        </p>
      ) : null}
      <form
        className="row w"
        onSubmit={(event) => {
          event.preventDefault();
          set.mutate(day);
        }}
      >
        <input
          className="field-in"
          type="date"
          required
          aria-label={text('release.day')}
          value={day}
          onChange={(event) => setDay(event.target.value)}
        />
        <Tick label={text('release.hide')} checked={isPrivate} onChecked={setPrivate} />
        <button type="submit" className="btn">
          {text('release.set')}
        </button>
        {until ? (
          <button type="button" className="btn" onClick={() => set.mutate(null)}>
            {text('release.open')}
          </button>
        ) : null}
      </form>
      {set.error ? <AnswerFailed error={set.error} /> : null}
    </section>
  );
}
