import { expect, test } from 'vitest';
import { nd2PixelType } from './reader.ts';

test('values of 32 bits are floats unless the file says that they are whole numbers', () => {
  expect([0, 3].map((stated) => nd2PixelType(32, stated))).toEqual(['float32', 'float32']);
  expect(nd2PixelType(32, 1)).toBe('uint32');
  expect([8, 16, 12].map((bits) => nd2PixelType(bits, 1))).toEqual(['uint8', 'uint16', undefined]);
});
