import { type JSX, useState } from 'react';

/**
 * A button that asks once more before it acts: pressed once it says what it is about to do, and forgets that where the focus leaves it.
 * @param props.words what it says at first
 * @param props.sure what it says once it was pressed
 * @param props.look classes of a button that is not sure yet
 */
export function SureButton(props: {
  words: string;
  sure: string;
  look?: string;
  isBusy?: boolean;
  onSure(): void;
}): JSX.Element {
  const { words, sure, look = 'btn', isBusy = false, onSure } = props;
  const [isSure, setSure] = useState(false);
  return (
    <button
      type="button"
      className={isSure ? `${look.replace(' quiet', '')} danger` : look}
      aria-disabled={isBusy}
      onBlur={() => setSure(false)}
      onClick={() => (isBusy ? undefined : isSure ? onSure() : setSure(true))}
    >
      {isSure ? sure : words}
    </button>
  );
}
