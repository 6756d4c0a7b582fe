/** Ways to go on at the end of an axis: from the start, stop, or back. */
export const playModes = ['loop', 'once', 'swing'] as const;

/** How axes are played. */
export interface PlaySettings {
  /** Planes a second, as far as they come in time: none is left out. */
  perSecond: number;
  mode: (typeof playModes)[number];
}

/** How axes are played where the view does not say. */
export const usualPlay: PlaySettings = { perSecond: 10, mode: 'loop' };

/**
 * The index that follows one while an axis is played.
 * @param step 1 forwards, -1 backwards
 * @returns where to go and in which direction from there; `undefined` where playing ends
 */
export function nextIndex(
  index: number,
  count: number,
  step: 1 | -1,
  mode: PlaySettings['mode'],
): { index: number; step: 1 | -1 } | undefined {
  if (count < 2) return undefined;
  const next = index + (mode === 'swing' ? step : 1);
  if (next >= 0 && next < count) return { index: next, step: mode === 'swing' ? step : 1 };
  if (mode === 'once') return undefined;
  return mode === 'loop' ? { index: 0, step: 1 } : { index: index - step, step: step === 1 ? -1 : 1 };
}

/** The indices an axis comes to next while it is played, the nearest first; none twice, and not the one it is at. */
export function indicesAhead(
  index: number,
  count: number,
  step: 1 | -1,
  mode: PlaySettings['mode'],
  steps: number,
): number[] {
  const ahead = new Set<number>();
  let at = nextIndex(index, count, step, mode);
  for (let n = 0; at && n < steps; n++) {
    ahead.add(at.index);
    at = nextIndex(at.index, count, at.step, mode);
  }
  ahead.delete(index);
  return [...ahead];
}

/** Play settings as an address has them: `10,loop`. */
export function writePlay({ perSecond, mode }: PlaySettings): string {
  return `${Number(perSecond.toPrecision(6))},${mode}`;
}

/** The play settings an address names; `undefined` where it names none that can be. */
export function readPlay(text: string | null): PlaySettings | undefined {
  const [rate = '', mode] = (text ?? '').split(',');
  const perSecond = rate.trim() === '' ? Number.NaN : Number(rate);
  const known = playModes.find((one) => one === mode);
  return perSecond > 0 && perSecond <= 60 && known ? { perSecond, mode: known } : undefined;
}

/** Those of the axes an address says are being played that have more than one place and are no channel or pixel. */
export function readPlaying(names: readonly string[], sizes: Readonly<Record<string, number>>): string[] {
  return [...new Set(names)].filter((axis) => !['c', 'x', 'y'].includes(axis) && (sizes[axis] ?? 1) > 1);
}

/** The axes that are played once one of them is started or stopped. */
export function nowPlaying(playing: readonly string[] | undefined, axis: string, isPlaying: boolean): string[] {
  return [...(playing ?? []).filter((one) => one !== axis), ...(isPlaying ? [axis] : [])];
}
