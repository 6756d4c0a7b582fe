import { expect, test } from 'vitest';
import { text } from './text.ts';
import { shortUnit } from './units.ts';

test('units are written short', () => {
  expect(shortUnit(undefined)).toBe('');
  expect(shortUnit('micrometer/second')).toBe('µm/s');
  expect(shortUnit('pixel^2')).toBe('px²');
  expect(shortUnit('micrometer^-1/2')).toBe('µm⁻½');
});

test('a unit that the file does not name is said in words, once', () => {
  const words = text('units.unnamed');
  for (const unit of ['unknown', 'unknown/unknown', 'unknown^2', 'unknown^2/unknown^alpha', 'unknown^-1/2'])
    expect(shortUnit(unit)).toBe(words);
  expect(shortUnit('unknown/second')).toBe(`${words} / s`);
  expect(shortUnit('unknown^2/second')).toBe(`${words}² / s`);
  expect(shortUnit('radian/unknown')).toBe(`rad / ${words}`);
});
