import type { Terminal } from './terminal.ts';

/** A progress bar on standard error; silent where that is no terminal. */
export interface Progress {
  /** Fraction done, 0..1, and what is being done. */
  show(fraction: number, label: string): void;
  /** Takes the bar away, so that prose can be written. */
  clear(): void;
}

const millisecondsBetween = 100;
const cells = 24;

/** Makes the bar of a command. */
export function progressOn(terminal: Terminal): Progress {
  const { err, environment } = terminal;
  if (!err.isTTY || environment.TERM === 'dumb') return { show() {}, clear() {} };
  let shownAt = 0;
  let isShown = false;
  return {
    show(fraction, label) {
      const now = performance.now();
      if (now - shownAt < millisecondsBetween) return;
      shownAt = now;
      isShown = true;
      const done = Math.round(Math.min(1, Math.max(0, fraction)) * cells);
      const bar = `${'█'.repeat(done)}${'░'.repeat(cells - done)} ${Math.round(fraction * 100)
        .toString()
        .padStart(3)} % ${label}`;
      err.write(`\r\u001b[2K${bar.slice(0, (err.columns ?? 80) - 1)}`);
    },
    clear() {
      if (isShown) err.write('\r\u001b[2K');
      isShown = false;
    },
  };
}
