/** Which end of a window of pixel values. */
export type WindowEnd = 'low' | 'high';

/**
 * The window once something is typed into the field of one end. While one types, what is no number or is past the other end waits
 * (the first digits of 1200 are 1 and 12); once one has done, the other end gives way by a step.
 * @param isDone has the field been left, or Enter pressed?
 * @returns `undefined` where the window stays as it is
 */
export function typedWindow(
  window: readonly [number, number],
  end: WindowEnd,
  typed: string,
  step: number,
  isDone: boolean,
): [number, number] | undefined {
  const value = typed.trim() === '' ? Number.NaN : Number(typed);
  if (!Number.isFinite(value)) return undefined;
  const [low, high] = end === 'low' ? [value, window[1]] : [window[0], value];
  if (low === window[0] && high === window[1]) return undefined;
  if (low < high) return [low, high];
  if (!isDone) return undefined;
  return end === 'low' ? [low, past(low, step)] : [past(high, -step), high];
}

/** A number beside another one, also where a step is too small to make a difference. */
function past(value: number, step: number): number {
  const next = value + step;
  return next === value ? value + Math.sign(step) * Math.max(1, Math.abs(value) * 1e-6) : next;
}

/** A limit as it stands in its field: whole numbers whole, others with six digits. */
export function writtenLimit(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));
}
