import { expect, test } from 'vitest';
import { type RegisteredFormat, fits } from './format-filter.ts';

const czi: RegisteredFormat = {
  id: 'czi',
  name: 'Zeiss CZI',
  kind: 'image',
  level: 'accepted',
  openness: 'documented',
  specification: null,
  licence: null,
  terms: 'described',
  data: ['images'],
  reads: 'whole',
  writes: false,
  isSeen: true,
  others: ['ZEN', 'libCZI'],
  keeper: 'company',
  by: 'Carl Zeiss Microscopy',
  adoption: 'program',
  example: null,
  extensions: ['.czi'],
  mediaTypes: ['image/x-zeiss-czi'],
};
const all = { words: '', level: '', data: '' };

test('a format is found by name, ending, maker and program, in any case and order', () => {
  for (const words of ['', ' ', 'CZI', '.czi', 'carl microscopy', 'libczi zeiss'])
    expect(fits(czi, { ...all, words })).toBe(true);
  expect(fits(czi, { ...all, words: 'czi leica' })).toBe(false);
});

test('levels and kinds of data leave out the others', () => {
  expect(fits(czi, { ...all, level: 'accepted', data: 'images' })).toBe(true);
  expect(fits(czi, { ...all, level: 'preferred' })).toBe(false);
  expect(fits(czi, { ...all, data: 'tracks' })).toBe(false);
});
