/** Where each entry of the browser's history was scrolled to; kept while the tab lives. */
const storageKey = 'micrarium.scroll';
/** Milliseconds to wait for a page to grow to the height it had. */
const patience = 2000;

function stored(): Record<string, number> {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey) ?? '{}') as Record<string, number>;
  } catch {
    return {};
  }
}

/** Notes how far the page of a history entry is scrolled. */
export function rememberScroll(entry: string): void {
  const { [entry]: _old, ...others } = stored();
  try {
    // The newest stand last; more than a hundred steps back nobody goes.
    const kept = Object.entries({ ...others, [entry]: window.scrollY }).slice(-100);
    sessionStorage.setItem(storageKey, JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // The page then opens at its top.
  }
}

/**
 * Scrolls to where the entry was left, or to the top. Answers of the server may make the page grow after it is drawn, so
 * this waits for the height, until it is there or somebody scrolls. Returns what ends the waiting.
 */
export function restoreScroll(entry: string): () => void {
  const wanted = stored()[entry] ?? 0;
  window.scrollTo(0, wanted);
  if (wanted === 0 || Math.abs(window.scrollY - wanted) < 1) return () => {};
  const control = new AbortController();
  const stop = () => control.abort();
  const watch = new ResizeObserver(() => {
    window.scrollTo(0, wanted);
    if (Math.abs(window.scrollY - wanted) < 1) stop();
  });
  watch.observe(document.body);
  const timer = setTimeout(stop, patience);
  control.signal.addEventListener('abort', () => {
    watch.disconnect();
    clearTimeout(timer);
  });
  for (const kind of ['wheel', 'touchmove', 'keydown', 'pointerdown'])
    window.addEventListener(kind, stop, { once: true, passive: true, signal: control.signal });
  return stop;
}
