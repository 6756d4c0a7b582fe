import { numberTimes } from '../../tables/delimited/time-frames.ts';
import type { TimeUnit } from '@micrarium/model';

/** How the values of the time axis become frames and times. */
export interface FrameRule {
  frameOf(value: number): number;
  /** Are the values physical times (kept beside the frames)? */
  isTime: boolean;
  step?: number;
  regular: boolean;
  computed: boolean;
}

/**
 * Whole numbers are frames, unless they are in a physical unit and lie further apart than 1; everything else is a time
 * whose frames are numbered by its usual step.
 */
export function frameRule(distinct: ReadonlySet<number>, unit: TimeUnit | undefined, isScaled: boolean): FrameRule {
  const physical = unit !== undefined && unit !== 'frame';
  let whole = true;
  for (const value of distinct) if (!Number.isInteger(value)) whole = false;
  const numbering = numberTimes(distinct);
  if (whole && (!physical || isScaled || numbering.step === undefined || numbering.step === 1))
    return { frameOf: (value) => value, isTime: physical, regular: true, computed: false };
  return {
    frameOf: (value) => numbering.frameOf.get(value) ?? Number.NaN,
    isTime: true,
    ...(numbering.step === undefined ? {} : { step: numbering.step }),
    regular: numbering.regular,
    computed: true,
  };
}
