import { expect, test } from 'vitest';
import { blockSize, RecentBlocks } from './recent-blocks.ts';

const size = 5 * blockSize + 1000;
const object = new Uint8Array(size).map((_, at) => (at * 31 + Math.floor(at / blockSize)) % 251);

function opened(most = 256) {
  const asked: string[] = [];
  let now = 0;
  let fails = 0;
  const from = {
    range: async (key: string, offset: number, length: number) => {
      asked.push(`${key} ${offset / blockSize} ${length}`);
      if (fails-- > 0) throw new Error('The storage is away');
      return object.slice(offset, offset + length);
    },
  };
  const blocks = new RecentBlocks(from, most, () => now);
  return {
    asked,
    read: (offset: number, length: number, key = 'a') => blocks.read(key, size, offset, length),
    pass: (milliseconds: number) => (now += milliseconds),
    fail: (times: number) => (fails = times),
  };
}

test('every range has the bytes of the object', async () => {
  const { read } = opened(3);
  for (const [offset, length] of [
    [0, 10],
    [blockSize - 5, 10],
    [blockSize - 5, blockSize + 10],
    [3 * blockSize + 7, 2 * blockSize],
    [size - 10, 100],
    [size, 5],
  ] as const)
    expect(await read(offset, length)).toEqual(object.slice(offset, offset + length));
});

test('what was read is not fetched again, what several ask for at once is fetched once, neighbours together', async () => {
  const { read, asked } = opened();
  await Promise.all([read(10, 64), read(20_000, 64), read(30, 64)]);
  await read(blockSize - 10, 20);
  await read(2 * blockSize, 2 * blockSize);
  expect(asked).toEqual([`a 0 ${blockSize}`, `a 1 ${blockSize}`, `a 2 ${2 * blockSize}`]);
  await read(10, 64, 'b');
  expect(asked.at(-1)).toBe(`b 0 ${blockSize}`);
});

test('blocks used longest ago go first, and none is kept for ever', async () => {
  const { read, asked, pass } = opened(2);
  for (const block of [0, 1, 0, 2]) await read(block * blockSize, 10);
  await read(0, 10);
  expect(asked).toHaveLength(3);
  await read(blockSize, 10);
  expect(asked).toHaveLength(4);
  pass(300_001);
  await read(blockSize, 10);
  expect(asked).toHaveLength(5);
});

test('a fetch that failed is made again by the next reader', async () => {
  const { read, asked, fail } = opened();
  fail(1);
  await expect(read(0, 10)).rejects.toThrow('away');
  expect(await read(0, 10)).toEqual(object.slice(0, 10));
  expect(asked).toHaveLength(2);
});
