import { expect, it } from 'vitest';
import { WaitingLine } from './waiting-line.ts';

it('gives out what came first, and forgets nothing when it cuts off what is gone', () => {
  const line = new WaitingLine<number>();
  line.push(...Array.from({ length: 5000 }, (_, at) => at));
  const taken: number[] = [];
  while (line.length > 0) {
    taken.push(...line.take(3));
    if (taken.length === 3000) line.push(5000, 5001);
    if (taken.length === 3300) line.keep((at) => at !== 4000);
  }
  expect(taken).toEqual(Array.from({ length: 5002 }, (_, at) => at).filter((at) => at !== 4000));
  expect(line.take(-1)).toEqual([]);
});
