import { expect, test } from 'vitest';
import { lossNumbers, lossWords } from './loss-words.ts';

test.each([
  ['12 merges, 1 gap (14 edges)', '合流 12 件、抜け 1 件（エッジ 14 本）'],
  ['1 edge', 'エッジ 1 本'],
  ['3 track features: a; b, c, and 4 more', 'トラックの特徴量 3 個: a; b, c、ほか 4 個'],
  ['the ids of 469 objects; the name of the set: x', 'オブジェクト 469 個の ID；セットの名前: x'],
  ['the outlines of 1 object', 'オブジェクト 1 個の輪郭'],
  [
    '243 objects with 30 features: the table holds the 230 edges only',
    'オブジェクト 243 個とその特徴量。表にはエッジ 230 本だけが入ります',
  ],
])('says "%s" in Japanese', (english, japanese) => {
  expect(lossWords(english, 'ja')).toBe(japanese);
  expect(lossWords(english, 'en')).toBe(english);
});

test('a sentence of another grammar stays English', () => {
  expect(lossWords('times are written without a unit', 'ja')).toBeUndefined();
});

test('the numbers stand without the names', () => {
  const messages = [
    '10 edge features: a; b, c; the unit of positions: pixel',
    'of the provenance: software',
    '1 merge (2 edges)',
  ];
  expect(lossNumbers(messages, 'en')).toBe('10 edge features; the unit of positions; provenance; 1 merge (2 edges)');
  expect(lossNumbers(messages, 'ja')).toBe('エッジの特徴量 10 個；位置の単位；来歴の項目；合流 1 件（エッジ 2 本）');
  expect(lossNumbers(['the ids of 4 objects'], 'en')).toBeUndefined();
});
