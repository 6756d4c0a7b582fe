import { measureDefinitions, pathMeasureIds } from '@micrarium/model';
import { expect, test } from 'vitest';
import { en } from '../messages/en.ts';

test('every measure of paths has the title of its definition', () => {
  const titles = pathMeasureIds.map((id) => en[`measure.${id}` as keyof typeof en]);
  expect(titles).toEqual(pathMeasureIds.map((id) => measureDefinitions.get(id)!.title));
});
