import { expect, it } from 'vitest';
import { isAhead } from './release-summary.tsx';

it('a day is ahead from the next one on, in UTC; what is no day never is', () => {
  const now = Date.UTC(2026, 10, 22, 23, 59);
  expect(isAhead('2026-11-22', now)).toBe(false);
  expect(isAhead('2026-11-23', now)).toBe(true);
  for (const other of [undefined, '', 'tomorrow', '2099', 20991231]) expect(isAhead(other, now)).toBe(false);
});
