import type { JSX } from 'react';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import { writtenBytes } from '../messages/written.ts';
import type { ImportRun } from './import-answers.ts';
import { useImportWords } from './import-words.ts';

/** How far an import is, by bytes where the source told them. */
export function ImportProgress(props: { run: ImportRun; isStopping: boolean; stop(): void }): JSX.Element {
  const { run, isStopping, stop } = props;
  const text = useText();
  const { files, doneFiles, bytes, doneBytes, place } = run;
  // Files that were there count among the files only; and a source may give more than it told.
  const share = Math.min(100, Math.max(100 * (doneFiles / files), bytes > 0 ? 100 * (doneBytes / bytes) : 0));
  return (
    <div className="send">
      <p className="s" role="status">
        {text('import.running', { place: place === '' ? text('import.myFolder') : place })}
      </p>
      <div
        className="meter"
        role="progressbar"
        aria-label={text('import.title')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(share)}
      >
        <i style={{ width: `${share}%` }} />
      </div>
      <p className="row w">
        <span className="s m2 num grow">
          {text('import.progress', {
            done: doneFiles,
            all: files,
            size: writtenBytes(doneBytes),
            bytes: writtenBytes(Math.max(bytes, doneBytes)),
          })}
        </span>
        <button type="button" className="btn sm" disabled={isStopping} onClick={stop}>
          {text('import.stop')}
        </button>
      </p>
      <Failures run={run} />
    </div>
  );
}

/** How the last import ended, and what to do where something is missing. */
export function ImportEnd({ run }: { run: ImportRun }): JSX.Element {
  const text = useText();
  const words = useImportWords();
  const { state, doneFiles, thereFiles } = run;
  const isWhole = state === 'done';
  const there = thereFiles > 0 ? ` ${text('import.doneThere', { count: thereFiles })}` : '';
  return (
    <>
      <p className={`finding ${isWhole ? 'info' : 'warn'}`} role="status">
        <Icon name={isWhole ? 'info' : 'warn'} />
        <span>
          {state === 'interrupted' ? `${text('import.interrupted')} ` : null}
          {state === 'cancelled' ? `${text('import.cancelled')} ` : null}
          {run.message === undefined ? null : (
            <>{text('import.ended', { message: words({ ...run, message: run.message }) })} </>
          )}
          {text('import.done', { count: doneFiles })}
          {there}
          {state === 'interrupted' || state === 'failed' ? ` ${text('import.again')}` : null}
        </span>
      </p>
      <Failures run={run} />
    </>
  );
}

function Failures({ run: { failedFiles, failures } }: { run: ImportRun }): JSX.Element | null {
  const text = useText();
  const words = useImportWords();
  if (failedFiles === 0) return null;
  return (
    <div className="finding bad" role="alert">
      <Icon name="bad" />
      <div>
        {text('import.failed', { count: failedFiles })}
        <ul className="scroll">
          {failures.map((failure) => (
            <li key={failure.path}>
              <bdi className="mono">{failure.path}</bdi> {words(failure)}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
