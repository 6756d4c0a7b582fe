import { ApiError } from '../app/api.ts';
import { FormNotReady } from './open-film.ts';

/** Milliseconds before a form that is being made is asked for again the first time, and at most. */
const [firstPause, longestPause] = [2000, 60_000];

/** Is what was asked for still being made, so that asking again later helps? Everything else is a fault. */
export function isBeingMade(fault: Error | null): boolean {
  return fault instanceof FormNotReady || (fault instanceof ApiError && fault.code === 'form-being-made');
}

/**
 * Milliseconds until asking again: what the server says, and half as long again each time, up to a minute. A conversion of a large film
 * takes long, and many who wait for it must not hold it up.
 * @param failures answers so far that said no, from 0
 */
export function pauseBefore(failures: number, fault: Error): number {
  const asked = fault instanceof FormNotReady ? (fault.seconds ?? 0) * 1000 : 0;
  return Math.min(longestPause, Math.max(asked, firstPause * 1.5 ** failures));
}

/** Has an answer asked for again while it is being made, for as long as the page waits for it. */
export const whileBeingMade = {
  retry: (_failures: number, fault: Error): boolean => isBeingMade(fault),
  retryDelay: pauseBefore,
} as const;
