import { type JSX, useRef } from 'react';
import { useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';
import type { CursorWords } from './select-by-keys.ts';

/** Digits of a place: as many as a step of the cursor tells apart. */
const digits = 3;

/** What the cursor of a plot says, and the line below the plot that shows and speaks it. */
export function useCursorWords(across: string, up: string): { words: CursorWords; line: JSX.Element } {
  const text = useText();
  const line = useRef<HTMLParagraphElement>(null);
  const words: CursorWords = {
    help: text('explore.cursorHelp'),
    none: text('explore.cursorNone'),
    at: (x, y, within) =>
      [
        text('explore.cursorAt', { across, x: writtenNumber(x, digits), up, y: writtenNumber(y, digits) }),
        within === undefined ? '' : text('explore.cursorWithin', { count: within }),
      ]
        .join(' ')
        .trim(),
    // Written past React: each key would draw the whole figure again.
    say: (said) => {
      if (line.current) line.current.textContent = said;
    },
  };
  return { words, line: <p ref={line} className="xs m2 cursor" aria-live="polite" /> };
}
