import { type JSX, useState } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';

/** One file of a published study is held back, or given out again, by who may change its state. */
export function QuarantineSection({ accession }: { accession: string }): JSX.Element {
  const text = useText();
  const queryKey = ['admin', 'quarantine', accession];
  const list = useAnswer({ queryKey, queryFn: () => api.call(routes.listQuarantine, { params: { accession } }) });
  const [version, setVersion] = useState('1');
  const [path, setPath] = useState('');
  const [reason, setReason] = useState('');
  const set = useChange({
    mutationFn: (body: { version: number; path: string; isHeld: boolean; reason: string }) =>
      api.call(routes.setQuarantine, { params: { accession }, body }),
    onSuccess: () => {
      setPath('');
      setReason('');
      return answers.invalidateQueries({ queryKey });
    },
  });
  const files = list.data?.files ?? [];
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('quarantine.title')}</h2>
        <span className="s m2">{text('quarantine.help')}</span>
      </div>
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      <ul className="plain">
        {files.map((file) => (
          <li key={file.sha256 + file.path} className="row w">
            <span className="mono">{file.path}</span>
            <span className="m2">{`${writtenDate(file.since)} · ${file.reason}`}</span>
            <button
              type="button"
              className="btn sm"
              disabled={set.isPending || reason.trim().length < 3}
              onClick={() => set.mutate({ version: file.version, path: file.path, isHeld: false, reason })}
            >
              {text('quarantine.lift')}
            </button>
          </li>
        ))}
      </ul>
      {files.length > 0 ? <p className="s m2">{text('quarantine.liftHelp')}</p> : null}
      <form
        className="rform"
        onSubmit={(event) => {
          event.preventDefault();
          set.mutate({ version: Number(version), path: path.trim(), isHeld: true, reason });
        }}
      >
        <LabelledInput label={text('quarantine.version')} type="number" min={1} value={version} onValue={setVersion} />
        <LabelledInput label={text('quarantine.path')} maxLength={1024} value={path} onValue={setPath} />
        <LabelledInput label={text('quarantine.reason')} maxLength={2000} value={reason} onValue={setReason} />
        <button
          type="submit"
          className="btn danger"
          disabled={set.isPending || path.trim() === '' || reason.trim().length < 3}
        >
          {text('quarantine.hold')}
        </button>
        {set.error ? <AnswerFailed error={set.error} /> : null}
      </form>
    </section>
  );
}
