import { expect, test } from 'vitest';
import { wantedChannels } from './rendering.ts';

test('channels are read as OMERO.web writes them', () => {
  expect(wantedChannels('1|0:255$FF0000,-2|1:9$00FF00,3', 3)).toEqual([
    { index: 0, window: { start: 0, end: 255 }, color: 'FF0000' },
    { index: 2 },
  ]);
  expect(wantedChannels('1|-5:5.5$cool.lut', 1)).toEqual([{ index: 0, window: { start: -5, end: 5.5 } }]);
  expect(wantedChannels('9', 3)).toEqual([]);
  for (const wrong of ['', 'a', '1|x:y', '1|.:.', '1;2']) expect(wantedChannels(wrong, 3)).toBeUndefined();
});
