import { expect, test } from 'vitest';
import { NumberLists } from './number-lists.ts';
import { StudySet } from './study-set.ts';

const lists = new NumberLists([[0, 2], undefined, [], [2, 3], [1]]);
const placesOf = (set: StudySet) => {
  const places: number[] = [];
  set.each((place) => places.push(place));
  return places;
};

test('places are found by what stands in their lists, empty ones never', () => {
  const found = new StudySet(5);
  lists.addHaving(Uint8Array.of(0, 1, 1, 0), found);
  expect(placesOf(found)).toEqual([0, 3, 4]);
});

test('numbers are counted over some places, and summed by their weights', () => {
  const some = new StudySet(5);
  for (const place of [0, 1, 3]) some.add(place);
  expect([...lists.counts(some, 4)]).toEqual([1, 0, 2, 1]);
  expect([...lists.sums(Int32Array.of(5, 1, 2, 0))]).toEqual([7, 0, 0, 2, 1]);
});
