import { shortLink } from '@micrarium/api';
import { expect, test } from 'vitest';
import { figureView } from './figure-view.ts';

const items = [
  { id: 'abcdefghijkl', path: 'a.tif', images: [{}, {}] },
  { id: 'abczzzzzzzzz', path: 'b.tif', images: [{}] },
] as unknown as Parameters<typeof figureView>[2];
const read = (address: string) => figureView(address, 'MIC-000001', items);

test('an address of the viewer gives the image and how it is shown', () => {
  expect(read('https://here.example/viewer/MIC-000001/2/abcdefghijkl?image=1&v=1&t=5')).toEqual({
    image: 'a.tif',
    imageIndex: 1,
    view: 'v=1&t=5',
  });
  expect(read(' /viewer/MIC-000001/2/abczzzzzzzzz ')).toEqual({ image: 'b.tif' });
});

test('so does a short link', () => {
  const ids = ['abcdefghijkl', 'abczzzzzzzzz'];
  const link = shortLink({ accession: 'MIC-000001', version: 1, item: ids[0]! }, ids, '?image=1&v=1&t=7&z=2');
  expect(read(`https://here.example${link}`)).toEqual({ image: 'a.tif', imageIndex: 1, view: 't=7&z=2' });
});

test('what shows no image of the study gives nothing', () => {
  for (const address of [
    '',
    'https://',
    'https://here.example/viewer/MIC-000002/1/abcdefghijkl',
    'https://here.example/viewer/MIC-000001/1/nosuchitem00',
    'https://here.example/viewer/MIC-000001/1/abczzzzzzzzz?image=1',
    'https://here.example/viewer/MIC-000001/1/abczzzzzzzzz?image=x',
    'https://here.example/gallery/MIC-000001/1',
    'https://here.example/s/1.1.abc',
  ])
    expect(read(address), address).toBeUndefined();
});
