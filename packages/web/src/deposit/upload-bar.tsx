import { type JSX, useRef } from 'react';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import { writtenBytes, writtenDuration } from '../messages/written.ts';
import type { Draft } from './draft.ts';
import type { FileShelf, ShelfView } from './file-shelf.ts';
import type { ImportState } from './import-panel.tsx';
import { useSendingWords, useWaitingWords } from './sending-words.ts';

/** The button that sends, and how far everything is: sent, stored and verified are told apart. */
export function UploadBar({
  draft,
  shelf,
  view,
  importState,
}: {
  draft: Draft;
  shelf: FileShelf;
  view: ShelfView;
  /** How the import is with which the server brings files itself. */
  importState: ImportState;
}): JSX.Element | null {
  const text = useText();
  const waitingWords = useWaitingWords();
  const bar = useRef<HTMLDivElement>(null);
  // The button that was pressed goes: who is on the keyboard stays where it was.
  const thenStay = (act: () => void) => () => {
    act();
    bar.current?.focus();
  };
  const { upload, unsent, rate } = view;
  if (upload.files === 0 && unsent === 0) return null;
  const share = (bytes: number) =>
    upload.bytes === 0 ? (upload.verifiedFiles === upload.files ? 100 : 0) : (100 * bytes) / upload.bytes;
  const left = rate > 0 ? writtenDuration((upload.bytes - upload.sentBytes) / rate) : undefined;
  // The list of a large draft comes in pages: what is not listed yet is not missing.
  const isListed = upload.files >= draft.files.count;
  // What could not be sent is told by itself.
  const lacking = draft.files.count - upload.storedFiles - upload.failedFiles;
  const waitingForFiles = isListed && lacking > 0 && !upload.isBusy && importState !== 'running' && unsent === 0;
  // What an import did not bring was never here to be dropped.
  const isLeftByImport = importState === 'failed' || importState === 'interrupted';
  return (
    <div ref={bar} className="send" role="group" aria-label={text('upload.progress')} tabIndex={-1}>
      {unsent > 0 && draft.state === 'editing' ? (
        <div className="row w">
          <button
            type="button"
            className="btn primary"
            disabled={view.newNames.length > 0}
            onClick={thenStay(() => shelf.send())}
          >
            {text('upload.send', { count: unsent })}
          </button>
          <span className="s m2">{text('upload.sendHelp')}</span>
        </div>
      ) : null}
      {upload.files > 0 ? (
        <>
          <div
            className="meter three"
            role="progressbar"
            aria-label={text('upload.progress')}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.floor(share(upload.verifiedBytes))}
          >
            <i style={{ width: `${share(upload.verifiedBytes)}%` }} />
            <i className="stored" style={{ width: `${share(upload.storedBytes - upload.verifiedBytes)}%` }} />
            <i className="sent" style={{ width: `${share(Math.max(0, upload.sentBytes - upload.storedBytes))}%` }} />
          </div>
          <p className="phases s m2 num">
            <span>
              <i className="sw sent" />
              {text('upload.sent', { size: writtenBytes(upload.sentBytes), all: writtenBytes(upload.bytes) })}
            </span>
            <span>
              <i className="sw stored" />
              {text('upload.stored', { done: upload.storedFiles, all: upload.files })}
            </span>
            <span>
              <i className="sw" />
              {text('upload.verified', { done: upload.verifiedFiles, all: upload.files })}
            </span>
            {upload.isBusy && rate > 0 ? (
              <span className="end">
                {text('upload.rate', { rate: writtenBytes(rate) })}
                {left === undefined ? '' : `, ${text('upload.left', { time: left })}`}
              </span>
            ) : null}
          </p>
        </>
      ) : null}
      {upload.waitsFor === undefined ? null : (
        <div className="finding warn" role="status">
          <Icon name="warn" />
          <span>{waitingWords(upload.waitsFor)}</span>
        </div>
      )}
      {upload.failedFiles > 0 ? (
        <Failed shelf={shelf} count={upload.failedFiles} again={thenStay(() => shelf.queue.retry())} />
      ) : null}
      {waitingForFiles ? (
        <div className="finding warn">
          <Icon name="warn" />
          <span>{text(isLeftByImport ? 'upload.importAgain' : 'upload.dropAgain', { count: lacking })}</span>
        </div>
      ) : null}
      <p className="sr" role="status">
        {upload.files > 0 && upload.verifiedFiles === upload.files ? text('upload.allThere') : ''}
      </p>
    </div>
  );
}

/** Names of files that are written out. */
const mostNames = 20;

/** How many files could not be sent, which, and why; and a button that tries these again. */
function Failed({ shelf, count, again }: { shelf: FileShelf; count: number; again(): void }): JSX.Element {
  const text = useText();
  const sendingWords = useSendingWords();
  const named = shelf.queue.failed(mostNames);
  // What a whole batch met, such as a quota, is said once.
  const byReason = new Map<string, string[]>();
  for (const { path, phase, fault } of named) {
    const reason = phase === 'mismatch' ? text('phase.mismatch') : sendingWords(fault);
    byReason.set(reason, [...(byReason.get(reason) ?? []), path]);
  }
  return (
    <div className="finding bad">
      <Icon name="bad" />
      <div className="grow">
        <span role="alert">{text('upload.failed', { count })}</span>
        <ul className="s failed">
          {[...byReason].map(([reason, paths]) => (
            <li key={reason}>
              {paths.map((path, at) => (
                <bdi key={path} className="mono">
                  {at === 0 ? path : `, ${path}`}
                </bdi>
              ))}
              {`: ${reason}`}
            </li>
          ))}
          {count > named.length ? <li>{text('upload.failedMore', { count: count - named.length })}</li> : null}
        </ul>
      </div>
      <button type="button" className="btn sm" onClick={again}>
        {text('upload.again', { count })}
      </button>
    </div>
  );
}
