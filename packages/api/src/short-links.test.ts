import { expect, test } from 'vitest';
import { readShortLink, shortLink } from './short-links.ts';

const place = { accession: 'MIC-000012', version: 3, item: 'k3j4aaaaaaaa' };

test('leaves out what is usual, and says as many letters as tell the item apart', () => {
  const view = '?v=1&t=0&z=5&c=1%2C00FF00%2C0%2C9&tracks=1%2C12%2C0&by=track';
  expect(shortLink(place, [place.item, 'zzzzzzzzzzzz'], view)).toBe('/s/12.3.k3j4?z=5&c=1,00FF00,0,9');
  expect(shortLink(place, [place.item, 'k3j4abaaaaaa'], '')).toBe('/s/12.3.k3j4aa');
  expect(shortLink(place, [place.item], '?image=7&t=3')).toBe('/s/12.3.k3j4.7?t=3');
});

test('is read as it was written', () => {
  expect(readShortLink('12.3.k3j4.7', '?t=3')).toEqual({ ...place, item: 'k3j4', image: 7, view: 't=3' });
  expect(readShortLink('OLD-9.1.k3j4', '')).toMatchObject({ accession: 'OLD-9', image: 0, view: '' });
  for (const code of ['12', '12.0.k3j4', '12.1.k3', '../12.1.k3j4', '12.1.k3j4.x', '12.1.K3J4'])
    expect(readShortLink(code, ''), code).toBeUndefined();
});
