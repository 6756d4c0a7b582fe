import { expect, test } from 'vitest';
import { parcelsOf } from './parcels.ts';

const size = (bytes: number) => ({ size: bytes });

test('small files go in parcels that a server takes, large and lonely ones alone', () => {
  const small = Array.from({ length: 601 }, (_, at) => size(at));
  const large = [size(300_000), size(5e9)];
  const { parcels, alone } = parcelsOf([large[0]!, ...small, large[1]!]);
  expect(parcels.map(({ length }) => length)).toEqual([250, 250, 101]);
  expect(parcels.flat()).toEqual(small);
  expect(alone).toEqual(large);
  const middling = Array.from({ length: 40 }, () => size(250_000));
  for (const one of parcelsOf(middling).parcels)
    expect(one.reduce((sum, file) => sum + file.size, 0)).toBeLessThanOrEqual(4 * 2 ** 20);
  expect(parcelsOf([size(5)])).toEqual({ parcels: [], alone: [size(5)] });
  expect(parcelsOf([])).toEqual({ parcels: [], alone: [] });
});
