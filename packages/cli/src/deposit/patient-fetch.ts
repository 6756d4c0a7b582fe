/** Waits between tries in milliseconds: about two minutes in all, time enough to start a server again. */
const delays = [500, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000];

/**
 * A `fetch` that tries again where the server cannot be reached or says that it is still starting. Every call of a deposit
 * may be repeated, but for the one that opens a new study: that one is repeated only when the server said it did nothing.
 * @param onWait told why it waits
 */
export function patientFetch(signal: AbortSignal, onWait: (reason: string) => void): typeof fetch {
  return async (input, init) => {
    const isNewStudy = init?.method === 'POST' && String(input).endsWith('/drafts');
    for (const delay of [...delays, undefined]) {
      try {
        const answer = await fetch(input, { ...init, signal });
        if (answer.status !== 503 || delay === undefined) return answer;
        await answer.arrayBuffer();
        onWait('the server is still starting');
      } catch (fault) {
        const { code } = ((fault as Error).cause ?? {}) as { code?: string };
        const neverArrived = code === 'ECONNREFUSED';
        if (signal.aborted || delay === undefined || (isNewStudy && !neverArrived)) throw fault;
        onWait('the server does not answer');
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, delay);
        signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      });
      signal.throwIfAborted();
    }
    throw new TypeError('no try was made');
  };
}
