import { expect, test } from 'vitest';
import { en, type MessageKey } from './en.ts';
import { ja } from './ja.ts';
import { translator } from './messages.ts';

test('every text says the same things in both languages', () => {
  expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort());
  for (const key of Object.keys(en) as MessageKey[]) {
    const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([one]) => one).sort();
    expect(placeholders(ja[key]), key).toEqual(placeholders(en[key]));
    expect(ja[key].trim(), key).not.toBe('');
  }
});

test('numbers are written as the language writes them', () => {
  expect(translator('en')('study.fileCount', { count: 12345, size: '3 GB' })).toBe('12,345 files, 3 GB');
  expect(translator('ja')('study.newer', { number: 2 })).toBe('この研究には新しいバージョンがあります：バージョン 2。');
});
