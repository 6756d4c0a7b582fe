import { expect, test } from 'vitest';
import { ApiError } from '../app/api.ts';
import { isBeingMade, pauseBefore, whileBeingMade } from './being-made.ts';
import { FormNotReady, notReady } from './open-film.ts';

test('a form that is being made is asked for again, with pauses that grow to a minute', () => {
  const pauses = Array.from({ length: 20 }, (_, failures) => pauseBefore(failures, new FormNotReady('image-0')));
  expect(pauses[0]).toBe(2000);
  for (let at = 1; at < pauses.length; at++) expect(pauses[at]).toBeGreaterThanOrEqual(pauses[at - 1]!);
  expect(pauses.slice(0, 9).every((pause, at) => at === 0 || pause > pauses[at - 1]!)).toBe(true);
  expect(pauses.at(-1)).toBe(60_000);
});

test('the server says how long at first; a word that is no number of seconds is passed over', () => {
  const answer = (value?: string) =>
    notReady(
      'image-0',
      new Response(null, { status: 503, headers: value === undefined ? {} : { 'retry-after': value } }),
    );
  expect(pauseBefore(0, answer('7'))).toBe(7000);
  expect(pauseBefore(6, answer('7'))).toBeGreaterThan(20_000);
  expect(pauseBefore(0, answer('86400'))).toBe(60_000);
  for (const value of [undefined, 'Sat, 21 Nov 2026 20:00:00 GMT', '-3', ''])
    expect(pauseBefore(0, answer(value))).toBe(2000);
});

test('only what is being made is waited for', () => {
  const problem = (status: number, code: string) => new ApiError(status, code, code, {});
  expect(isBeingMade(problem(503, 'form-being-made'))).toBe(true);
  const faults = [problem(404, 'not-found'), problem(503, 'no-service'), new Error('the chunk is broken'), null];
  expect(faults.filter(isBeingMade)).toEqual([]);
  expect(whileBeingMade.retry(500, new FormNotReady('image-0'))).toBe(true);
});
