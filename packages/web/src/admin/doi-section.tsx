import type { JSX } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';

/** The DOI of a study: asked for before it is published. Shown where the installation registers DOIs. */
export function DoiSection({ draft }: { draft: string }): JSX.Element | null {
  const text = useText();
  const queryKey = ['doi', draft];
  const doi = useAnswer({ queryKey, queryFn: () => api.call(routes.getDoi, { params: { draft } }) });
  const reserve = useChange({
    mutationFn: () => api.call(routes.reserveDoi, { params: { draft } }),
    onSuccess: () => answers.invalidateQueries({ queryKey }),
  });
  if (!doi.data?.isOffered) return null;
  const { state, fault } = doi.data;
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('doi.title')}</h2>
        <span className="s m2">{text('doi.help')}</span>
      </div>
      {state ? (
        <>
          <p>
            <span className="mono">{doi.data.doi}</span> <span className="m2">{text(`doi.${state}`)}</span>
          </p>
          <p className="s">
            <span className="m2">{text('doi.ofVersion')}</span> <span className="mono">{doi.data.versionDoi}</span>
          </p>
        </>
      ) : (
        <button type="button" className="btn" disabled={reserve.isPending} onClick={() => reserve.mutate()}>
          {text('doi.reserve')}
        </button>
      )}
      {fault ? <p className="st warn">{text('doi.fault', { fault })}</p> : null}
      {reserve.error ? <AnswerFailed error={reserve.error} /> : null}
    </section>
  );
}
