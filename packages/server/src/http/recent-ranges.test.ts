import { describe, expect, it } from 'vitest';
import { RecentRanges } from './recent-ranges.ts';

describe('ranges read a moment ago', () => {
  let [now, waits] = [0, 0];
  const ranges = () => {
    [now, waits] = [1000, 0];
    return new RecentRanges(
      () => now,
      () => waits,
    );
  };
  /** Takes 20 ms; waits for a disk meanwhile, or is only pushed off the processor. */
  const slowly = (isOfDisk: boolean) => () => {
    now += 20;
    if (isOfDisk) waits++;
  };

  it('are these very ranges of this very file, for some seconds', () => {
    const recent = ranges();
    recent.note('file', 0, 100);
    expect(recent.has('file', 0, 100)).toBe(true);
    expect([recent.has('file', 0, 101), recent.has('file', 1, 100), recent.has('other', 0, 100)]).not.toContain(true);
    now += 10_001;
    expect(recent.has('file', 0, 100)).toBe(false);
  });

  it('are not read at once for a while after that waited for a disk, longer each time', () => {
    const recent = ranges();
    recent.note('file', 0, 100);
    expect(recent.atOnce(() => 7)).toBe(7);
    expect(recent.has('file', 0, 100)).toBe(true);
    for (const rest of [100, 200, 400]) {
      recent.atOnce(slowly(true));
      now += rest - 1;
      expect(recent.has('file', 0, 100)).toBe(false);
      now += 1;
      expect(recent.has('file', 0, 100)).toBe(true);
    }
    now += 10_001;
    recent.note('file', 0, 100);
    recent.atOnce(slowly(true));
    now += 100;
    expect(recent.has('file', 0, 100)).toBe(true);
  });

  it('are read at once although others had the processor for long', () => {
    const recent = ranges();
    recent.note('file', 0, 100);
    recent.atOnce(slowly(false));
    expect(recent.has('file', 0, 100)).toBe(true);
  });

  it('are forgotten, the oldest first, beyond some thousands', () => {
    const recent = ranges();
    for (let n = 0; n <= 20_000; n++) recent.note('file', n, 1);
    expect([recent.has('file', 0, 1), recent.has('file', 1, 1), recent.has('file', 20_000, 1)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
