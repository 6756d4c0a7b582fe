import { compatibleDefinitions, measureDefinitions, pathMeasureIds } from '@micrarium/model';
import { expect, test } from 'vitest';
import { en } from '../messages/en.ts';
import { formulaKey, reasonKey } from './measure-titles.ts';

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

test('every reason of a missing value is in the catalogue, and no other', () => {
  const reasons = [...measureDefinitions.values(), ...compatibleDefinitions.values()].flatMap(
    ({ undefinedWhen }) => undefinedWhen ?? [],
  );
  for (const reason of reasons) expect(en[reasonKey(reason) as keyof typeof en], reason).toBe(reason);
  const keys = new Set<string>(reasons.map(reasonKey));
  expect(Object.keys(en).filter((key) => key.startsWith('reason.') && !keys.has(key))).toEqual([]);
});

test('every measure of another program has the formula of its definition', () => {
  for (const { id, formula } of compatibleDefinitions.values())
    expect(en[formulaKey(id) as keyof typeof en], id).toBe(formula);
  expect(Object.keys(en).filter((key) => key.startsWith('how.'))).toHaveLength(compatibleDefinitions.size);
});
