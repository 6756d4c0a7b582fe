import { expect, test, vi } from 'vitest';
import { Remembered } from './remembered.ts';

test('asks once in a moment, again after it, and never keeps what was not there or failed', async () => {
  let now = 0;
  let asked = 0;
  const remembered = new Remembered<number>(100, () => now);
  const ask = async () => ++asked;
  expect(await Promise.all([remembered.get('a', ask), remembered.get('a', ask)])).toEqual([1, 1]);
  now = 101;
  expect(await remembered.get('a', ask)).toBe(2);
  expect(await remembered.get('none', async () => undefined)).toBeUndefined();
  expect(await remembered.get('none', ask)).toBe(3);
  await expect(remembered.get('bad', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await remembered.get('bad', ask)).toBe(4);
  for (let i = 0; i < 300; i++) await remembered.get(`many ${i}`, ask);
  expect(await remembered.get('many 299', ask)).toBe(304);
});

test('lets go of what is not given any more, without being asked again', async () => {
  vi.useFakeTimers();
  try {
    const remembered = new Remembered<number>(100);
    await remembered.get('a', async () => 1);
    vi.advanceTimersByTime(60);
    await remembered.get('b', async () => 2);
    expect(remembered.size).toBe(2);
    vi.advanceTimersByTime(60);
    expect(remembered.size).toBe(1);
    vi.advanceTimersByTime(110);
    expect(remembered.size).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
