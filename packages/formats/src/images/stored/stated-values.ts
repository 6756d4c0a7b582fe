import type { Quantity } from '@micrarium/model';
import { rounded } from '../ome-xml/to-model.ts';

export { hasValues, known } from './known-values.ts';

/** A number above 0 as the file states it; `undefined` where it is absent, 0 or no number, which says nothing. */
export function positive(value: string | number | undefined): number | undefined {
  const number = value === undefined || value === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) && number > 0 ? number : undefined;
}

/** A length in micrometers from a number in another unit of `perUnit` micrometers; 0 and less are not saying. */
export function micrometers(value: string | number | undefined, perUnit = 1): Quantity | undefined {
  const number = positive(value);
  return number === undefined ? undefined : { value: rounded(number * perUnit), unit: 'micrometer' };
}

/** The voxel size of the axes that are known; `undefined` where none is. */
export function voxelSizeOf(
  x: Quantity | undefined,
  y: Quantity | undefined,
  z?: Quantity,
): { voxelSize?: { z?: Quantity; y?: Quantity; x?: Quantity } } {
  const known = { ...(z ? { z } : {}), ...(y ? { y } : {}), ...(x ? { x } : {}) };
  return Object.keys(known).length > 0 ? { voxelSize: known } : {};
}

/**
 * The step of times in seconds: their median difference, only where no step is off by more than a tenth (a pause
 * between two recordings is not a step).
 */
export function timeStepOf(times: readonly number[]): { timeStep?: Quantity } {
  const steps = times.slice(1).map((time, n) => time - times[n]!);
  const median = steps.toSorted((a, b) => a - b)[steps.length >> 1];
  if (median === undefined || !(median > 0) || !Number.isFinite(median)) return {};
  const isRegular = steps.every((step) => Math.abs(step - median) <= median / 10);
  return isRegular ? { timeStep: { value: rounded(median), unit: 'second' } } : {};
}

/** Six hex digits of a colour. */
export function hexColor(red: number, green: number, blue: number): string {
  return [red, green, blue]
    .map((part) =>
      Math.min(255, Math.max(0, Math.round(part)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')
    .toUpperCase();
}
