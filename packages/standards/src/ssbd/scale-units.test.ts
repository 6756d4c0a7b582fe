import { expect, test } from 'vitest';
import { readInterval, readScale } from './scale-units.ts';

const um = (value: number) => ({ value, unit: 'micrometer' });

test.each([
  ['XY: 0.105 micrometer/pixel, Z: 0.5 micrometer/slice', { x: um(0.105), y: um(0.105), z: um(0.5) }],
  ['X: 0.1 µm, Y: 0.2 µm', { x: um(0.1), y: um(0.2) }],
  ['0.1 x 0.1 x 0.5 µm', { x: um(0.1), y: um(0.1), z: um(0.5) }],
  ['65 nm', { x: { value: 65, unit: 'nanometer' }, y: { value: 65, unit: 'nanometer' } }],
  ['XYZ: 0.1 0.1 0.5', {}],
  ['NA', {}],
  ['1 pixel', {}],
  ['0,1 µm', {}],
  ['0.1 µm or 0.2 µm', {}],
  ['', {}],
])('the scale “%s”', (text, scale) => {
  expect(readScale(text)).toEqual(scale);
});

test.each([
  ['40 second for each time interval', { value: 40, unit: 'second' }],
  ['every 10 minutes', { value: 10, unit: 'minute' }],
  ['5 min', { value: 5, unit: 'minute' }],
  ['5', undefined],
  ['1 frame', undefined],
  ['NA', undefined],
  ['5 min, then 10 min', undefined],
])('the time between frames “%s”', (text, step) => {
  expect(readInterval(text)).toEqual(step);
});
