import { expect, it } from 'vitest';
import { pictureOf } from './plane-picture.ts';

it('stretches the contrast of a grey plane and keeps which pixel is where', () => {
  const data = Uint16Array.from([100, 200, 300, 400, 500, 600]);
  const picture = pictureOf({ width: 3, height: 2, samples: 1, type: 'uint16', data }, 3, 2);
  const grey = [0, 4, 8, 12, 16, 20].map((at) => picture.rgba[at]);
  expect(grey).toEqual([0, 51, 102, 153, 204, 255]);
  expect(picture.rgba[3]).toBe(255);
});

it('leaves the colours of an 8-bit picture as they are, and thins out what is too large', () => {
  const data = Uint8Array.from([10, 20, 30, 40, 50, 60]);
  const colour = pictureOf({ width: 2, height: 1, samples: 3, type: 'uint8', data }, 2, 1);
  expect([...colour.rgba]).toEqual([10, 20, 30, 255, 40, 50, 60, 255]);
  const wide = pictureOf(
    { width: 4096, height: 8, samples: 1, type: 'uint8', data: new Uint8Array(4096 * 8) },
    4096,
    8,
  );
  expect([wide.width, wide.height, wide.fullWidth]).toEqual([1024, 2, 4096]);
});

it('draws a flat plane and one of NaN without dividing by zero', () => {
  const flat = pictureOf({ width: 2, height: 1, samples: 1, type: 'uint8', data: new Uint8Array([7, 7]) }, 2, 1);
  expect([...flat.rgba]).toEqual([0, 0, 0, 255, 0, 0, 0, 255]);
  const none = pictureOf(
    { width: 1, height: 1, samples: 1, type: 'float32', data: new Float32Array([Number.NaN]) },
    1,
    1,
  );
  expect(none.rgba[0]).toBe(0);
});
