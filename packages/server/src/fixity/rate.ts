/** Slows a reader down to a rate: what was read in a second more than this is waited for. */
export function limitRate(bytesPerSecond: number, signal?: AbortSignal): (count: number) => Promise<void> {
  let began = Date.now();
  let sum = 0;
  return async (count) => {
    signal?.throwIfAborted();
    sum += count;
    if (!Number.isFinite(bytesPerSecond)) return;
    const ahead = (sum / bytesPerSecond) * 1000 - (Date.now() - began);
    // Short waits are not worth it, and an idle minute is no credit for later.
    if (ahead < -60_000) {
      began = Date.now();
      sum = 0;
    } else if (ahead > 50) await new Promise((resolve) => setTimeout(resolve, ahead));
  };
}
