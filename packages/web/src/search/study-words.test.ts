import { expect, it } from 'vitest';
import { writtenAuthors, writtenLicence } from './study-words.tsx';

it('writes licences as people know them', () => {
  const written = ['CC-BY-4.0', 'CC0-1.0', 'CC-BY-NC-SA-4.0', 'other'].map(writtenLicence);
  expect(written).toEqual(['CC BY 4.0', 'CC0 1.0', 'CC BY-NC-SA 4.0', 'other']);
});

it('names three authors and counts the rest', () => {
  expect(writtenAuthors(['A', 'B', 'C', 'D', 'E'])).toBe('A, B, C +2');
  expect(writtenAuthors(['A'])).toBe('A');
});
