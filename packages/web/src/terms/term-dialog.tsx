import { type JSX, useEffect, useRef } from 'react';
import { useText } from '../messages/text.ts';
import { TermBrowser } from './term-browser.tsx';

/** The tree of a vocabulary over the form, to take a term from. */
export function TermDialog({
  vocabulary,
  first,
  take,
  close,
}: {
  vocabulary: string;
  first: string | undefined;
  take: (term: { id: string; label: string }) => void;
  close: () => void;
}): JSX.Element {
  const text = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="termdialog" aria-labelledby="terms-title" onClose={close}>
      <div className="row">
        <h2 id="terms-title" className="grow">
          {text('terms.title', { vocabulary })}
        </h2>
        <button type="button" className="btn sm" onClick={() => dialog.current?.close()}>
          {text('terms.close')}
        </button>
      </div>
      <TermBrowser
        vocabulary={vocabulary}
        first={first}
        take={(term) => {
          take(term);
          dialog.current?.close();
        }}
      />
    </dialog>
  );
}
