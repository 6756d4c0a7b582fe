import { type JSX, useEffect, useRef, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { useText } from '../messages/text.ts';
import type { WorkFile } from '../workers/work.ts';
import { InsideFailed } from './inside-failed.tsx';
import { InsideView } from './inside-view.tsx';
import { openWorkFiles } from './open-inside.ts';

let opened = 0;

/** A look into files of the deposit page, in a window over it; files of this browser are never sent anywhere for it. */
export function InsideDialog({
  name,
  files,
  close,
}: {
  name: string;
  files: readonly WorkFile[];
  close: () => void;
}): JSX.Element {
  const text = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const [fileKey] = useState(() => `local ${++opened}`);
  const [at, setAt] = useState('/');
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  const answer = useAnswer({
    queryKey: ['inside', fileKey],
    queryFn: () => openWorkFiles(name, files),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return (
    <dialog ref={dialog} className="inside-dialog" aria-labelledby="inside-title" onClose={close}>
      <div className="inside-head">
        <h2 id="inside-title">
          <bdi>{name === '' ? text('inside.title') : name}</bdi>
        </h2>
        <button type="button" className="btn sm" onClick={() => dialog.current?.close()}>
          {text('inside.close')}
        </button>
      </div>
      {answer.error ? <InsideFailed error={answer.error} /> : null}
      {answer.isLoading ? <p className="m2">{text('inside.opening')}</p> : null}
      {answer.data ? <InsideView file={answer.data} fileKey={fileKey} at={at} go={setAt} /> : null}
    </dialog>
  );
}
