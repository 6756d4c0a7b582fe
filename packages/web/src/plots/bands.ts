import * as Plot from '@observablehq/plot';
import { writtenNumber } from '../messages/written.ts';

/** A point of a curve that may have an interval. */
interface Banded {
  interval?: { low: number; high: number } | null;
}

/** The interval of each point of a curve as a band behind it; nothing where the curve has none. */
export function band<Point extends Banded>(
  points: readonly Point[],
  x: keyof Point & string,
  { least = -Infinity, stroke = 'var(--d1)' } = {},
): Plot.Markish[] {
  const whole = points.flatMap((point) =>
    // A logarithmic axis has no place for what is not above zero.
    point.interval && point.interval.low > least
      ? [{ x: point[x] as number, low: point.interval.low, high: point.interval.high }]
      : [],
  );
  return whole.length < 2
    ? []
    : [Plot.areaY(whole, { x: 'x', y1: 'low', y2: 'high', fill: stroke, fillOpacity: 0.16 })];
}

/** The interval as two cells of a CSV; empty where there is none. */
export const boundsCells = ({ interval }: Banded): (number | string)[] => [interval?.low ?? '', interval?.high ?? ''];

/** Heads of those cells. */
export const boundsHeads = ['95 % low', '95 % high'];

/** The interval in words for the note at the pointer. */
export const boundsWords = (point: Banded): string =>
  point.interval ? `${digits(point.interval.low)} … ${digits(point.interval.high)}` : '';

const digits = (value: number) => String(Number(value.toPrecision(4)));

/** The 95 % interval of a number in a sentence; nothing where it has none. */
export const boundsAfter = (interval: { low: number; high: number } | null | undefined): string =>
  interval ? ` (${writtenNumber(interval.low, 3)} … ${writtenNumber(interval.high, 3)})` : '';
