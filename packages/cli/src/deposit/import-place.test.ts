import { expect, test } from 'vitest';
import { readPlace, readPlacePassword } from './import-place.ts';

test('a place is read from one word; secrets come from elsewhere', async () => {
  expect(readPlace('https://data.example.org/list.txt', {})).toEqual({
    kind: 'url',
    address: 'https://data.example.org/list.txt',
  });
  const cloud = 'https://cloud.example.org/s/AbCd1234';
  expect(readPlace(`webdav:${cloud}`, { password: 'p' })).toEqual({ kind: 'webdav', address: cloud, password: 'p' });
  const access = { user: 'key', password: 'secret', region: 'eu-west-1' };
  expect(readPlace('s3:https://s3.example.org:9000/films/2026/a%20b/', access)).toEqual({
    kind: 's3',
    endpoint: 'https://s3.example.org:9000',
    bucket: 'films',
    prefix: '2026/a b/',
    region: 'eu-west-1',
    accessKeyId: 'key',
    secretAccessKey: 'secret',
  });
  expect(readPlace('s3:https://s3.example.org/films', {})).toMatchObject({ bucket: 'films', prefix: '' });
  expect(readPlace('drop-folder', {})).toEqual({ kind: 'drop-folder' });
  expect(await readPlacePassword(undefined, { MICRARIUM_FROM_PASSWORD: 'p' })).toBe('p');
});

test.each([
  'film.tif',
  'ftp://example.org/a',
  's3:https://s3.example.org/',
  's3://films/2026',
  'https://a:b@example.org/',
])('what names no place is told: %s', (from) => {
  expect(() => readPlace(from, {})).toThrow('--from');
});
