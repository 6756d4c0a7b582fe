import { measureDefinitions, pathMeasureIds } from '@micrarium/model';
import { expect, test } from 'vitest';
import { en } from '../messages/en.ts';

test('every measure of paths has the title of its definition', () => {
  const titles = pathMeasureIds.map((id) => en[`measure.${id}` as keyof typeof en]);
  expect(titles).toEqual(pathMeasureIds.map((id) => measureDefinitions.get(id)!.title));
});

test('every number of a population has the title of its definition', () => {
  const ids = Object.keys(en).flatMap((key) => (key.startsWith('number.') ? [key.slice('number.'.length)] : []));
  expect(ids.length).toBeGreaterThan(40);
  expect(ids.map((id) => en[`number.${id}` as keyof typeof en])).toEqual(
    ids.map((id) => measureDefinitions.get(id)!.title),
  );
});
