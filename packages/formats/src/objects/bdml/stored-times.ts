import { secondsPer } from '@micrarium/model';
import type { WritableSet } from '../writable-set.ts';
import { timeUnitKinds } from './vocabulary.ts';

/** Times of a document: stored × scale is physical; a scale of 0 says that there is no physical time. */
export interface StoredTimes {
  scale: number;
  unit: string;
  of(set: WritableSet): (row: number) => number;
}

/**
 * BDML has times and no frames, and frames are read back as ranks of the times. So times are written where each frame
 * has one and they grow with the frames, and frame numbers elsewhere: with the interval between frames as their scale
 * where it is known and there are no other times.
 */
export function storedTimes(sets: readonly WritableSet[]): StoredTimes {
  const [first] = sets;
  const frames = [...new Set(sets.flatMap((set) => [...new Set(set.objects.frame)]))].sort((a, b) => a - b);
  const byFrame = first ? timesByFrame(sets, first) : undefined;
  const interval = first?.provenance.frameInterval;
  const unit = first?.timeUnit;
  const isKnown = unit !== undefined && timeUnitKinds.has(unit);
  const scale = interval !== undefined && interval > 1e-9 && interval < 1e9 ? interval : undefined;
  const isGrowing =
    byFrame !== undefined &&
    frames.every((frame, at) => at === 0 || byFrame.get(frame)! > byFrame.get(frames[at - 1]!)!);
  if (!byFrame || !isGrowing) {
    const isCounted = isKnown && scale !== undefined && !sets.some(({ objects }) => objects.time);
    return {
      ...(isCounted ? { scale, unit } : { scale: 0, unit: 'second' }),
      of:
        ({ objects }) =>
        (row) =>
          objects.frame[row]!,
    };
  }
  const own = (factor: (set: WritableSet) => number) => (set: WritableSet) => {
    const by = factor(set);
    return (row: number) => set.objects.time![row]! * by;
  };
  const toFirst = (set: WritableSet) => timeFactor(set, first!)!;
  if (!isKnown) return { scale: 0, unit: 'second', of: own(toFirst) };
  const by = scale ?? 1;
  const quotients = new Set([...byFrame.values()].map((time) => time / by));
  if (quotients.size < byFrame.size) return { scale: 1, unit, of: own(toFirst) };
  return {
    scale: by,
    unit,
    of: (set) => {
      const factor = toFirst(set);
      return (row) => (set.objects.time![row]! * factor) / by;
    },
  };
}

/** Time of each frame in the unit of the first set; `undefined` where a frame has none or several. */
function timesByFrame(sets: readonly WritableSet[], first: WritableSet): Map<number, number> | undefined {
  const times = new Map<number, number>();
  for (const set of sets) {
    const by = timeFactor(set, first);
    const { time, frame, count } = set.objects;
    if (!time || by === undefined) return undefined;
    for (let row = 0; row < count; row++) {
      const value = time[row]! * by;
      const before = times.get(frame[row]!);
      if (!Number.isFinite(value) || (before !== undefined && before !== value)) return undefined;
      times.set(frame[row]!, value);
    }
  }
  return times;
}

/** How many of the first set's unit of time one of this is; `undefined` where they cannot be compared. */
function timeFactor(set: WritableSet, first: WritableSet): number | undefined {
  if (set.timeUnit === first.timeUnit) return 1;
  const per: Partial<Record<string, number>> = secondsPer;
  const from = per[set.timeUnit ?? ''];
  const to = per[first.timeUnit ?? ''];
  return from && to ? from / to : undefined;
}
